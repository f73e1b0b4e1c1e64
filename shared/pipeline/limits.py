"""When a deploy is broken, a topic must not drain into the dead letters: past a limit the stage stops.

The idea of a limit in a row and in ratio is Arroyo's ``DlqLimit``.
"""

from __future__ import annotations

from collections import deque

from shared.errors import DeadLetterLimit

IN_A_ROW = 50  # a burst from one broken page template is a handful; fifty different articles in a row are not
WINDOW = 400  # records over which the ratio is taken
RATIO = 0.5


class DeadLetterLimiter:
    """Counts verdicts; raises DeadLetterLimit *before* the record past the limit is given up."""

    def __init__(self, in_a_row: int = IN_A_ROW, window: int = WINDOW, ratio: float = RATIO) -> None:
        self._in_a_row, self._ratio = in_a_row, ratio
        self._row = 0
        self._window: deque[bool] = deque(maxlen=window)

    def count(self, dead: bool) -> None:
        """Take one verdict into account."""
        if not dead:
            self._row = 0
            self._window.append(False)
            return
        if self._row >= self._in_a_row:
            raise DeadLetterLimit(f"{self._row} dead letters in a row")
        full = len(self._window) == self._window.maxlen
        if full and sum(self._window) >= self._ratio * len(self._window):
            raise DeadLetterLimit(
                f"{sum(self._window)} dead letters among the last {len(self._window)} records"
            )
        self._row += 1
        self._window.append(True)
