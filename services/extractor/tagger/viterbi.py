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
    before = np.pad(rows, ((0, 0), (1, 0)))[:, :-1]
    broken = (going_on & (before != rows) & (before != rows - 1)).any(-1)
    for n in np.flatnonzero(broken):
        rows[n] = _search(scores[n])
    return rows


def _search(scores: Floats) -> Ints:
    length, labels = scores.shape
    moves = np.zeros((labels, labels))  # from, to
    for label in range(2, labels, 2):
        moves[:, label] = _NEVER
        moves[[label - 1, label], label] = 0.0
    best = scores[0].astype(np.float64)
    best[2::2] += _NEVER
    back = np.zeros((length, labels), dtype=np.int64)
    for i in range(1, length):
        through = best[:, None] + moves
        back[i] = through.argmax(0)
        best = through.max(0) + scores[i]
    row = np.zeros(length, dtype=np.int64)
    row[-1] = best.argmax()
    for i in range(length - 1, 0, -1):
        row[i - 1] = back[i, row[i]]
    return row


def runs(row: Ints, begin: int) -> list[tuple[int, int]]:
    """The stretches of the role whose B is `begin`, as first and last index, both inclusive."""
    inside = (row == begin) | (row == begin + 1)
    starts = inside & ((row == begin) | ~np.pad(inside, (1, 0))[:-1])
    stops = inside & np.pad(starts | ~inside, (0, 1), constant_values=True)[1:]
    return list(zip(np.flatnonzero(starts).tolist(), np.flatnonzero(stops).tolist(), strict=True))
