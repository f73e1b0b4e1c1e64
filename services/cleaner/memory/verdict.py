"""Which paragraphs of an article are its site's boilerplate, from those of the site's other articles. Pure.

A good paragraph lost is worse than an appeal kept. News repeats itself: a follow-up has the paragraph on what happened
before, a list of the latest articles has their first paragraphs, recipes begin with the oven, and "How we test" is a
heading of each test. So the evidence that is asked for depends on what a block says:

* a paragraph that speaks for the page (addresses the reader, asks for something) goes with two other articles that
  have it, or with one page that has it outside of its article; one that speaks of "us" to "you" with one article on
  another subject;
* any other sentence goes with a page that has it outside of its article, or with three articles that have it and are a
  good part of all, if none of them has to do with this one by its headline; a short one never by the latter;
* a label goes only if it speaks for the page, a heading only with what stands under it.

What the article begins with is asked for more, because other pages quote it. Never does more than half of a text go.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from services.cleaner.memory.fingerprint import as_text
from services.cleaner.memory.seen import CONVERSES, INSIDE, PROSE, REMOVED, VOICE, Blocks, Paragraph, Seen
from services.cleaner.memory.works import Bools, Found, content_words
from shared.contracts.site_memory import RememberedBlock, SiteMemory

_LEAD = 2  # paragraphs of prose
_ENOUGH = 2  # articles that have a paragraph that speaks for the page
_ENOUGH_FOR_LABEL = 3
_ENOUGH_FOR_LEAD = 4
_ENOUGH_UNRELATED = 3
_GOOD_PART = 0.2  # of the articles that are remembered
_SHORTEST_NEUTRAL = 90  # characters: two lines
_LARGEST_SHARE = 0.5
_LONGEST = 900  # characters; boilerplate of the longest kind, an appeal in one paragraph, has 700


def decide(
    seen: Seen, found: Found, others: Bools, works: Sequence[str], before: Blocks | None = None
) -> SiteMemory:
    """``found``: the article's blocks on the shelf of its site. ``others``: which of the articles there are other ones,
    ``works``: of which work each is. ``before``: the blocks of this article at an earlier visit, with what was decided
    of them then: that stays, or the text would change without an edit."""
    window = _Window.of(found, others, works, seen.title)
    earlier = _earlier(before)
    voted: list[tuple[Paragraph, RememberedBlock, bool]] = []
    prose = 0
    for paragraph in seen.paragraphs:
        lead = prose < _LEAD
        prose += bool(paragraph.kind & PROSE)
        sightings = window.sightings(paragraph.fingerprint)
        why = _why(paragraph, sightings, window.works, lead=lead)
        goes = earlier.get(paragraph.fingerprint, why is not None)
        if sightings.articles or sightings.beside or goes:
            block = RememberedBlock(
                fingerprint=as_text(paragraph.fingerprint),
                articles=sightings.articles,
                beside=sightings.beside,
                why=(why or "earlier") if goes else "",
                starts=paragraph.starts,
            )
            voted.append((paragraph, block, goes))
    if sum(p.chars for p, _, goes in voted if goes) > _LARGEST_SHARE * seen.chars:
        voted = [(p, block.model_copy(update={"why": "too-much"}), False) for p, block, _ in voted]
    return SiteMemory(
        articles=window.works,
        removed=tuple(block for _, block, goes in voted if goes),
        kept=tuple(block for _, block, goes in voted if not goes),
    )


@dataclass(frozen=True, slots=True)
class Sightings:
    """Of one block: distinct other articles that have it in them, and that have it on their pages outside of the
    article; of each the ones whose headlines have nothing in common with this one's."""

    articles: int = 0
    unrelated: int = 0
    beside: int = 0
    beside_unrelated: int = 0


def _why(paragraph: Paragraph, of: Sightings, works: int, *, lead: bool) -> str | None:
    """The reason for which it goes, or None."""
    voice, prose = bool(paragraph.kind & VOICE), bool(paragraph.kind & PROSE)
    if paragraph.chars > _LONGEST or paragraph.heading:
        return None
    if lead and prose:
        return "appeal" if voice and of.articles >= _ENOUGH_FOR_LEAD else None
    if voice:
        enough = _ENOUGH if prose else _ENOUGH_FOR_LABEL
        if prose and paragraph.kind & CONVERSES and of.unrelated:
            enough = 1
        return "appeal" if of.beside or of.articles >= enough else None
    if not prose:
        return None
    if of.beside_unrelated:
        return "furniture"
    often = of.unrelated >= max(_ENOUGH_UNRELATED, _GOOD_PART * works)
    return "repeated" if often and paragraph.chars >= _SHORTEST_NEUTRAL else None


def _earlier(before: Blocks | None) -> dict[int, bool]:
    """By fingerprint, of what stood in the article then: whether it went."""
    if before is None:
        return {}
    inside = before[(before["kind"] & INSIDE) > 0]
    return dict(zip(inside["fingerprint"].tolist(), ((inside["kind"] & REMOVED) > 0).tolist(), strict=True))


@dataclass(frozen=True, slots=True)
class _Window:
    """Where an article's blocks stand in other articles: by fingerprint, the (work, inside, related) of each."""

    works: int
    places: dict[int, list[tuple[str, bool, bool]]]

    @staticmethod
    def of(found: Found, others: Bools, works: Sequence[str], title: str) -> _Window:
        """Without pages that have most of this article on them."""
        shelf = found.shelf
        others = others & ~found.carriers()
        about = content_words(title)
        places: dict[int, list[tuple[str, bool, bool]]] = {}
        related: dict[int, bool] = {}
        for at, which in zip(found.at.tolist(), found.which.tolist(), strict=True):
            row = int(shelf.rows[at])
            if others[row]:
                if row not in related:
                    # Without a headline nothing can be said.
                    related[row] = not about or bool(about & content_words(shelf.articles[row].title))
                place = (works[row], bool(shelf.inside[at]), related[row])
                places.setdefault(int(found.mine[which]), []).append(place)
        return _Window(len({works[row] for row in np.flatnonzero(others).tolist()}), places)

    def sightings(self, mark: int) -> Sightings:
        places = self.places.get(mark, ())
        articles = {work for work, inside, _ in places if inside}
        return Sightings(
            len(articles),
            len({work for work, inside, related in places if inside and not related}),
            len({work for work, inside, _ in places if not inside} - articles),
            len({work for work, inside, related in places if not inside and not related} - articles),
        )
