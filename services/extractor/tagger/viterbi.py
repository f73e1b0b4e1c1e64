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
    """Plain lists: the arrays of one step are too small for numpy to be worth a call."""
    steps = scores.tolist()
    begins = range(1, len(steps[0]), 2)
    best = [_NEVER if label and not label % 2 else score for label, score in enumerate(steps[0])]
    back: list[list[int]] = []
    for step in steps[1:]:
        # An I comes from the B or the I of its role, all else from wherever is best.
        most = max(best)
        top = best.index(most)
        origin = [top] * len(step)
        following = [most + score for score in step]
        for b in begins:
            began, went_on = best[b], best[b + 1]
            if went_on > began:
                origin[b + 1], following[b + 1] = b + 1, went_on + step[b + 1]
            else:
                origin[b + 1], following[b + 1] = b, began + step[b + 1]
        best = following
        back.append(origin)
    row = [best.index(max(best))]
    for origin in reversed(back):
        row.append(origin[row[-1]])
    return row[::-1]


def runs(rows: Ints, begin: int) -> list[list[tuple[int, int]]]:
    """Of each row the stretches of the role whose B is `begin`, as first and last index, both inclusive."""
    inside = (rows == begin) | (rows == begin + 1)
    starts, ends = inside.copy(), inside.copy()
    starts[:, 1:] &= (rows[:, 1:] == begin) | ~inside[:, :-1]
    ends[:, :-1] &= starts[:, 1:] | ~inside[:, 1:]
    found: list[list[tuple[int, int]]] = [[] for _ in rows]
    row, first = np.nonzero(starts)
    for n, one, other in zip(row.tolist(), first.tolist(), np.nonzero(ends)[1].tolist(), strict=True):
        found[n].append((one, other))
    return found
