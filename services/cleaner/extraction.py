"""The article's blocks out of a page: the classifier's, unless a second opinion makes them doubtful.

The second opinion (resiliparse) costs a tenth of the first. Where both say about the same, the classifier has the
finer judgement; also where it is sure and they differ by little, or the other has hardly found anything. Elsewhere two
more extractors are asked, and the answer is the text that agrees most with all the others: the medoid of those that
found one (two that found nothing agree in full). How far the two agree, and how sure the classifier is of its blocks,
is also what the confidence in the answer is told from.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from lxml.html import HtmlElement
from numpy.typing import NDArray

from services.cleaner.blocks.classifier import Judged, judge_lines, judge_page
from services.cleaner.blocks.runs import CHANGE_IN_LINES, CHANGE_IN_TREE, taken
from services.cleaner.body import Block
from services.cleaner.confidence import SIGNS, signs_of
from services.cleaner.other_extractors import by_readability, by_resiliparse, by_trafilatura
from services.cleaner.shingles import Shingles, shared, shingles, words_of

CHOSEN = 0.5
_AGREED = 0.8
# Of 399 pages whose sites the classifier had not seen, 53 agree less; of these the 25 that it is so sure of are better
# left to it, by .004 of the score of all pages.
_NEARLY_AGREED = 0.6
_SURE = 0.9  # the score that it expects of its text
_NO_OPINION = 0.1  # of the classifier's words
# Of a plain text in which nothing is taken: the odds that its likeliest line is then given, and how much more the lines
# that are taken by these must promise than the whole text.
_LIKELIEST, _STANDS_OUT = 2.0, 2.0
CLASSIFIER = "classifier"
_FRONT = 8  # blocks above the article among which headline and byline are looked for


@dataclass(frozen=True, slots=True)
class Extraction:
    """``blocks``: the article's, in order. ``by``: whose they are. ``above``: the lines just above the first of them.
    ``signs``: what the confidence is told from (:mod:`services.cleaner.confidence`); None for plain lines, of which
    none was learned. ``judged``: all blocks of the page, with their chances. ``agreement``: with the second opinion.
    """

    blocks: list[Block]
    by: str
    above: list[str] = field(default_factory=list)
    signs: NDArray[np.float64] | None = None
    judged: Sequence[Judged] = ()
    agreement: float | None = None


def extract(
    html: str, tree: HtmlElement, judge: Callable[[HtmlElement], list[Judged]] = judge_page
) -> Extraction:
    """The article in a page. ``tree`` is that of ``html``. ``judge``: another classifier than the product's, for
    measuring."""
    judged = judge(tree)
    chosen, above = _chosen(judged, CHANGE_IN_TREE)
    ours = _shingles_of(chosen)
    second = by_resiliparse(html)
    agreement = shared(ours, _shingles_of(second))
    signs = signs_of(judged, CHOSEN, agreement)
    sure = signs[SIGNS.index("expected score")] >= _SURE and (
        agreement >= _NEARLY_AGREED or _size(second) < _NO_OPINION * _size(chosen)
    )
    if chosen and (agreement >= _AGREED or sure):
        return Extraction(chosen, CLASSIFIER, above, signs, judged, agreement)
    answers = {
        CLASSIFIER: chosen,
        "trafilatura": by_trafilatura(tree),
        "readability": by_readability(html),
        "resiliparse": second,
    }
    by = _medoid({name: _shingles_of(blocks) for name, blocks in answers.items() if blocks})
    return Extraction(answers[by], by, above, signs, judged, agreement)


def extract_lines(
    blocks: list[Block], judge: Callable[[Sequence[str]], list[Judged]] = judge_lines
) -> Extraction:
    """The article in the lines of a plain text. Where none looks like one, those that stand out, or all of them: who
    hands in a text says by that that it is an article."""
    judged = judge([block.text for block in blocks])
    chosen, above = _chosen(judged, CHANGE_IN_LINES)
    if not chosen:
        chosen, above = _standing_out(judged)
    return Extraction(chosen or blocks, CLASSIFIER if chosen else "lines", above, judged=judged)


def _chosen(judged: Sequence[Judged], change: float) -> tuple[list[Block], list[str]]:
    """The blocks that are taken, and the lines just above the first of them."""
    take = taken([len(block.text) for block in judged], [block.chance for block in judged], change)
    chosen = [
        Block(block.text, block.heading, i, block.spans, block.element)
        for i, (block, own) in enumerate(zip(judged, take, strict=True))
        if own
    ]
    first = chosen[0].index if chosen else 0
    return chosen, [block.text for block in judged[max(0, first - _FRONT) : first]]


def _standing_out(judged: Sequence[Judged]) -> tuple[list[Block], list[str]]:
    """The lines that are taken if the likeliest is held for the article's; none where that promises little more than
    all of them. One paragraph among hundreds of a page's labels stands out, a line of a poem does not."""
    best = max((block.chance for block in judged), default=0.0)
    if not 0 < best < 1:
        return [], []
    scale = _LIKELIEST * (1 - best) / best
    odds = [scale * block.chance / (1 - block.chance) for block in judged]
    raised = [replace(block, chance=odd / (1 + odd)) for block, odd in zip(judged, odds, strict=True)]
    chosen, above = _chosen(raised, CHANGE_IN_LINES)
    if _expected([judged[block.index] for block in chosen], judged) < _STANDS_OUT * _expected(judged, judged):
        return [], []
    return chosen, above


def _expected(chosen: Sequence[Judged], judged: Sequence[Judged]) -> float:
    """The score to expect of these lines, in characters."""
    right = sum(block.chance * len(block.text) for block in chosen)
    wanted = sum(block.chance * len(block.text) for block in judged)
    return 2 * right / max(1.0, wanted + sum(len(block.text) for block in chosen))


def _size(blocks: Sequence[Block]) -> int:
    return sum(len(words_of(block.text)) for block in blocks)


def _shingles_of(blocks: Sequence[Block]) -> Shingles:
    return shingles([word for block in blocks for word in words_of(block.text)])


def _medoid(answers: dict[str, Shingles]) -> str:
    """The name of the answer that agrees most with the others; the first of equals, or of none."""
    return max(
        answers or {CLASSIFIER: Counter()},
        key=lambda name: sum(shared(answers[name], answers[other]) for other in answers if other != name),
    )
