"""A verb that only carries another one: in "local media said police had told them X", X is what police said, and the
media pass it on. Read as it stands, the whole of it would be the media's claim."""

import re

from services.extractor.chain import said_that
from services.extractor.tagged import Tagged

# Within the outer content; "them" is who carries it.
_INNER = re.compile(
    r"(?:that )?(?P<who>[^,;:.“”\"]{1,60}?) (?P<cue>(?:had |has |have )?told) (?:them|it|him|her)(?: that)?"
    r" (?P<what>\S.*)",
    re.DOTALL,
)
_VERB_BEFORE = re.compile(r"\b(?:was|were|is|are|be|been|had|has|have|said|did|would|will|could)\b")


def carried(text: str, one: Tagged) -> Tagged:
    """The attribution that an attribution only carries, or itself."""
    start, end = one.content[0]
    found = _INNER.match(text, start, end)
    if found is None or _VERB_BEFORE.search(found["who"]) or said_that(text, found.span("who")) is None:
        return one
    return one._replace(
        content=(found.span("what"), *one.content[1:]), cue=(found.span("cue"),), source=(found.span("who"),)
    )
