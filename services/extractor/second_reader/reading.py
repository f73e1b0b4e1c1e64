"""An article read again with the corrections: everything that follows from a claim's parts follows from them anew."""

from __future__ import annotations

from collections.abc import Sequence

from services.extractor.edges import tidy
from services.extractor.handler import Extraction, claims_of, key_of
from services.extractor.second_reader.corrections import Correction
from services.extractor.second_reader.inner_source import with_inner_source
from services.extractor.structure import About
from services.extractor.tagged import Key, Spans, Tagged
from shared.contracts.events import ExtractedClaim
from shared.contracts.parts import SecondReading


def read_with(
    text: str,
    tagged: Sequence[Tagged],
    corrections: Sequence[Correction],
    about: About,
    statements: float | None,
    model: str,
) -> Extraction:
    """The extraction of the corrected attributions. Each claim that is another one by them says so.

    A correction that would make a claim the same as another one is left out: the two would be one.
    """
    corrected = list(tagged)
    keys = {one.key for one in tagged}
    said: dict[Key, tuple[Tagged, Correction]] = {}
    for each in corrections:
        old = tagged[each.at]
        new = each.tagged if _parts(each.tagged) == _parts(old) else tidy(text, each.tagged)
        if new.key in keys and new.key != old.key:
            continue
        keys.add(new.key)
        corrected[each.at] = new
        said[new.key] = old, each._replace(tagged=new)
    found = claims_of(text, corrected, about, statements)
    claims = tuple(
        _marked(text, claim, *said[key], model)
        if (key := key_of(claim)) is not None and key in said
        else claim
        for claim in found.claims
    )
    return Extraction(claims=claims, layers=found.layers, tagged=found.tagged)


def _parts(one: Tagged) -> tuple[Spans, ...]:
    return one.content, one.cue, one.source


def _marked(text: str, claim: ExtractedClaim, old: Tagged, by: Correction, model: str) -> ExtractedClaim:
    """The claim with what the second reader did."""
    changed = [
        name
        for name, before, after in (
            ("confidence", old.confidence, by.tagged.confidence),
            ("content", old.content, by.tagged.content),
            ("source", old.source, by.tagged.source),
        )
        if before != after
    ]
    if by.origin is not None:
        nested = with_inner_source(text, claim, by.origin)
        changed += ["chain"] if nested != claim else []
        claim = nested
    if not changed:
        return claim
    return claim.model_copy(update={"second_reading": SecondReading(model=model, changed=tuple(changed))})
