"""Pages of one site as the memory is asked about them, one by one, without a database."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from services.cleaner.article import Rejection
from services.cleaner.handler import clean_document
from services.cleaner.memory.deciding import Row, answers
from services.cleaner.memory.fingerprint import as_text, fingerprint
from services.cleaner.memory.seen import Seen, seen
from shared.contracts.enums import BlockType
from shared.contracts.ids import article_id
from shared.contracts.site_memory import SiteMemory
from shared.contracts.text import PARAGRAPH_BREAK


class Stream:
    def __init__(self) -> None:
        self._rows: dict[str, Row] = {}
        self._last = 0

    def one(self, page: Seen) -> SiteMemory:
        (row,) = answers([page], list(self._rows.values()), self._last)
        self._rows[row.article.article_id] = row
        self._last = max(self._last, row.number)
        return row.memory


def cleaned(url: str, *, html: str | None = None, text: str | None = None) -> tuple[Seen, str]:
    """What the memory is asked about a page, and the text that the cleaner alone gives; an empty one for a page that
    is no article."""
    found = clean_document(html=html, text=text, url=url)
    if isinstance(found, Rejection):
        return seen(site="", article_id=article_id(url), page_sha256="", title="", paragraphs=()), ""
    asked = seen(
        site=found.site,
        article_id=article_id(found.url),
        page_sha256=hashlib.sha256((html or text or "").encode()).hexdigest(),
        title=found.metadata.title,
        paragraphs=found.text.split(PARAGRAPH_BREAK),
        headings=(i for i, block in enumerate(found.blocks) if block.type is BlockType.HEADING),
        beside=found.beside,
    )
    return asked, found.text


def without(text: str, memory: SiteMemory) -> str:
    """The text without what the memory removes."""
    gone = {block.fingerprint for block in memory.removed}
    return PARAGRAPH_BREAK.join(p for p in text.split(PARAGRAPH_BREAK) if not gone & marks_of([p]))


def marks_of(paragraphs: Iterable[str]) -> set[str]:
    marks = (fingerprint(paragraph) for paragraph in paragraphs)
    return {as_text(mark) for mark in marks if mark is not None}


def marks_in(page: Seen) -> list[str]:
    return [as_text(paragraph.fingerprint) for paragraph in page.paragraphs]
