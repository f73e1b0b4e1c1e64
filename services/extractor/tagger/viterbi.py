"""The best row of labels in which nothing goes on that has not begun."""

import numpy as np
from numpy.typing import NDArray

from services.extractor.tagger.pieces import Ints

Floats = NDArray[np.float32]

_NEVER = -1e9


def best_rows(scores: Floats) -> Ints:
    """For each row (rows × length × labels, log scores) the best labels: 0 is outside, then B and I of each role.

    An I may only follow the B or I of its role. Where the best label of each piece alone keeps to that, it is the
    best row; only the others are searched, where they do not.
    """
    rows: Ints = scores.argmax(-1).astype(np.int64)
    before = np.zeros_like(rows)
    before[:, 1:] = rows[:, :-1]
    broken = _goes_on(rows) & (before != rows) & (before != rows - 1)
    for n in np.flatnonzero(broken.any(-1)):
        rows[n] = _mended(scores[n], rows[n], np.flatnonzero(broken[n]).tolist())
    return rows


def _goes_on(labels: Ints) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = (labels > 0) & (labels % 2 == 0)
    return found


def _mended(scores: Floats, row: Ints, broken: list[int]) -> Ints:
    """The best row, from the best labels alone and where these are not allowed.

    What stands between two edges, each between two labels that are both outside, is searched as if anything stood
    before it. No row is better than its best parts: if they fit together, they are the best row.
    """
    outside = row == 0
    edges = np.flatnonzero(outside[1:] & outside[:-1]) + 1
    mended, done = row.copy(), 0
    for at in broken:
        if at < done:
            continue
        n = int(np.searchsorted(edges, at))
        start = int(edges[n - 1]) if n else 0
        done = int(edges[n]) if n < len(edges) else len(row)
        mended[start:done] = _search(scores[start:done], free=start > 0)
        if start and _goes_on(mended[start]):
            return np.array(_search(scores, free=False))
    return mended


def _search(scores: Floats, *, free: bool) -> list[int]:
    """Plain lists: the arrays of one step are too small for numpy to be worth a call. `free`: the first may go on."""
    steps = scores.tolist()
    begins = range(1, len(steps[0]), 2)
    best = [score if free or label % 2 or not label else _NEVER for label, score in enumerate(steps[0])]
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
