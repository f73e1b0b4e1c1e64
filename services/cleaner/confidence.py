"""How far a page's extraction is to be trusted: a chance, learned from pages whose article is known.

Two things tell of a failure before anybody reads the text: another extractor finds another article, and the
classifier was unsure of the blocks that it took or left. Little text is a third: lists and notices are short.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from services.cleaner.blocks.classifier import Judged

SIGNS = ("agreement", "expected score", "undecided", "brevity", "one")
_UNSURE = (0.2, 0.8)
_SHORT_WORDS = 300  # from here on, length says nothing more


def signs_of(judged: Sequence[Judged], chosen: float, agreement: float) -> NDArray[np.float64]:
    """The values of :data:`SIGNS`. ``chosen``: the chance above which a block is taken; ``agreement``: of the text
    with the second opinion, from 0 to 1."""
    chances = np.array([block.chance for block in judged], np.float64)
    chars = np.array([len(block.text) for block in judged], np.float64)
    taken = chances > chosen
    size = float(chars[taken].sum())
    right = float((chances * chars)[taken].sum())
    all_right = float((chances * chars).sum())
    expected = 2 * right / (size + all_right) if size else 0.0
    unsure = float(chars[(chances > _UNSURE[0]) & (chances < _UNSURE[1])].sum()) / max(1.0, size)
    words = sum(block.text.count(" ") + 1 for block, take in zip(judged, taken, strict=True) if take)
    return np.array([agreement, expected, min(1.0, unsure), 1 - min(words, _SHORT_WORDS) / _SHORT_WORDS, 1.0])


def confidence_of(signs: NDArray[np.float64], weights: NDArray[np.float64]) -> float:
    """From 0 to 1, to two decimals: the chance that the page's score is at least .8."""
    return round(float(1 / (1 + np.exp(-np.clip(signs @ weights, -30, 30)))), 2)
