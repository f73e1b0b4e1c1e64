"""What is known of a claim beside its words, as short lines for a person."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from shared.contracts.events import ExtractedClaim
from shared.contracts.parts import ChainLink, ExtractedRelation, Figure, Source, When


class Explained(NamedTuple):
    """What is shown: a text and its title, the claims in it, and of each which layer found it."""

    text: str
    title: str | None
    claims: tuple[ExtractedClaim, ...]
    layers: tuple[str, ...]


def heading(claim: ExtractedClaim, layer: str) -> str:
    """``paraphrase, denies; confidence 0.94 (tagger)``."""
    negated = ", negated" if claim.negated else ""
    said = f"{claim.kind.value}, {claim.stance.value}{negated}"
    return f"{said}; confidence {claim.confidence:.2f} ({layer})"


def facts(claim: ExtractedClaim) -> Iterator[tuple[str, str]]:
    """Label and words of each aspect that the claim has anything to say about."""
    if claim.source is not None:
        yield "source", _source(claim.source)
    if claim.chain:
        yield "chain", " → ".join(map(_link, claim.chain))
    if claim.hedges:
        yield "hedges", ", ".join(claim.hedges)
    for figure in claim.figures:
        yield "figure", _figure(figure)
    for when in claim.times:
        yield "time", _when(when)


def relation(one: ExtractedRelation) -> str:
    """``denied by 3 (stated, 0.90)``."""
    return f"{one.type.value.replace('_', ' ')} {one.to} ({one.basis.value}, {one.confidence:.2f})"


def _source(source: Source) -> str:
    known = [source.name or "no name", source.role, source.type.value, source.entity]
    return f"“{source.text}”: " + ", ".join(filter(None, known))


def _link(link: ChainLink) -> str:
    who = link.name or (f"“{link.text}”" if link.text else "nobody named")
    about = [link.as_.value, "anonymous" if link.anonymous else None, link.closeness]
    return f"{who} ({', '.join(filter(None, about))})"


def _figure(figure: Figure) -> str:
    low, high = _number(figure.low), _number(figure.high)
    if figure.low == figure.high:
        value = low
    elif figure.low is None or figure.high is None:
        value = f"at most {high}" if figure.low is None else f"at least {low}"
    else:
        value = f"{low} to {high}"
    about = "about " if figure.approximate else ""
    of = " ".join(filter(None, (figure.unit, f"of “{figure.of}”" if figure.of else None)))
    when = f"; {_when(figure.when)}" if figure.when is not None else ""
    return f"“{figure.text}” = {about}{value} {of}".rstrip() + when


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:,.10g}"


def _when(when: When) -> str:
    if when.from_ is None and when.to is None:
        return f"“{when.text}”, no date"
    dates = when.from_ if when.from_ == when.to else f"{when.from_ or '…'} to {when.to or '…'}"
    return f"“{when.text}” = {dates}"
