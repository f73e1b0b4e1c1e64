"""When a deploy is broken, a topic must not drain into the dead letters: past a limit the stage stops.

The idea of a limit in a row and in ratio is Arroyo's ``DlqLimit``.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from itertools import repeat

from shared.errors import DeadLetterLimit

IN_A_ROW = 50  # a burst from one broken page template is a handful; fifty different articles in a row are not
WINDOW = 400  # records over which the ratio is taken
RATIO = 0.5


class DeadLetterLimiter:
    """Looks at verdicts *before* they are acted upon, and remembers those that were.

    A batch that comes again because a dependency was away must not count twice: ``check`` changes nothing,
    ``take`` is called when the offsets are committed.
    """

    def __init__(self, in_a_row: int = IN_A_ROW, window: int = WINDOW, ratio: float = RATIO) -> None:
        self._in_a_row, self._ratio = in_a_row, ratio
        self._row = 0
        self._window: deque[bool] = deque(maxlen=window)

    def check(self, verdicts: Iterable[bool]) -> None:
        """Raise DeadLetterLimit if giving up these records (True: dead) too would pass the limit."""
        row, dead = self._row, sum(self._window)
        window = deque(self._window, self._window.maxlen)
        for verdict in verdicts:
            full = len(window) == window.maxlen
            if verdict and row >= self._in_a_row:
                raise DeadLetterLimit(f"{row} dead letters in a row")
            if verdict and full and dead >= self._ratio * len(window):
                raise DeadLetterLimit(f"{dead} dead letters among the last {len(window)} records")
            dead += verdict - (window[0] if full else 0)
            window.append(verdict)
            row = row + 1 if verdict else 0

    def take_good(self, number: int) -> None:
        """Remember so many records of which none was given up."""
        if number:
            self._row = 0
            self._window.extend(repeat(False, number))

    def take(self, verdicts: Iterable[bool]) -> None:
        """Remember verdicts that were acted upon."""
        for verdict in verdicts:
            self._row = self._row + 1 if verdict else 0
            self._window.append(verdict)
