"""The whole way from page to text with another model than the product's: what a page gets whose site is left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from services.cleaner.blocks.classifier import judge_lines, judge_page
from services.cleaner.blocks.model import TwoStages
from services.cleaner.body import Block
from services.cleaner.reading import Reading, read_lines, read_page
from services.cleaner.rejections import NotAnArticle
from services.cleaner.shingles import shared, shingles, words_of
from shared.contracts.text import join_paragraphs

_WELL = 0.8  # the score of a page from which on its text counts as good
_STEPS = 30
_RIDGE = 1.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one page. ``well``: its score is at least .8. ``fate``: the code with which the cleaner would
    refuse the page as no article, if it would."""

    article: str
    text: str
    signs: NDArray[np.float64]
    fate: str | None = None

    @property
    def well(self) -> bool:
        return shared(shingles(words_of(self.article)), shingles(words_of(self.text))) >= _WELL


def page_outcome(html: str, article: str, stages: TwoStages | None = None) -> Outcome:
    """``stages``: None for the product's."""
    reading = read_page(html, "", judge=partial(judge_page, stages=stages))
    if reading.found.signs is None:
        raise ValueError("a page has signs of confidence")
    fate = None
    try:
        reading.require_article()
    except NotAnArticle as refused:
        fate = refused.code
    return Outcome(article, _joined(reading), reading.found.signs, fate)


def lines_text(lines: Sequence[str], stages: TwoStages | None = None) -> str:
    return _joined(read_lines([Block(line) for line in lines], partial(judge_lines, stages=stages)))


def _joined(reading: Reading) -> str:
    return join_paragraphs(block.text for block in reading.blocks)


def confidence_weights(outcomes: Sequence[Outcome]) -> NDArray[np.float64]:
    """Logistic regression of "well" on the signs, by Newton's method with a small ridge."""
    signs = np.array([outcome.signs for outcome in outcomes])
    well = np.array([outcome.well for outcome in outcomes], np.float64)
    weights = np.zeros(signs.shape[1])
    for _ in range(_STEPS):
        chance = 1 / (1 + np.exp(-np.clip(signs @ weights, -30, 30)))
        slope = signs.T @ (well - chance) - _RIDGE * weights
        curve = (signs * (chance * (1 - chance))[:, None]).T @ signs + _RIDGE * np.eye(len(weights))
        weights = weights + np.linalg.solve(curve, slope)
    return np.round(weights, 4)


def area_under_curve(scores: Sequence[float], well: Sequence[bool]) -> float:
    """The chance that a page that went well has a higher score than one that did not."""
    good = np.array([score for score, fine in zip(scores, well, strict=True) if fine])
    bad = np.array([score for score, fine in zip(scores, well, strict=True) if not fine])
    if not len(good) or not len(bad):
        return float("nan")
    higher = (good[:, None] > bad).sum() + 0.5 * (good[:, None] == bad).sum()
    return float(higher / (len(good) * len(bad)))
