"""Which blocks are taken, from their chances: an article is a few runs of blocks, not a scatter of single ones.

Each change between article and page costs something, and the way through the page is taken that costs least (Viterbi's
algorithm over two states). A short block counts less than a long one, as in the score that is measured: a label that
is doubtful goes with what stands around it.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log

# What a change costs, in logits of a full-length block. Measured on pages whose sites were left out: without a tree a
# block says less of itself, and its neighbours more.
CHANGE_IN_TREE = 0.15
CHANGE_IN_LINES = 0.3
_FULL = 200  # characters, from which on a block counts in full; with some more for the shortest
_SHORTEST = 20
_SUREST = 0.002  # no chance is nearer to 0 or 1


def taken(lengths: Sequence[int], chances: Sequence[float], change: float) -> list[bool]:
    """For each block, of so many characters and with this chance, whether it is the article's."""
    outside, inside = 0.0, -change
    # For each block: whether the best way to it, outside and inside, comes from inside.
    ways: list[tuple[bool, bool]] = []
    for length, chance in zip(lengths, chances, strict=True):
        sure = min(max(chance, _SUREST), 1 - _SUREST)
        gain = log(sure / (1 - sure)) * min(1.0, (length + _SHORTEST) / _FULL)
        ways.append((inside - change > outside, inside >= outside - change))
        outside, inside = max(outside, inside - change), max(inside, outside - change) + gain
    found = []
    at = inside - change > outside  # the end of the page is a change too
    for way in reversed(ways):
        found.append(at)
        at = way[at]
    return found[::-1]
