"""Why a page's article is what it is: each block of the page with its verdict, who decided, and what told for it.

The page is cleaned as ever, and then looked through once more for what was decided on the way. What the article holds
is always the cleaner's own answer: where the two should differ, the explanation says so and hides nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from services.cleaner.article import CleanedArticle, Rejection
from services.cleaner.blocks.telling import Told, told_of_lines, told_of_page
from services.cleaner.body import Block, parse
from services.cleaner.extraction import CHOSEN, CLASSIFIER, Extraction, extract, extract_lines
from services.cleaner.handler import clean, opened
from services.cleaner.headline import Front
from services.cleaner.media_type import MediaKind
from services.cleaner.metadata.markup import read_markup
from services.cleaner.metadata.read import Stated
from services.cleaner.page import PageInput
from services.cleaner.paragraphs import front_of, set_aside
from services.cleaner.places import path_of
from services.cleaner.plain import plain_blocks
from services.cleaner.rejections import Rejected
from shared.contracts.text import split_paragraphs

_TOLD = 4  # measures a block: more is more than anybody reads

# Verdict by verdict, what happened to a block.
TAKEN = "taken"
REASONS = {
    TAKEN: "it is taken for the article's",
    "unlikely": "the classifier finds it unlikely, by itself or where it stands",
    "outvoted": "another extractor's text was taken, and does not hold it",
    "headline": "it is the headline again, which is the title and no text",
    "front": "byline, date or label in front of the first sentence",
    "appeal": "the page asks its reader for something",
    "furniture": "a button, a credit, a label of the page",
    "leftover": "a fragment of a box whose rest has gone, or a pull quote",
    "later": "it was set aside after all of these",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """One block of the page. ``verdict``: of :data:`REASONS`. ``chance``: the classifier's, None where it was not
    asked. ``path``: of its element, as in the article's record. ``told``: the measures that moved its chance most."""

    text: str
    verdict: str
    chance: float | None = None
    path: str | None = None
    told: Told = ()

    @property
    def kept(self) -> bool:
        return self.verdict == TAKEN


@dataclass(frozen=True, slots=True)
class Explanation:
    """``by``: whose text was taken; ``agreement``: of the classifier's with the second opinion, from 0 to 1, None for
    a plain text. Both None and no verdicts where the page was refused before anybody looked for an article."""

    outcome: CleanedArticle | Rejection
    verdicts: tuple[Verdict, ...] = ()
    by: str | None = None
    agreement: float | None = None


def explain(page: PageInput) -> Explanation:
    """The same answer as ``clean``, with its reasons."""
    outcome = clean(page)
    try:
        text, kind = opened(page)
        if kind is MediaKind.HTML:
            tree = parse(text)
            markup = read_markup(tree)
            told = told_of_page(tree, _TOLD)
            found = extract(text, tree)
            titles = Stated(markup, page.url, None).title_forms()
            front = front_of(found, titles, marked=markup.headings > 0)
        else:
            blocks = plain_blocks(text)
            told = told_of_lines([block.text for block in blocks], _TOLD)
            found = extract_lines(blocks)
            front = front_of(found, ())
    except Rejected:
        return Explanation(outcome)
    return Explanation(outcome, _verdicts(outcome, found, front, told), found.by, found.agreement)


def _verdicts(
    outcome: CleanedArticle | Rejection, found: Extraction, front: Front, told: Sequence[Told]
) -> tuple[Verdict, ...]:
    fates = _fates(found.blocks, front)
    left = Counter(split_paragraphs(outcome.text)) if isinstance(outcome, CleanedArticle) else None
    verdicts = []
    for i, block in enumerate(found.judged):
        verdict = fates.pop((i, block.text), None) or fates.pop((-1, block.text), None)
        if verdict is None:
            verdict = "outvoted" if block.chance > CHOSEN and found.by != CLASSIFIER else "unlikely"
        verdicts.append(
            Verdict(
                block.text,
                _as_it_came_out(verdict, block.text, left),
                block.chance,
                None if block.element is None else path_of(block.element),
                told[i],
            )
        )
    # Another extractor cuts its text otherwise: what is no block of the page stands behind all that is.
    verdicts += [Verdict(text, _as_it_came_out(verdict, text, left)) for (_, text), verdict in fates.items()]
    return tuple(verdicts)


def _fates(blocks: Sequence[Block], front: Front) -> dict[tuple[int, str], str]:
    """Of the blocks that were taken, by number and text, what became of them on the way to the article."""
    stays = {id(block) for block in front.blocks}
    fates = {}
    for block in blocks:
        if id(block) not in stays:
            fates[block.index, block.text] = "headline" if block.text == front.headline else "front"
    gone = set_aside(front.blocks)
    for i, block in enumerate(front.blocks):
        fates[block.index, block.text] = gone.get(i, TAKEN)
    return fates


def _as_it_came_out(verdict: str, text: str, left: Counter[str] | None) -> str:
    """What passed everything here and is not in the article, something else has taken out."""
    if verdict != TAKEN or left is None:
        return verdict
    left[text] -= 1
    return TAKEN if left[text] >= 0 else "later"
