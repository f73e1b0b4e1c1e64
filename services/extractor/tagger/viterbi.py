"""The best row of labels in which nothing goes on that has not begun."""

import numpy as np
from numpy.typing import NDArray

from services.extractor.tagger.pieces import Ints

Floats = NDArray[np.float32]

_NEVER = -1e9


def best_rows(scores: Floats) -> Ints:
    """For each row (rows × length × labels, log scores) the best labels: 0 is outside, then B and I of each role.

    An I may only follow the B or I of its role. Where the best label of each piece alone keeps to that, it is the
    best row; only the others are searched.
    """
    rows: Ints = scores.argmax(-1).astype(np.int64)
    going_on = (rows > 0) & (rows % 2 == 0)
    before = np.zeros_like(rows)
    before[:, 1:] = rows[:, :-1]
    broken = (going_on & (before != rows) & (before != rows - 1)).any(-1)
    for n in np.flatnonzero(broken):
        rows[n] = _search(scores[n])
    return rows


def _search(scores: Floats) -> list[int]:
    """Plain loops: the arrays of one step are too small for numpy to be worth a call."""
    labels = range(scores.shape[1])
    steps = scores.tolist()
    best = [score if label % 2 or not label else _NEVER for label, score in enumerate(steps[0])]
    back: list[list[int]] = []
    for step in steps[1:]:
        top = max(labels, key=best.__getitem__)
        # An I comes from the B or the I of its role, all else from wherever is best.
        origin = [
            (label if best[label] > best[label - 1] else label - 1) if label and not label % 2 else top
            for label in labels
        ]
        best = [best[origin[label]] + step[label] for label in labels]
        back.append(origin)
    row = [max(labels, key=best.__getitem__)]
    for origin in reversed(back):
        row.append(origin[row[-1]])
    return row[::-1]


def runs(row: Ints, begin: int) -> list[tuple[int, int]]:
    """The stretches of the role whose B is `begin`, as first and last index, both inclusive."""
    found: list[tuple[int, int]] = []
    for i in np.flatnonzero((row == begin) | (row == begin + 1)).tolist():
        if found and found[-1][1] == i - 1 and row[i] != begin:
            found[-1] = (found[-1][0], i)
        else:
            found.append((i, i))
    return found
