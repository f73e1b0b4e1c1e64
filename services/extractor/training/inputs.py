"""A micro-batch as arrays: what the encoder reads, what the heads should answer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from services.extractor.tagger.context import context
from services.extractor.tagger.labels import PAIR_B_CONTENT, PAIR_B_SOURCE
from services.extractor.tagger.pieces import Ints
from services.extractor.tagger.wordpiece import WordPiece
from services.extractor.training.articles import Gold
from services.extractor.training.batches import MicroBatch, Window

MASKED = 0.05  # of the pieces: the encoder shall not lean on single words
IGNORE = -100


@dataclass(frozen=True, slots=True)
class Encoded:
    """Windows × length. `tags` is IGNORE where there is nothing to learn."""

    ids: Ints
    case: Ints
    quote: Ints
    boundary: Ints
    mask: np.ndarray  # True where there is a piece
    tags: Ints


@dataclass(frozen=True, slots=True)
class Candidate:
    """A cue of a window, true or not. Positions count from the window's start mark; `first`, `last` inclusive."""

    window: int
    first: int
    last: int
    lo: int  # its context, end exclusive
    hi: int
    labels: Ints  # of the context's pieces
    valid: bool


def encoded(micro: MicroBatch, vocabulary: WordPiece, rng: np.random.Generator | None) -> Encoded:
    """The rows for the encoder, with masked pieces if `rng` is given."""
    shape = (len(micro), max(window.padded for window in micro))
    ids, case, quote, boundary = (np.zeros(shape, dtype=np.int64) for _ in range(4))
    tags = np.full(shape, IGNORE, dtype=np.int64)
    mask = np.zeros(shape, dtype=bool)
    for row, window in enumerate(micro):
        part, size = slice(window.lo, window.hi), window.hi - window.lo
        inner = slice(1, size + 1)
        pieces = window.article.pieces
        ids[row, 0], ids[row, size + 1] = vocabulary.start, vocabulary.end
        ids[row, inner] = pieces.ids[part]
        case[row, inner], quote[row, inner] = pieces.case[part], pieces.quote[part]
        boundary[row, inner] = pieces.boundary[part]
        tags[row, inner] = window.article.tags[part]
        mask[row, : size + 2] = True
        if rng is not None:
            ids[row, inner][rng.random(size) < MASKED] = vocabulary.mask
    return Encoded(ids, case, quote, boundary, mask, tags)


def gold_cues(window: Window) -> list[Gold]:
    """The attributions whose cue lies in the window."""
    return [one for one in window.article.gold if window.lo <= one.cue[0] and one.cue[1] < window.hi]


def candidate(row: int, window: Window, cue: tuple[int, int], gold: Gold | None) -> Candidate:
    """What the second head should say from `cue` (pieces of the article); of a false one, nothing."""
    first, last = cue
    lo, hi = context(window.article.pieces, first, last, window.lo, window.hi)
    labels = np.zeros(hi - lo, dtype=np.int64)
    if gold is not None:
        for role, begin in ((gold.content, PAIR_B_CONTENT), (gold.source, PAIR_B_SOURCE)):
            _mark(labels, role, begin, lo, hi)
    shift = 1 - window.lo
    return Candidate(row, first + shift, last + shift, lo + shift, hi + shift, labels, gold is not None)


def _mark(labels: Ints, role: Ints, begin: int, lo: int, hi: int) -> None:
    inside = role[(role >= lo) & (role < hi)]
    labels[inside - lo] = begin + 1
    starts = inside[np.diff(inside, prepend=-2) > 1]
    labels[starts - lo] = begin
