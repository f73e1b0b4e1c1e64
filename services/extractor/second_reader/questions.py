"""Which claims of an article the second reader is asked about: those with little confidence, and nested ones."""

from __future__ import annotations

import re
from dataclasses import dataclass

from services.extractor.handler import Extraction, key_of
from services.extractor.second_reader.passage import Passage, passage
from services.extractor.tagged import Spans, Tagged
from services.extractor.verbs import FORMS
from shared.contracts.enums import ChainRole, Kind, SourceType
from shared.contracts.events import ExtractedClaim

MOST_QUESTIONS = 4  # of one article: a long one must not take what others are to have of the hour's calls
_WORD = re.compile(r"[a-z]+")
_PASSES_ON = frozenset({SourceType.ORGANISATION, SourceType.DOCUMENT})


@dataclass(frozen=True, slots=True)
class Question:
    """One claim. ``at``: its place among the tagged attributions. ``inner``: whether an inner source may be named;
    ``links``: where the chain's links stand, which are none."""

    at: int
    tagged: Tagged
    passage: Passage
    inner: bool
    links: Spans


def questions(text: str, found: Extraction, below: float) -> tuple[Question, ...]:
    """The claims with a confidence below that, and the nested ones; the least sure of them first.

    A headline's claim leans on one of the body, and a statement of the article's own has no source to be wrong about.
    """
    claims = {key: claim for claim in found.claims if (key := key_of(claim)) is not None}
    asked = []
    for at, one in enumerate(found.tagged):
        claim = claims.get(one.key)
        if claim is None:
            continue
        relayed = any(link.as_ is ChainRole.RELAY for link in claim.chain)
        inner = not relayed and _may_pass_on(claim)
        if one.confidence >= below and not relayed and not inner:
            continue
        around = passage(text, one.content + one.cue + one.source)
        if around is not None:
            links = tuple(span for link in claim.chain if link.in_ == "text" for span in link.spans)
            asked.append(Question(at, one, around, inner, links))
    asked.sort(key=lambda question: (question.tagged.confidence, question.at))
    return tuple(asked[:MOST_QUESTIONS])


def _may_pass_on(claim: ExtractedClaim) -> bool:
    """Whether it may be somebody else's, told by a paper or a report: "the Post said an official had warned …"."""
    if claim.kind is Kind.QUOTE or claim.source is None or claim.source.type not in _PASSES_ON:
        return False
    verbs = (FORMS.get(word) for word in _WORD.findall(claim.content.text.lower()))
    return any(verb is not None and verb.speaks for verb in verbs)
