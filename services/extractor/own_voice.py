"""The article's own statements as claims: kind `statement`, their only link the publisher, no source and no cue."""

from collections.abc import Iterator, Sequence

from services.extractor.dated import counted_and_dated
from services.extractor.stance import hedges, negated
from services.extractor.statements import Stated, statements
from services.extractor.structure import About, by_publisher, content_of
from services.extractor.tagged import Tagged
from shared.contracts.enums import Kind, Stance
from shared.contracts.events import ExtractedClaim
from shared.contracts.parts import ExtractedRelation, Span


def with_statements(
    text: str, claims: Sequence[ExtractedClaim], tagged: Sequence[Tagged], about: About, least: float
) -> tuple[ExtractedClaim, ...]:
    """The claims and the statements of at least that confidence, numbered anew by content."""
    own = [
        _claim(text, one, about)
        for one in statements(text, list(_taken(claims, tagged)), about.published)
        if one.confidence >= least
    ]
    ordered = sorted([*claims, *own], key=lambda claim: (claim.content.in_ == "text", claim.content.spans[0]))
    moved = {claim.n: n for n, claim in enumerate(ordered, 1) if claim.kind is not Kind.STATEMENT}
    return tuple(
        claim.model_copy(update={"n": n, "relations": tuple(_moved(claim.relations, moved))})
        for n, claim in enumerate(ordered, 1)
    )


def _taken(claims: Sequence[ExtractedClaim], tagged: Sequence[Tagged]) -> Iterator[Span]:
    """All that belongs to somebody, and the clauses of the cues."""
    for one in tagged:
        yield from (*one.content, *one.cue, *one.source)
    for claim in claims:
        if claim.content.in_ == "text":
            if claim.sentence is not None:
                yield claim.sentence
            yield from (span for link in claim.chain if link.in_ == "text" for span in link.spans)


def _moved(relations: Sequence[ExtractedRelation], moved: dict[int, int]) -> Iterator[ExtractedRelation]:
    for relation in relations:
        yield relation.model_copy(update={"to": moved[relation.to]})


def _claim(text: str, one: Stated, about: About) -> ExtractedClaim:
    content = content_of(text, (one.span,))
    counted, named = counted_and_dated(text, (one.span,), about.published)
    return ExtractedClaim(
        n=1,
        kind=Kind.STATEMENT,
        stance=Stance.ASSERTS,
        negated=negated(content.text),
        hedges=hedges(content.text),
        confidence=one.confidence,
        content=content,
        sentence=one.span,
        chain=by_publisher(about),
        figures=counted,
        times=named,
    )
