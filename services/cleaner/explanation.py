"""Why a page's article is what it is: each block of the page with its verdict, who decided, and what told for it.

The page is cleaned as ever, and read once more, in the same way, for what was decided on it. What the memory of its
site decides is told afterwards, as the memory is asked afterwards.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass, replace

from services.cleaner.article import CleanedArticle, Rejection
from services.cleaner.blocks.telling import Told, told_of_lines, told_of_page
from services.cleaner.body import parse
from services.cleaner.extraction import CHOSEN, CLASSIFIER
from services.cleaner.handler import clean, opened, read
from services.cleaner.media_type import MediaKind
from services.cleaner.memory.fingerprint import as_text, fingerprint
from services.cleaner.memory.recall import moved, without
from services.cleaner.page import PageInput
from services.cleaner.places import path_of
from services.cleaner.reading import Reading
from services.cleaner.rejections import Rejected
from shared.contracts.site_memory import RememberedBlock, SiteMemory
from shared.contracts.text import split_paragraphs

_TOLD = 4  # measures a block: more is more than anybody reads

# Verdict by verdict, what happened to a block.
TAKEN = "taken"
REMEMBERED = "remembered"
REASONS = {
    TAKEN: "it is taken for the article's",
    "unlikely": "the classifier finds it unlikely, by itself or where it stands",
    "outvoted": "another extractor's text was taken, and does not hold it",
    "headline": "it is the headline again, which is the title and no text",
    "front": "byline, date or label in front of the first sentence",
    "appeal": "the page asks its reader for something",
    "furniture": "a button, a credit, a label of the page",
    "leftover": "a fragment of a box whose rest has gone, or a pull quote",
    REMEMBERED: "it is its site's and not the article's, as the memory of the site has it",
}
# What the memory's own words for it mean (``services.cleaner.memory.verdict``).
MEMORY_REASONS = {
    "appeal": "it speaks for the page, not for the article",
    "furniture": "other pages have it outside of their article",
    "repeated": "articles that have nothing to do with each other have it",
    "earlier": "it was decided so when this article was seen before",
    "too-much": "with it more than half of the text would go, so all of that stays",
    "": "that is too little to take it out",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """One block of the page. ``verdict``: of :data:`REASONS`. ``chance``: the classifier's, None where it was not
    asked. ``path``: of its element, as in the article's record. ``told``: the measures that moved its chance most.
    ``seen``: what the memory of its site knows of it; None where it never saw it, or was not asked."""

    text: str
    verdict: str
    chance: float | None = None
    path: str | None = None
    told: Told = ()
    seen: RememberedBlock | None = None

    @property
    def kept(self) -> bool:
        return self.verdict == TAKEN


@dataclass(frozen=True, slots=True)
class Explanation:
    """``by``: whose text was taken; ``agreement``: of the classifier's with the second opinion, from 0 to 1, None for
    a plain text. Both None and no verdicts where the page was refused before anybody looked for an article.
    ``memory``: what the memory of the site decided, None where it was not asked."""

    outcome: CleanedArticle | Rejection
    verdicts: tuple[Verdict, ...] = ()
    by: str | None = None
    agreement: float | None = None
    memory: SiteMemory | None = None


def explain(page: PageInput) -> Explanation:
    """The same answer as ``clean``, with its reasons."""
    outcome = clean(page)
    try:
        text, kind = opened(page)
        reading = read(text, kind, page)
    except Rejected:
        return Explanation(outcome)
    if kind is MediaKind.HTML:
        told = told_of_page(parse(text), _TOLD)
    else:
        told = told_of_lines([block.text for block in reading.found.judged], _TOLD)
    return Explanation(outcome, _verdicts(reading, told), reading.found.by, reading.found.agreement)


def with_memory(explanation: Explanation, memory: SiteMemory) -> Explanation:
    """The same with what the memory of the site decided on the article's paragraphs."""
    article = explanation.outcome
    if isinstance(article, Rejection):
        return explanation
    text, goes = without(article.text, article.blocks, memory)
    gone = Counter(p for p, out in zip(split_paragraphs(article.text), goes, strict=True) if out)
    known = {block.fingerprint: block for block in (*memory.kept, *memory.removed)}
    verdicts = []
    for verdict in explanation.verdicts:
        if verdict.kept:
            mark = fingerprint(verdict.text)
            seen = None if mark is None else known.get(as_text(mark))
            goes_too = gone[verdict.text] > 0
            gone[verdict.text] -= goes_too
            verdict = replace(verdict, seen=seen, verdict=REMEMBERED if goes_too else TAKEN)
        verdicts.append(verdict)
    outcome = replace(article, text=text, blocks=moved(article.blocks, goes))
    return replace(explanation, outcome=outcome, verdicts=tuple(verdicts), memory=memory)


def _verdicts(reading: Reading, told: Sequence[Told]) -> tuple[Verdict, ...]:
    found = reading.found
    fates = _fates(reading)
    verdicts = []
    for i, block in enumerate(found.judged):
        taken = fates[i, block.text] or fates[-1, block.text]
        if taken:
            verdict = taken.popleft()
        else:
            verdict = "outvoted" if block.chance > CHOSEN and found.by != CLASSIFIER else "unlikely"
        path = None if block.element is None else path_of(block.element)
        verdicts.append(Verdict(block.text, verdict, block.chance, path, told[i]))
    # Another extractor cuts its text otherwise: what is no block of the page stands behind all that is.
    verdicts += [Verdict(text, verdict) for (_, text), left in fates.items() for verdict in left]
    return tuple(verdicts)


def _fates(reading: Reading) -> defaultdict[tuple[int, str], deque[str]]:
    """What became of the blocks that were taken on the way to the article, by number and text, in order: those that
    another extractor took have no number, and may be equal."""
    front = reading.front
    aside = {id(block): reading.aside.get(i, TAKEN) for i, block in enumerate(front.blocks)}
    fates: defaultdict[tuple[int, str], deque[str]] = defaultdict(deque)
    for block in reading.found.blocks:
        before = "headline" if block.text == front.headline else "front"
        fates[block.index, block.text].append(aside.get(id(block), before))
    return fates
