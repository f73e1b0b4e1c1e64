"""What the memory sees of one page: the fingerprints of its blocks, those of the article and those beside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from services.cleaner.article import CleanedArticle
from services.cleaner.memory.fingerprint import converses, fingerprint, speaks_for_page
from services.cleaner.prose import is_prose
from shared.contracts import ids
from shared.contracts.enums import BlockType
from shared.contracts.parts import TextBlock
from shared.contracts.text import split_paragraphs

# A row in the database has these, 13 bytes each: 1 KB for most pages, 5 KB for the largest, 11 KB where its earlier
# versions had other paragraphs.
BLOCK = np.dtype([("fingerprint", "<i8"), ("chars", "<u4"), ("kind", "u1")])
Blocks = NDArray[np.void]
# Of ``kind``: in the article; speaks for the page; a sentence; was removed; speaks of itself to the reader.
INSIDE, VOICE, PROSE, REMOVED, CONVERSES = 1, 2, 4, 8, 16
# Of a page's other blocks the first so many: navigation has few of more than three words.
MOST_BESIDE = 160
MOST_INSIDE = 240  # a live blog of a day has more; what recurs stands among the first, or is its own


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One of the article's, as the memory is asked about it. ``heading``: the page marks it as one."""

    fingerprint: int
    starts: str
    chars: int
    kind: int
    heading: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """``page_sha256``: the same page again has the same answer. ``paragraphs``: the article's, in order, those of few
    words left out; ``chars``: of its whole text. ``beside``: the fingerprints of the page's other blocks."""

    site: str
    article_id: str
    page_sha256: str
    title: str
    chars: int
    paragraphs: tuple[Paragraph, ...]
    beside: tuple[int, ...] = field(default=(), repr=False)

    @property
    def blocks(self) -> Blocks:
        """Each fingerprint once; one that stands in the article as well as beside it is the article's."""
        rows = {p.fingerprint: (p.fingerprint, p.chars, p.kind) for p in self.paragraphs}
        for mark in self.beside:
            rows.setdefault(mark, (mark, 0, 0))
        return np.array(list(rows.values()), BLOCK)


def seen_of(article: CleanedArticle, page_sha256: str) -> Seen:
    """What the memory is asked about a cleaned page."""
    return seen(
        site=article.site,
        article_id=ids.article_id(article.url),
        page_sha256=page_sha256,
        title=article.metadata.title,
        paragraphs=split_paragraphs(article.text),
        headings=headings_among(article.blocks),
        beside=article.beside,
    )


def headings_among(blocks: Sequence[TextBlock]) -> set[int]:
    """Their places among an article's paragraphs."""
    return {i for i, block in enumerate(blocks) if block.type is BlockType.HEADING}


def seen(
    *,
    site: str,
    article_id: str,
    page_sha256: str,
    title: str | None,
    paragraphs: Sequence[str],
    headings: Iterable[int] = (),
    beside: Iterable[str] = (),
) -> Seen:
    """``headings``: the places of those that are one among ``paragraphs``; ``beside``: the page's other blocks."""
    marked = frozenset(headings)
    found = []
    for place, text in enumerate(paragraphs[:MOST_INSIDE]):
        mark = fingerprint(text)
        if mark is not None:
            kind = INSIDE | PROSE * is_prose(text)
            if speaks_for_page(text):
                kind |= VOICE | CONVERSES * converses(text)
            found.append(Paragraph(mark, _first_words(text), len(text), kind, place in marked))
    others: dict[int, None] = {}
    for text in beside:
        mark = fingerprint(text)
        if mark is not None:
            others[mark] = None
            if len(others) == MOST_BESIDE:
                break
    return Seen(
        site,
        article_id,
        page_sha256,
        (title or "")[:300],
        sum(map(len, paragraphs)),
        tuple(found),
        tuple(others),
    )


def merged(now: Blocks, before: Blocks) -> Blocks:
    """Those of the page as it is now, then what an earlier version of the same article had in it, as far as there is
    room: an edited article stays one article, and what was decided of a paragraph stays decided."""
    old = before[((before["kind"] & INSIDE) > 0) & ~np.isin(before["fingerprint"], now["fingerprint"])]
    return np.concatenate([now, old[: MOST_INSIDE * 2]])


def _first_words(text: str) -> str:
    return text if len(text) <= _STARTS else text[:_STARTS].rsplit(" ", 1)[0] + "…"


_STARTS = 60  # characters: enough for a person to know it again
