"""What was claimed in the story of `samples.py`: four claims, the extraction that holds them, their first revisions."""

from __future__ import annotations

from typing import Final

from shared.contracts import ids
from shared.contracts.enums import Basis, Cause, ChainRole, Change, Kind, RelationType, SourceType, Stance
from shared.contracts.events import ArticleRef, ClaimChanged, ClaimsExtracted, ExtractedClaim
from shared.contracts.parts import (
    ChainLink,
    Content,
    ExtractedRelation,
    ExtractorIdentity,
    Figure,
    Part,
    Relation,
    SecondReading,
    Source,
    When,
)
from shared.contracts.samples import (
    ARTICLE_ID,
    CHANGED_AT,
    OBSERVED_AT,
    PAGE_SHA256,
    PUBLISHED,
    SITE,
    TEXT,
    TITLE,
    URL,
    VERSION,
    VISIT_ID,
    span,
)

EXTRACTOR: Final = ExtractorIdentity(name="claimstream-rules", version="0.1.0", sequence=1)
# With a second reader, which saw where the quotation's source begins.
WITH_READER: Final = EXTRACTOR.model_copy(
    update={"version": f"{EXTRACTOR.version}+reader.small-model", "sequence": EXTRACTOR.sequence + 4}
)


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


def extracted() -> tuple[ExtractedClaim, ...]:
    """A paraphrase, a quotation, an estimate by somebody who is not named, and a denial of the quotation."""
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
            second_reading=SecondReading(model="small-model", changed=("source",)),
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
        extractor=WITH_READER,
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
        extractor=WITH_READER,
        first_seen=CHANGED_AT,
        changed_at=CHANGED_AT,
        labels={"desk": "harbour"},
    )
