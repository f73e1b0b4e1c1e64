"""Which blocks of a page are its article's, by aligning them with the text that people marked.

Long common runs of words are found first, in the order of both texts; a short block between two that were found is
the article's if its words stand in the article between theirs. What is left is decided by the metric itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

import numpy as np
from numpy.typing import NDArray

from services.cleaner.shingles import SHINGLE, shared, shingles, words_of

_WELL_ALIGNED = 0.99
_MOST_TRIED = 50
_ENOUGH = 0.5  # of a block's words are the article's


def label_blocks(texts: Sequence[str], gold: str) -> NDArray[np.bool_]:
    """True for each block that is the article's."""
    if not texts:
        return np.zeros(0, bool)
    block_words = [[word.casefold() for word in words_of(text)] for text in texts]
    page = [(word, i) for i, found in enumerate(block_words) for word in found]
    words, owner = [word for word, _ in page], [i for _, i in page]
    wanted = [word.casefold() for word in words_of(gold)]
    at = _aligned(words, wanted)
    hits = np.zeros(len(texts))
    for here, there in enumerate(at):
        hits[owner[here]] += there >= 0
    counts = np.array([len(found) for found in block_words])
    label = (counts > 0) & (hits >= _ENOUGH * np.maximum(1, counts)) & (hits > 0)
    return _improve(label, texts, gold)


def _aligned(words: list[str], wanted: list[str]) -> list[int]:
    """For each word of the page its place in the article, or -1."""
    at = [-1] * len(words)
    runs, targets = _runs(words), _runs(wanted)
    matcher = SequenceMatcher(None, runs, targets, autojunk=False)
    blocks = [match for match in matcher.get_matching_blocks() if match.size]
    here = there = 0
    for match in [*blocks, None]:
        next_here, next_there = (match.a, match.b) if match else (len(words), len(wanted))
        if next_there > there and next_here > here:
            gap = SequenceMatcher(
                None, words[here:next_here][:2000], wanted[there:next_there][:2000], autojunk=False
            )
            if next_there - there <= 400:
                for found in gap.get_matching_blocks():
                    for i in range(found.size):
                        at[here + found.a + i] = there + found.b + i
        if match:
            here, there = match.a + match.size + SHINGLE - 1, match.b + match.size + SHINGLE - 1
            for i in range(match.size + SHINGLE - 1):
                at[match.a + i] = match.b + i
    return at


def _runs(words: list[str]) -> list[tuple[str, ...]]:
    return list(zip(*(words[i:] for i in range(SHINGLE)), strict=False))


def _improve(label: NDArray[np.bool_], texts: Sequence[str], gold: str) -> NDArray[np.bool_]:
    """Flip single blocks as long as the page's score rises."""
    target = shingles(words_of(gold))
    words = [words_of(text) for text in texts]

    def score(chosen: NDArray[np.bool_]) -> float:
        return shared(shingles([w for i in np.flatnonzero(chosen) for w in words[i]]), target)

    label = label.copy()
    best = score(label)
    if best > _WELL_ALIGNED:
        return label
    edge = np.convolve(label, np.ones(5))[2 : 2 + len(label)] > 0
    candidates = [i for i in np.flatnonzero(edge) if 0 < len(words[i]) <= 40]
    for i in candidates[:_MOST_TRIED]:
        label[i] = not label[i]
        flipped = score(label)
        if flipped > best + 1e-9:
            best = flipped
        else:
            label[i] = not label[i]
    return label
