"""Which words articles are made of, and which the page around them: log odds, learned, of words and pairs of words.

The words themselves are not in the model, only a number under the hash of each; a word counts once a site, so that
no site's topics weigh. Two words that share a hash share a number.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.cleaner.blocks.columns import Floats, table
from services.cleaner.blocks.context import STEPS, around, window_means
from services.cleaner.blocks.words import Words

WORD_BITS, PAIR_BITS = 17, 18
SCALE = 16  # of a number in the table to a unit of log odds: ±8 fit into a byte
_REACHES = (2, 5, 12)
NAMES: tuple[str, ...] = (
    *("odds of words", "least odds", "most odds", "odds of pairs", "least pair", "sum of odds"),
    *(f"odds ±{reach}" for reach in _REACHES),
    *(f"odds of words {step:+}" for step in STEPS),
)
_OWN = 6
_PAIR_FACTOR = np.uint64(0x9E3779B97F4A7C15)  # Knuth's multiplicative hash


@dataclass(frozen=True, slots=True)
class Lexicon:
    """``words``, ``pairs``: the numbers by hash."""

    words: NDArray[np.int8]
    pairs: NDArray[np.int8]

    @classmethod
    def load(cls, arrays: Mapping[str, NDArray[np.generic]]) -> Lexicon:
        return cls(arrays["lexicon_words"].astype(np.int8), arrays["lexicon_pairs"].astype(np.int8))

    @classmethod
    def empty(cls) -> Lexicon:
        return cls(np.zeros(2**WORD_BITS, np.int8), np.zeros(2**PAIR_BITS, np.int8))

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        return {"lexicon_words": self.words, "lexicon_pairs": self.pairs}

    def measure(self, words: Words) -> Floats:
        """A row a block, a column each of :data:`NAMES`."""
        return self.measure_hashes(*hash_words(words))

    def measure_hashes(self, hashes: NDArray[np.uint32], counts: NDArray[np.int64]) -> Floats:
        """The same from the hashes of all words, one block behind the other, and each block's number of them."""
        own = self._own(hashes, counts)
        total = own[:, 5].astype(np.float64)
        means = window_means(total, counts, _REACHES)
        return table([own.T, *means, around([own[:, 0]])])

    def _own(self, hashes: NDArray[np.uint32], counts: NDArray[np.int64]) -> Floats:
        out = np.zeros((len(counts), _OWN), np.float32)
        filled = np.flatnonzero(counts)
        if not len(filled):
            return out
        starts = (np.cumsum(counts) - counts)[filled]
        own = self.words[hashes & np.uint32(2**WORD_BITS - 1)].astype(np.int32)
        pair = np.zeros(len(hashes), np.int32)
        pair[:-1] = self.pairs[pair_hashes(hashes)]
        pair[np.cumsum(counts)[filled] - 1] = 0  # the last word of a block makes no pair with the next block
        total = np.add.reduceat(own, starts)
        out[filled, 0] = total / counts[filled] / SCALE
        out[filled, 1] = np.minimum.reduceat(own, starts) / SCALE
        out[filled, 2] = np.maximum.reduceat(own, starts) / SCALE
        out[filled, 3] = np.add.reduceat(pair, starts) / counts[filled] / SCALE
        out[filled, 4] = np.minimum.reduceat(pair, starts) / SCALE
        out[filled, 5] = total / SCALE
        return out


def hash_words(words: Words) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """The hash of each word, one text behind the other, and how many each text has."""
    known = np.array([zlib.crc32(word.encode()) for word in words.known], np.uint32)
    return known[words.numbers], words.counts


def pair_hashes(hashes: NDArray[np.uint32]) -> NDArray[np.int64]:
    """The hash of each word with the one behind it."""
    wide = hashes.astype(np.uint64)
    mixed = (wide[:-1] * np.uint64(31) + wide[1:]) * _PAIR_FACTOR
    return (mixed >> np.uint64(64 - PAIR_BITS)).astype(np.int64)
