"""The words of many texts at once: each different one is looked at once, however often the page has it.

A word is a run of letters and digits; an apostrophe within one belongs to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from services.cleaner.blocks.characters import code_points, which

_SPACE = ord(" ")
_APOSTROPHES = (ord("'"), ord("’"))


@dataclass(frozen=True)
class Words:
    """``known``: each different word, in lower case and in the order in which they first stand; ``numbers``: those of
    all words among them, one text behind the other; ``counts``: how many each text has."""

    known: list[str]
    numbers: NDArray[np.intp]
    counts: NDArray[np.int64]

    @classmethod
    def of(cls, words: Iterable[str], counts: Sequence[int] | NDArray[np.int64]) -> Words:
        found = list(words)
        known = list(dict.fromkeys(found))
        number = dict(zip(known, range(len(known)), strict=True))
        numbers = np.fromiter(map(number.__getitem__, found), np.intp, len(found))
        return cls(known, numbers, np.asarray(counts, np.int64))

    @cached_property
    def rows(self) -> NDArray[np.intp]:
        """The number of the text of each word."""
        return np.repeat(np.arange(len(self.counts)), self.counts)

    @cached_property
    def pairs(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """(text, word), each once."""
        size = max(1, len(self.known))
        # numpy's own way to the different ones takes four times as long for so few.
        every = np.sort(self.rows * size + self.numbers)
        once = every[np.diff(every, prepend=-1) > 0]
        return once // size, once % size

    def marked(self, wanted: Set[str]) -> NDArray[np.bool_]:
        """Of each different word, whether it is wanted."""
        return np.fromiter(map(wanted.__contains__, self.known), np.bool_, len(self.known))

    def count(self, marked: NDArray[np.bool_]) -> NDArray[np.int64]:
        """How many words of each text are ``marked``, as often as they stand there."""
        return np.bincount(self.rows[marked[self.numbers]], minlength=len(self.counts))

    def count_once(self, marked: NDArray[np.bool_]) -> NDArray[np.int64]:
        """The same of its different words."""
        row, word = self.pairs
        return np.bincount(row[marked[word]], minlength=len(self.counts))

    def longest(self) -> NDArray[np.int64]:
        """The length of each text's longest word; 0 where it has none."""
        lengths = np.fromiter(map(len, self.known), np.int64, len(self.known))[self.numbers]
        found = np.zeros(len(self.counts), np.int64)
        filled = np.flatnonzero(self.counts)
        if len(filled):
            found[filled] = np.maximum.reduceat(lengths, (np.cumsum(self.counts) - self.counts)[filled])
        return found


def split_words(texts: Sequence[str]) -> Words:
    """The words of each text."""
    lowered = [text.lower() for text in texts]
    joined = " ".join(lowered)
    points = code_points(joined)
    letters = which(str.isalnum, joined, points)
    within = letters.copy()
    marks = np.flatnonzero((points == _APOSTROPHES[0]) | (points == _APOSTROPHES[1]))
    marks = marks[(marks > 0) & (marks < len(points) - 1)]
    within[marks] = letters[marks - 1] & letters[marks + 1]
    starts = np.flatnonzero(within & ~np.concatenate(([False], within[:-1])))
    ends = np.cumsum([len(text) + 1 for text in lowered], dtype=np.int64)
    counts = np.diff(np.searchsorted(starts, ends), prepend=0)
    spaced = np.where(within, points, _SPACE).astype(np.uint32)
    return Words.of(spaced.tobytes().decode("utf-32-le").split(), counts)
