"""The lexicon, learned: naive Bayes over words and pairs, each counted once a site and side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.cleaner.blocks.lexicon import PAIR_BITS, SCALE, WORD_BITS, Lexicon, pair_hashes

_SMOOTHING = 1.0
_FEWEST_SITES = 3  # a word of fewer sites says more of them than of articles


@dataclass(frozen=True, slots=True)
class SiteWords:
    """Of one site: the different hashes of words and pairs on either side."""

    fold: int
    inside: tuple[NDArray[np.int64], NDArray[np.int64]]
    outside: tuple[NDArray[np.int64], NDArray[np.int64]]


def site_words(
    pages: Sequence[tuple[NDArray[np.uint32], NDArray[np.int64], NDArray[np.bool_]]], fold: int
) -> SiteWords:
    """``pages``: the hashes of a page's words, each block's number of them, each block's label."""
    sides = []
    for side in (True, False):
        words, pairs = [], []
        for hashes, counts, label in pages:
            if not len(hashes):
                continue
            owner = np.repeat(np.arange(len(counts)), counts)
            keep = label[owner] == side
            words.append((hashes & np.uint32(2**WORD_BITS - 1)).astype(np.int64)[keep])
            together = keep[:-1] & (owner[1:] == owner[:-1])
            pairs.append(pair_hashes(hashes)[together])
        sides.append(
            tuple(np.unique(np.concatenate([*part, np.zeros(0, np.int64)])) for part in (words, pairs))
        )
    return SiteWords(fold, sides[0], sides[1])  # type: ignore[arg-type]


def learn(sites: Sequence[SiteWords]) -> Lexicon:
    tables = []
    for part, bits in ((0, WORD_BITS), (1, PAIR_BITS)):
        counts = []
        for side in ("inside", "outside"):
            counted = np.zeros(2**bits)
            for site in sites:
                counted[getattr(site, side)[part]] += 1
            counts.append(counted)
        inside, outside = counts
        rates = [(counted + _SMOOTHING) / (counted.sum() + _SMOOTHING * 2**bits) for counted in counts]
        odds = np.log(rates[0] / rates[1])
        odds[np.maximum(inside, outside) < _FEWEST_SITES] = 0
        tables.append(np.clip(np.round(odds * SCALE), -127, 127).astype(np.int8))
    return Lexicon(tables[0], tables[1])
