"""The story that the examples tell: one short article of our own, and the page it stood on.

Spans are found in the text, never written by hand, so the examples re-slice exactly.
"""

from __future__ import annotations

import hashlib
from typing import Final

from shared.contracts import ids
from shared.contracts.canonical import canonical_url
from shared.contracts.events import ArticleCleaned, PageFetched
from shared.contracts.parts import Dated, LeadImage, Span, TextBlock
from shared.contracts.site_memory import RememberedBlock, SiteMemory

SUBMITTED: Final = "https://www.estreya-courier.example/harbour/old-dock?utm_source=feed"
URL: Final = canonical_url(SUBMITTED)
SITE: Final = "estreya-courier.example"
TITLE: Final = "Old ferry dock to close in May"
TEXT: Final = (
    "The harbour authority will close the old ferry dock in May, its director Maren Holt said on Tuesday.\n\n"
    "“We cannot keep open a dock that leaks,” Holt told the Courier. Repairs would cost about 1,200 crowns a day, "
    "according to a person close to the council.\n\n"
    "The city council denied that the dock leaks."
)
PAGE: Final = f"<!doctype html><title>{TITLE}</title><h1>{TITLE}</h1><p>" + TEXT.replace("\n\n", "<p>")
OBSERVED_AT: Final = "2026-01-06T09:30:00.000000Z"
CHANGED_AT: Final = "2026-01-06T09:30:04.250000Z"
URL_ID: Final = ids.url_id(URL)
VISIT_ID: Final = ids.visit_id(URL_ID, 1, 1)
ARTICLE_ID: Final = ids.article_id(URL)
VERSION: Final = ids.version_of(TEXT)
PAGE_SHA256: Final = hashlib.sha256(PAGE.encode()).hexdigest()
PUBLISHED: Final = Dated.model_validate({"value": "2026-01-06", "precision": "day", "from": "json-ld"})


def span(piece: str, after: str = "") -> Span:
    """Where ``piece`` stands first in the text, or first after ``after``; raises ValueError when it does not."""
    start = TEXT.index(after + piece) + len(after)
    return start, start + len(piece)


def page() -> PageFetched:
    return PageFetched(
        visit_id=VISIT_ID,
        url_id=URL_ID,
        url=URL,
        final_url=URL,
        status=200,
        observed_at=OBSERVED_AT,
        sha256=PAGE_SHA256,
        size=len(PAGE.encode()),
        content_type="text/html; charset=utf-8",
        last_modified="Tue, 06 Jan 2026 09:00:00 GMT",
        feed="https://www.estreya-courier.example/feed.xml",
        published_at="2026-01-06T09:00:00Z",
        labels={"desk": "harbour"},
    )


def article() -> ArticleCleaned:
    return ArticleCleaned(
        article_id=ARTICLE_ID,
        version=VERSION,
        visit_id=VISIT_ID,
        url_id=URL_ID,
        observed_at=OBSERVED_AT,
        url=URL,
        submitted_url=URL,
        final_url=URL,
        canonical_hint="https://www.other-paper.example/old-dock",
        site=SITE,
        title=TITLE,
        authors=("Ines Varga",),
        publisher="Estreya Courier",
        section="Harbour",
        language="en",
        language_declared="en",
        published_at=PUBLISHED,
        modified_at=None,
        standfirst="A leak that nobody wants to pay for divides harbour and council",
        tags=("Harbour", "Ferries"),
        image=LeadImage(url="https://www.estreya-courier.example/img/old-dock.jpg", credit="Ines Varga"),
        paywall=False,
        page_sha256=PAGE_SHA256,
        page_size=len(PAGE.encode()),
        cleaner="claimstream 0.1.0",
        provenance={
            "url": "url",
            "title": "html",
            "authors": "json-ld",
            "published_at": "json-ld",
            "language": "detected",
            "standfirst": "html",
            "tags": "json-ld",
            "image": "json-ld",
            "image_credit": "json-ld",
            "paywall": "json-ld",
            "text": "classifier",
        },
        confidence={"authors": 0.94, "language": 0.99, "text": 0.97},
        labels={"desk": "harbour"},
        text=TEXT,
        blocks=blocks(),
        memory=memory(),
    )


def memory() -> SiteMemory:
    """One paragraph of the page went, since two other articles of the site have it."""
    block = RememberedBlock(
        fingerprint="5f0b7c0d52a1e964",
        articles=2,
        beside=1,
        why="appeal",
        starts="If you read this paper every day…",
    )
    return SiteMemory(articles=12, removed=(block,))


def blocks() -> tuple[TextBlock, ...]:
    """The paragraphs of the text, and the elements of the page that they are."""
    paragraphs = TEXT.split("\n\n")
    return tuple(
        TextBlock(span=span(paragraph), path=f"/html/body/p[{number}]", at=(0, len(paragraph)))
        for number, paragraph in enumerate(paragraphs, 1)
    )
