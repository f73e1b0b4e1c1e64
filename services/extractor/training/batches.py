"""Windows of the training articles, drawn anew each epoch and put together by length."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from services.extractor.tagger.windows import LIMIT, cut
from services.extractor.training.articles import Article

MICRO_PIECES = 896  # a micro-batch with its padding: four windows of the full length
MICRO_BATCHES = 4  # a step
PAD_TO = 32  # lengths are multiples of it: few shapes, for which the matrix kernels are compiled once


@dataclass(frozen=True, slots=True)
class Window:
    """Pieces `lo` to `hi` (exclusive) of an article."""

    article: Article
    lo: int
    hi: int

    @property
    def padded(self) -> int:
        """The length with the two marks around it, padded."""
        return -(-(self.hi - self.lo + 2) // PAD_TO) * PAD_TO


MicroBatch = list[Window]


def epoch(articles: list[Article], rng: np.random.Generator) -> list[list[MicroBatch]]:
    """The steps of one epoch. Each article is cut elsewhere than in the last: no place is always at an edge."""
    windows: list[Window] = []
    for article in articles:
        first = True

        def limit() -> int:
            nonlocal first
            least, first = (LIMIT // 4 if first else LIMIT // 2), False
            return int(rng.integers(least, LIMIT + 1))

        windows += [Window(article, lo, hi) for lo, hi in cut(article.pieces, limit)]
    order = rng.permutation(len(windows))
    windows = sorted((windows[i] for i in order), key=lambda w: w.padded)
    micro: list[MicroBatch] = [[]]
    for window in windows:
        if micro[-1] and window.padded * (len(micro[-1]) + 1) > MICRO_PIECES:
            micro.append([])
        micro[-1].append(window)
    shuffled = [micro[i] for i in rng.permutation(len(micro))]
    return [
        shuffled[i : i + MICRO_BATCHES] for i in range(0, len(shuffled) - MICRO_BATCHES + 1, MICRO_BATCHES)
    ]
