"""What decoding adds and how sure it may be, fitted on the held-out articles of train, never on dev."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from services.extractor.tagged import Tagged
from services.extractor.tagger.context import Contexts
from services.extractor.tagger.decoding import EVIDENCE, Constants, Found
from services.extractor.tagger.heads import Heads, Linked, Seen
from services.extractor.tagger.pieces import Ints
from services.extractor.tagger.tagger import Confidence, Tagger, told
from services.extractor.tagger.viterbi import Floats
from services.extractor.tagger.wordpiece import WordPiece
from services.extractor.training.articles import Article
from services.extractor.training.scoring import Scorer

# One after the other: the constants hardly depend on each other.
TRIED: dict[str, tuple[float, ...]] = {
    "cue": (-0.5, 0.0, 0.5, 1.0, 1.5),
    "tagger": (0.0, 0.15, 0.3, 0.5),
    "source": (0.0, 0.5, 1.0),
    "content": (-0.3, 0.0, 0.3, 0.6),
}
# F1 is flat around its best threshold: the highest that costs no more than this is taken, for fewer wrong claims.
PRECISION_COSTS = 0.002
_RIDGE = 1.0


class Remembering:
    """Heads that answer the same question once: fitting asks it thirty times."""

    def __init__(self, heads: Heads) -> None:
        self._heads = heads
        self._seen: dict[bytes, Seen] = {}
        self._linked: dict[tuple[bytes, bytes, tuple[tuple[int, int], ...]], Linked] = {}

    def see(self, ids: Ints, case: Ints, quote: Ints, boundary: Ints) -> Seen:
        key = ids.tobytes() + case.tobytes() + quote.tobytes()
        if key not in self._seen:
            self._seen[key] = self._heads.see(ids, case, quote, boundary)
        return self._seen[key]

    def link(self, vectors: Floats, contexts: Contexts) -> Linked:
        key = (vectors[0].tobytes(), vectors[-1].tobytes(), tuple(contexts.cues))
        if key not in self._linked:
            self._linked[key] = self._heads.link(vectors, contexts)
        return self._linked[key]


def fit(
    heads: Heads, vocabulary: WordPiece, articles: list[Article], scorer: Scorer
) -> tuple[Constants, Confidence, float]:
    """The constants, the confidence with its threshold, and the overlap F1 that they have on these articles."""
    remembered, constants = Remembering(heads), Constants()
    best = (-1.0, constants, Confidence())
    for name, values in TRIED.items():
        for value in values:
            tried = replace(best[1], **{name: value})
            confidence, score = _judged(remembered, vocabulary, articles, scorer, tried)
            best = max(best, (score, tried, confidence), key=lambda one: one[0])
    return best[1], best[2], best[0]


def _judged(
    heads: Heads, vocabulary: WordPiece, articles: list[Article], scorer: Scorer, constants: Constants
) -> tuple[Confidence, float]:
    """The confidence fitted to what these constants find, with its threshold, and the overlap F1 at the best one."""
    tagger = Tagger(heads, vocabulary, constants, Confidence())
    found: list[list[Found]] = [tagger.found(article.pieces) for article in articles]
    spans = [
        [told(a.text, a.pieces, one, 1.0) for one in row] for a, row in zip(articles, found, strict=True)
    ]
    right = [ok for a, row in zip(articles, spans, strict=True) for ok in scorer.right(a, row)]
    confidence = regression(np.array([one.evidence for row in found for one in row]), np.array(right))
    chances = [[confidence.of(one) for one in row] for row in found]
    scores: dict[float, float] = {}
    for least in np.arange(0.26, 0.58, 0.04).tolist():
        counts = []
        for article, row, sure in zip(articles, spans, chances, strict=True):
            kept: list[Tagged] = [one for one, chance in zip(row, sure, strict=True) if chance >= least]
            counts.append(scorer.counts(article, kept))
        scores[least] = scorer.f1(counts)["overlap"]
    best = max(scores.values())
    least = max(least for least, score in scores.items() if score >= best - PRECISION_COSTS)
    return replace(confidence, least=round(least, 2)), best


def regression(evidence: np.ndarray, right: np.ndarray) -> Confidence:
    """Logistic regression by Newton's method, with a ridge on all weights but the bias."""
    x = np.column_stack([evidence, np.ones(len(evidence))])
    weights = np.zeros(x.shape[1])
    ridge = np.diag([_RIDGE] * len(EVIDENCE) + [0.0])
    for _ in range(30):
        chance = 1 / (1 + np.exp(-x @ weights))
        slope = x.T @ (right - chance) - ridge @ weights
        bend = (x * (chance * (1 - chance))[:, None]).T @ x + ridge
        weights += np.linalg.solve(bend + 1e-9 * np.eye(len(bend)), slope)
    return Confidence(tuple(round(float(w), 5) for w in weights[:-1]), round(float(weights[-1]), 5))
