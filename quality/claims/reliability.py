"""Whether a claim's confidence is what it says: of claims with .9, nine in ten should be right (content and source)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

EDGES = (0.0, 0.6, 0.7, 0.8, 0.9, 1.0)  # nobody says less than a half


class Judged(NamedTuple):
    """One claim: what it said of itself, and whether annotators found it too."""

    said: float
    right: bool


class Bin(NamedTuple):
    """The claims whose confidence lies in a range: how many, what they said on average, which share was right."""

    low: float
    high: float
    claims: int
    said: float
    right: float

    @property
    def name(self) -> str:
        low, high = (f"{edge:.1f}".removeprefix("0") for edge in (self.low, self.high))
        return (
            f"below {high}"
            if self.low == EDGES[0]
            else f"{low} and more"
            if self.high == EDGES[-1]
            else f"{low} to {high}"
        )


def curve(judged: Sequence[Judged]) -> Iterator[Bin]:
    """The bins that hold any claim, from the least sure on."""
    for low, high in pairwise(EDGES):
        here = [one for one in judged if low <= one.said < high or (high == EDGES[-1] and one.said == high)]
        if here:
            said, right = (sum(one[i] for one in here) / len(here) for i in (0, 1))
            yield Bin(low, high, len(here), said, right)


def agreement(judged: Sequence[Judged]) -> float:
    """1 less the expected calibration error: the distance between said and right, averaged over claims."""
    return 1.0 - sum(one.claims * abs(one.said - one.right) for one in curve(judged)) / max(1, len(judged))


def lines(name: str, judged: Sequence[Judged]) -> Iterator[str]:
    """The curve for people: said against right."""
    yield f"confidence, {name}: said and right (content and source) of {len(judged)} claims"
    for one in curve(judged):
        bar = "#" * round(40 * one.right)
        yield f"  {one.name:12} {one.claims:5} claims  said {one.said:.3f}  right {one.right:.3f}  {bar}"
