"""Which characters belong to which part of which claim. Contents nest and overlap, so a text is cut at every edge."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Literal, NamedTuple

from shared.contracts.events import ExtractedClaim
from shared.contracts.parts import Part, Span

Role = Literal["content", "source", "cue"]


class Mark(NamedTuple):
    """One span of one part of claim `n`; offsets as in the claim, end exclusive."""

    start: int
    end: int
    role: Role
    n: int


class Segment(NamedTuple):
    """A piece without an edge inside: `opening` and `closing` marks stand at its ends, the outer ones first in
    `opening` and last in `closing`; `inside` are all that hold it, the outermost first."""

    start: int
    end: int
    opening: tuple[Mark, ...]
    inside: tuple[Mark, ...]
    closing: tuple[Mark, ...]


def marks(claims: Iterable[ExtractedClaim], where: str) -> list[Mark]:
    """The parts that stand in `where` (`text` or `title`), the outer ones first."""
    found = [
        Mark(start, end, role, claim.n)
        for claim in claims
        for role, part in _parts(claim)
        if part is not None and part.in_ == where
        for start, end in part.spans
    ]
    return sorted(found, key=_order)


def _parts(claim: ExtractedClaim) -> tuple[tuple[Role, Part | None], ...]:
    return ("content", claim.content), ("source", claim.source), ("cue", claim.cue)


def _order(mark: Mark) -> tuple[int, int, int]:
    return mark.start, -mark.end, mark.n


def segments(marked: Iterable[Mark], within: Span) -> Iterator[Segment]:
    """The stretch `within` of the text, from edge to edge. A mark that reaches beyond it is cut there."""
    first, last = within
    here = [
        mark._replace(start=max(mark.start, first), end=min(mark.end, last))
        for mark in marked
        if mark.start < last and mark.end > first
    ]
    edges = sorted({first, last, *(mark.start for mark in here), *(mark.end for mark in here)})
    here.sort(key=_order)
    open_: list[Mark] = []
    at = 0
    for start, end in pairwise(edges):
        open_ = [mark for mark in open_ if mark.end > start]
        opening = []
        while at < len(here) and here[at].start == start:
            opening.append(here[at])
            at += 1
        open_ += opening
        closing = sorted((mark for mark in open_ if mark.end == end), key=lambda mark: -mark.start)
        yield Segment(start, end, tuple(opening), tuple(open_), tuple(closing))
