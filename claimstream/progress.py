"""How far a run is: on a terminal one line that is redrawn, elsewhere a line when there is something to wait for."""

from __future__ import annotations

import shutil
import sys
import time

from claimstream.how_far import Progress

# A pause that long is worth a word: a host's crawl delay is a second, a person's patience is not much more.
LONG_SECONDS = 3.0
REPEAT_SECONDS = 30.0  # where lines stay: between two about the same host


class ProgressLine:
    """A context manager; :meth:`show` redraws the line. ``last`` is what was shown last."""

    def __init__(self, *, enabled: bool) -> None:
        self._enabled = enabled
        self._terminal = sys.stderr.isatty()
        self._shown = ""
        self._said: dict[str, float] = {}
        self.last: Progress | None = None

    def __enter__(self) -> ProgressLine:
        return self

    def __exit__(self, *_: object) -> None:
        self.clear()

    def clear(self) -> None:
        """Remove the line, before something else is printed."""
        if self._shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
            self._shown = ""

    async def show(self, progress: Progress) -> None:
        self.last = progress
        if not self._enabled:
            return
        if self._terminal:
            self._redraw(progress)
        else:
            self._say(progress)

    def _redraw(self, progress: Progress) -> None:
        fates = ", ".join(f"{number} {fate}" for fate, number in sorted(progress.fates.items()))
        feeds = f", {progress.feeds_waiting} feeds to poll" if progress.feeds_waiting else ""
        line = f"{progress.visits} visits: {fates or 'none done'}, {progress.open} open{feeds}"
        if (waits := waiting_for(progress)) is not None:
            line += f"; {waits}"
        line = line[: shutil.get_terminal_size().columns - 1]  # a line that wraps cannot be redrawn
        if line != self._shown:
            sys.stderr.write(f"\r\x1b[K{line}")
            sys.stderr.flush()
            self._shown = line

    def _say(self, progress: Progress) -> None:
        waits = waiting_for(progress)
        host = progress.queue.host
        now = time.monotonic()
        if waits is None or now - self._said.get(host, -REPEAT_SECONDS) < REPEAT_SECONDS:
            return
        self._said[host] = now
        print(f"{waits}; Ctrl-C ends, and the same command goes on later", file=sys.stderr, flush=True)


def waiting_for(progress: Progress) -> str | None:
    """``waiting 42 s for 127.0.0.1:8080, which has not answered 2 times``; None: there is no long wait."""
    queue = progress.queue
    if progress.offline or progress.busy or not queue.queued or queue.seconds < LONG_SECONDS:
        return None
    why = f", where {queue.tries} requests failed" if queue.tries else ""
    return f"waiting {queue.seconds:.0f} s for {queue.host}{why}"
