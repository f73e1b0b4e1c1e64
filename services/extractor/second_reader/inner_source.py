"""A chain with an inner source that the second reader named: who was the origin passes on what that one said."""

from __future__ import annotations

from services.extractor.phrases import phrase
from shared.contracts.enums import ChainRole
from shared.contracts.events import ExtractedClaim
from shared.contracts.parts import ChainLink, Span


def with_inner_source(text: str, claim: ExtractedClaim, span: Span) -> ExtractedClaim:
    """The claim with one more link. A claim whose chain has a relay, or no origin, stays as it is."""
    if any(link.as_ is ChainRole.RELAY for link in claim.chain) or claim.source is None:
        return claim
    *before, last = claim.chain
    if last.as_ is not ChainRole.ORIGIN:
        return claim
    read = phrase(text, *span)
    relay = last.model_copy(update={"as_": ChainRole.RELAY, "anonymous": False, "closeness": None})
    origin = ChainLink(
        as_=ChainRole.ORIGIN,
        name=read.name,
        text=text[span[0] : span[1]],
        spans=(span,),
        anonymous=read.anonymous,
        closeness=read.close,
    )
    source = claim.source.model_copy(update={"anonymous": origin.anonymous})
    return claim.model_copy(update={"chain": (*before, relay, origin), "source": source})
