"""Whether the second reader is asked at all: not while it keeps failing, and not more often than it may cost."""

from __future__ import annotations

from collections import deque

from shared.clock import Clock

FAILURES = 5  # in a row; one page that is slow to answer must not stop the questions of all others
FIRST_SECONDS = 30.0
LONGEST_SECONDS = 600.0
LONGEST_RETRY_AFTER = 3_600.0  # an endpoint may ask for any time; after an hour it is tried again
HOUR = 3_600.0


class Circuit:
    """Opens after failures in a row, for twice as long each time; then one question tries whether it works again."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._failures = 0
        self._pause = FIRST_SECONDS
        self._open_until: float | None = None
        self._trying = False

    @property
    def is_open(self) -> bool:
        return self._open_until is not None

    def allows(self) -> bool:
        """Whether a question may be asked now. Who got a yes says how it ended, once."""
        if self._open_until is None:
            return True
        if self._trying or self._clock.monotonic() < self._open_until:
            return False
        self._trying = True
        return True

    def succeeded(self) -> None:
        """Closes it, but for an answer to a question from before it opened: that one is no news."""
        if self._open_until is None or self._trying:
            self._failures, self._pause, self._open_until, self._trying = 0, FIRST_SECONDS, None, False

    def failed(self, retry_after: float = 0.0) -> None:
        """``retry_after``: seconds for which the endpoint asked not to be asked; it opens at once then."""
        if self._open_until is not None and not self._trying:
            return
        self._failures += 1
        if not self._trying and not retry_after and self._failures < FAILURES:
            return
        pause = max(self._pause, min(retry_after, LONGEST_RETRY_AFTER))
        self._open_until = self._clock.monotonic() + pause
        self._pause = min(2 * self._pause, LONGEST_SECONDS)
        self._trying = False

    def forgotten(self) -> None:
        """The question was given up for reasons of ours: the next one tries."""
        self._trying = False


class Budget:
    """Calls of any sixty minutes, of this process."""

    def __init__(self, calls: int, clock: Clock) -> None:
        self._calls = calls
        self._clock = clock
        self._taken: deque[float] = deque()

    def take(self) -> bool:
        """Whether one more may be made; it counts then."""
        now = self._clock.monotonic()
        while self._taken and self._taken[0] <= now - HOUR:
            self._taken.popleft()
        if len(self._taken) >= self._calls:
            return False
        self._taken.append(now)
        return True
