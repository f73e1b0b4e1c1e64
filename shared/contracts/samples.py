"""The story that the examples tell: one short article of our own, the page it stood on, and what was claimed in it.

Spans are found in the text, never written by hand, so the examples re-slice exactly.
"""

from __future__ import annotations

import hashlib
from typing import Final

from shared.contracts import ids
from shared.contracts.canonical import canonical_url
from shared.contracts.enums import Basis, Cause, ChainRole, Change, Kind, RelationType, SourceType, Stance
from shared.contracts.events import (
    ArticleCleaned,
    ArticleRef,
    ClaimChanged,
    ClaimsExtracted,
    ExtractedClaim,
    PageFetched,
)
from shared.contracts.parts import (
    ChainLink,
    Content,
    Dated,
    ExtractedRelation,
    ExtractorIdentity,
    Figure,
    Part,
    Relation,
    Source,
    Span,
    TextBlock,
    When,
)
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
EXTRACTOR: Final = ExtractorIdentity(name="claimstream-rules", version="0.1.0", sequence=1)
PUBLISHED: Final = Dated.model_validate({"value": "2026-01-06", "precision": "day", "from": "json-ld"})


def span(piece: str, after: str = "") -> Span:
    """Where ``piece`` stands first in the text, or first after ``after``; raises ValueError when it does not."""
    start = TEXT.index(after + piece) + len(after)
    return start, start + len(piece)


def content(piece: str) -> Content:
    start, end = span(piece)
    return Content(
        text=piece,
        spans=((start, end),),
        prefix=TEXT[max(0, start - 32) : start],
        suffix=TEXT[end : end + 32],
    )


def cue(piece: str) -> Part:
    return Part(text=piece, spans=(span(piece),))


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
        published_at=PUBLISHED,
        modified_at=None,
        page_sha256=PAGE_SHA256,
        page_size=len(PAGE.encode()),
        cleaner="claimstream 0.1.0",
        provenance={"title": "h1", "authors": "json-ld", "published_at": "json-ld", "language": "text"},
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


def extracted() -> tuple[ExtractedClaim, ...]:
    """Three claims: a paraphrase, a quotation that another claim denies, and an estimate by nobody named."""
    publisher = ChainLink(as_=ChainRole.PUBLISHER, name=SITE)
    return (
        ExtractedClaim(
            n=1,
            kind=Kind.PARAPHRASE,
            confidence=0.91,
            content=content("The harbour authority will close the old ferry dock in May"),
            cue=cue("said on Tuesday"),
            source=Source(
                text="its director Maren Holt",
                spans=(span("its director Maren Holt"),),
                name="Maren Holt",
                role="director",
                type=SourceType.PERSON,
                entity="e1",
            ),
            sentence=(0, span("said on Tuesday.")[1]),
            chain=(
                publisher,
                ChainLink(
                    as_=ChainRole.ORIGIN,
                    name="Maren Holt",
                    text="its director Maren Holt",
                    spans=(span("its director Maren Holt"),),
                    entity="e1",
                ),
            ),
            times=(When(text="in May", span=span("in May"), from_="2026-05-01", to="2026-05-31"),),
        ),
        ExtractedClaim(
            n=2,
            kind=Kind.QUOTE,
            confidence=0.97,
            content=content("We cannot keep open a dock that leaks,"),
            cue=cue("told the Courier"),
            source=Source(
                text="Holt",
                spans=(span("Holt", after="leaks,” "),),
                name="Maren Holt",
                type=SourceType.PERSON,
                entity="e1",
            ),
            sentence=(span("“We")[0], span("told the Courier.")[1]),
            chain=(publisher, ChainLink(as_=ChainRole.ORIGIN, name="Maren Holt", entity="e1")),
            relations=(
                ExtractedRelation(type=RelationType.DENIED_BY, to=4, basis=Basis.STATED, confidence=0.8),
            ),
        ),
        ExtractedClaim(
            n=3,
            kind=Kind.PARAPHRASE,
            stance=Stance.ESTIMATES,
            hedges=("would", "about"),
            confidence=0.755,
            content=content("Repairs would cost about 1,200 crowns a day"),
            cue=cue("according to"),
            source=Source(
                text="a person close to the council",
                spans=(span("a person close to the council"),),
                type=SourceType.PERSON,
                anonymous=True,
                entity="e2",
            ),
            sentence=(span("Repairs")[0], span("close to the council.")[1]),
            chain=(
                publisher,
                ChainLink(
                    as_=ChainRole.ORIGIN,
                    text="a person close to the council",
                    spans=(span("a person close to the council"),),
                    anonymous=True,
                    closeness="close to the council",
                    entity="e2",
                ),
            ),
            figures=(
                Figure(
                    text="1,200",
                    span=span("1,200"),
                    low=1200,
                    high=1200,
                    unit="crowns a day",
                    of="repairs",
                    approximate=True,
                ),
            ),
        ),
        ExtractedClaim(
            n=4,
            kind=Kind.PARAPHRASE,
            stance=Stance.DENIES,
            confidence=0.9,
            content=content("the dock leaks"),
            cue=cue("denied"),
            source=Source(
                text="The city council",
                spans=(span("The city council"),),
                type=SourceType.ORGANISATION,
                entity="e3",
            ),
            sentence=span("The city council denied that the dock leaks."),
            chain=(publisher, ChainLink(as_=ChainRole.ORIGIN, name="The city council", entity="e3")),
            relations=(ExtractedRelation(type=RelationType.DENIES, to=2, confidence=0.8),),
        ),
    )


def extraction() -> ClaimsExtracted:
    return ClaimsExtracted(
        article_id=ARTICLE_ID,
        version=VERSION,
        visit_id=VISIT_ID,
        observed_at=OBSERVED_AT,
        language="en",
        extractor=EXTRACTOR,
        claims=extracted(),
    )


def claim_id(claim: ExtractedClaim) -> str:
    return ids.claim_id(ARTICLE_ID, claim.source.text if claim.source else None, claim.content.text, 0)


def claim(n: int) -> ClaimChanged:
    """The first revision of the extraction's claim ``n``, as the store writes it."""
    claims = {one.n: one for one in extracted()}
    one = claims[n]
    return ClaimChanged(
        **{name: getattr(one, name) for name in type(one).model_fields if name not in ("n", "relations")},
        claim_id=claim_id(one),
        epoch=1,
        revision=1,
        change=Change.ASSERTED,
        cause=Cause.NEW_ARTICLE,
        relations=tuple(
            Relation(type=r.type, claim_id=claim_id(claims[r.to]), basis=r.basis, confidence=r.confidence)
            for r in one.relations
        ),
        article=ArticleRef(
            id=ARTICLE_ID,
            version=VERSION,
            observed_at=OBSERVED_AT,
            url=URL,
            site=SITE,
            title=TITLE,
            authors=("Ines Varga",),
            publisher="Estreya Courier",
            language="en",
            published_at=PUBLISHED,
            page_sha256=PAGE_SHA256,
            claims=len(claims),
        ),
        extractor=EXTRACTOR,
        first_seen=CHANGED_AT,
        changed_at=CHANGED_AT,
        labels={"desk": "harbour"},
    )
