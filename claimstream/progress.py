"""One line of progress on a terminal; nothing where standard error is no terminal."""

from __future__ import annotations

import sys

from claimstream.oneprocess import Progress


class ProgressLine:
    """A context manager; :meth:`show` redraws the line."""

    def __init__(self, *, enabled: bool) -> None:
        self._enabled = enabled and sys.stderr.isatty()
        self._shown = ""

    def __enter__(self) -> ProgressLine:
        return self

    def __exit__(self, *_: object) -> None:
        if self._shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    async def show(self, progress: Progress) -> None:
        if not self._enabled:
            return
        fates = ", ".join(f"{number} {fate}" for fate, number in sorted(progress.fates.items()))
        feeds = f", {progress.feeds_waiting} feeds to poll" if progress.feeds_waiting else ""
        line = f"{progress.visits} visits: {fates or 'none done'}, {progress.open} open{feeds}"
        if line != self._shown:
            sys.stderr.write(f"\r\x1b[K{line}")
            sys.stderr.flush()
            self._shown = line
