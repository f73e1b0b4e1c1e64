"""Pages of one site as the memory is asked about them, without a database."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from services.cleaner.article import CleanedArticle, Metadata, Rejection
from services.cleaner.handler import clean_document
from services.cleaner.memory.deciding import Row, answers
from services.cleaner.memory.fingerprint import as_text, fingerprint
from services.cleaner.memory.seen import Seen, seen_of
from shared.contracts.site_memory import SiteMemory


class Stream:
    def __init__(self) -> None:
        self._rows: dict[str, Row] = {}
        self._last = 0

    def ask(self, *pages: Seen) -> list[SiteMemory]:
        """The answers to pages that come together."""
        rows = answers(pages, list(self._rows.values()), self._last)
        for row in rows:
            self._rows[row.article.article_id] = row
            self._last = max(self._last, row.number)
        return [row.memory for row in rows]

    def one(self, page: Seen) -> SiteMemory:
        return self.ask(page)[0]


def cleaned(url: str, *, html: str | None = None, text: str | None = None) -> tuple[Seen, CleanedArticle]:
    """What the memory is asked about a page, and what the cleaner alone makes of it; an article without text of a page
    that is none."""
    found = clean_document(html=html, text=text, url=url)
    article = CleanedArticle(url, "", Metadata()) if isinstance(found, Rejection) else found
    return seen_of(article, hashlib.sha256((html or text or "").encode()).hexdigest()), article


def marks_of(paragraphs: Iterable[str]) -> set[str]:
    marks = (fingerprint(paragraph) for paragraph in paragraphs)
    return {as_text(mark) for mark in marks if mark is not None}


def marks_in(page: Seen) -> list[str]:
    return [as_text(paragraph.fingerprint) for paragraph in page.paragraphs]
