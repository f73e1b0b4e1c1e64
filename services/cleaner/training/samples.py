"""A marked page as the trainer sees it, and what one sample costs."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.cleaner.blocks.columns import Floats
from services.cleaner.blocks.lexicon import NAMES as ODDS
from services.cleaner.blocks.lexicon import Lexicon, hash_words
from services.cleaner.blocks.lines import measure_lines
from services.cleaner.blocks.structure import measure_page
from services.cleaner.blocks.walk import walk
from services.cleaner.blocks.words import split_words
from services.cleaner.body import parse
from services.cleaner.shingles import words_of
from services.cleaner.training.corpus import MarkedPage
from services.cleaner.training.labels import label_blocks

_ODDS = len(ODDS)


@dataclass(frozen=True, slots=True)
class Sample:
    """One page: ``rows`` measured blocks whose last columns, the lexicon's, are filled in :meth:`with_lexicon`;
    ``groups`` for the second look; ``hashes`` and ``counts`` of the words; ``label`` and ``weight`` a block."""

    rows: Floats
    groups: list[NDArray[np.int64]]
    hashes: NDArray[np.uint32]
    counts: NDArray[np.int64]
    label: NDArray[np.bool_]
    weight: NDArray[np.float64]
    host: str
    fold: int

    def with_lexicon(self, lexicon: Lexicon) -> Floats:
        rows = self.rows.copy()
        if len(rows):
            rows[:, -_ODDS:] = lexicon.measure_hashes(self.hashes, self.counts)
        return rows


def weights(words: NDArray[np.int64], article_words: int, times: float) -> NDArray[np.float64]:
    """A block weighs what it is worth in its page's score, and a little more, so that short ones are learned."""
    return times * 100 * np.minimum(1.0, (words + 4) / (article_words + 150))


@dataclass(frozen=True, slots=True)
class Prepared:
    """A marked page measured both ways: as a tree, and as plain lines. Of lines there are several samples: those of
    the whole page; of the article with what stands right beside it, as people copy it; of many, the article alone."""

    html: str
    texts: list[str]
    article: str
    tree: Sample
    lines: list[Sample]


def prepare(page: MarkedPage, times: float) -> Prepared:
    """Cut, aligned and measured. ``times``: how much the page weighs."""
    walked = walk(parse(page.html))
    texts = [block.text for block in walked.blocks]
    label = label_blocks(texts, page.article)
    words = np.array([len(words_of(text)) for text in texts], np.int64)
    weight = weights(words, len(words_of(page.article)), times)
    rows, groups = measure_page(walked, Lexicon.empty())
    about = (page.host or "", page.fold if page.fold is not None else -1)
    tree = Sample(rows, groups, *hash_words(split_words(texts)), label, weight, *about)

    def of_lines(chosen: NDArray[np.int64], share: float) -> Sample:
        lines = [texts[i] for i in chosen]
        measured = measure_lines(lines, Lexicon.empty())
        return Sample(
            *measured, *hash_words(split_words(lines)), label[chosen], weight[chosen] * share, *about
        )

    lines = [of_lines(np.arange(len(texts)), 1.0)]
    if label.any():
        drawn = zlib.crc32(page.key.encode())  # differs from page to page, and not from run to run
        first, last = np.flatnonzero(label)[[0, -1]]
        copied = np.arange(max(0, first - 2 - drawn % 5), min(len(texts), last + 3 + drawn % 7))
        lines.append(of_lines(copied, 0.5))
        if drawn % 2:
            lines.append(of_lines(np.flatnonzero(label), 0.5))
    return Prepared(page.html, texts, page.article, tree, lines)
