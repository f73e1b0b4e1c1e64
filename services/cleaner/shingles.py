"""How much two texts have in common: runs of four words, as the benchmark of article extraction counts them
(https://github.com/scrapinghub/article-extraction-benchmark)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_WORD = re.compile(r"\w+")
SHINGLE = 4
# By hash: two runs share one with a chance of one in 10^13 a page, and tuples would be hashed anew each time.
Shingles = Counter[int]


@dataclass(frozen=True, slots=True)
class Score:
    """Of many pages: precision is averaged over those with a text found, recall over those with one marked."""

    f1: float
    precision: float
    recall: float


def words_of(text: str) -> list[str]:
    return _WORD.findall(text)


def shingles(words: Sequence[str]) -> Shingles:
    """The multiset of the runs of four words; a shorter text is one run."""
    if not words:
        return Counter()
    if len(words) < SHINGLE:
        return Counter([hash(tuple(words))])
    return Counter(map(hash, zip(*(words[i:] for i in range(SHINGLE)), strict=False)))


def shared(a: Shingles, b: Shingles) -> float:
    """F1 of one with the other; 1 where both are empty."""
    total = a.total() + b.total()
    return 2 * _common(a, b) / total if total else 1.0


def _common(a: Shingles, b: Shingles) -> int:
    both = a.keys() & b.keys()
    return sum(map(min, map(a.__getitem__, both), map(b.__getitem__, both)))


def benchmark(pairs: Iterable[tuple[str, str]]) -> Score:
    """The benchmark's figures of (marked, found) texts, a pair a page."""
    precisions, recalls = [], []
    for marked, found in pairs:
        wanted, given = shingles(words_of(marked)), shingles(words_of(found))
        both = _common(wanted, given)
        if given:
            precisions.append(both / given.total())
        if wanted:
            recalls.append(both / wanted.total())
    precision = sum(precisions) / len(precisions) if precisions else 0.0
    recall = sum(recalls) / len(recalls) if recalls else 0.0
    return Score(
        2 * precision * recall / (precision + recall) if precision + recall else 0.0, precision, recall
    )
