"""Figures of the same thing that cannot both hold."""

import re

from services.extractor.likeness import jaccard, notions
from services.extractor.related import Related
from shared.contracts.parts import Figure

_LEAST_COMMON = 2  # notions of both contents, the thing counted among them
_ALIKE = 0.25  # notions of both by those of either
_NEXT = 2  # claims on, so far an elliptic figure ("at least 300 are") still means what was counted


def apart(one: Related, other: Related) -> bool:
    """Whether both count the same thing in the same matter, once each, and differ."""
    if bare(one) or bare(other):
        return _elliptic(one, other)
    if abs(one.n - other.n) == 1 and (_only_counts(one) or _only_counts(other)):
        return any(_clash(a, b) for a in one.figures for b in other.figures)
    if _LEANS.match(one.content) or _LEANS.match(other.content):
        return False
    if len(one.words & other.words) < _LEAST_COMMON or jaccard(one.words, other.words) < _ALIKE:
        return False
    return any(
        _clash(a, b) for a in one.figures for b in other.figures if _counted(a, one) and _counted(b, other)
    )


def bare(claim: Related) -> bool:
    """A figure and nothing else: "there were 1,800", "the true figure is nearer £5m"."""
    if len(claim.figures) != 1 or claim.figures[0].of is not None or claim.figures[0].unit == "ordinal":
        return False
    return (
        _IS.search(claim.content) is not None
        and not notions(re.sub(r"[\d.,]+", " ", claim.content.replace(claim.figures[0].text, " "))) - _EMPTY
    )


# Whose count it is stands elsewhere.
_LEANS = re.compile(r"\W*(?:he|she|it|they|his|her|its|their)\b", re.IGNORECASE)
_IS = re.compile(r"\b(?:is|are|was|were|be)\b")
_EMPTY = notions(
    "least most more less fewer like nearer closer true real actual correct figure number total sum count cost toll"
)
_COUNTING = notions("count counted counting least most fewer")


def _elliptic(one: Related, other: Related) -> bool:
    full = other if bare(one) else one
    brief = one if full is other else other
    counts = [figure for figure in full.figures if figure.unit == brief.figures[0].unit]
    if len(counts) == 2 and counts[0].of is not None and counts[0].of == counts[1].of:
        counts = counts[1:]  # "from 24 to 33": what it is now
    if bare(full) or len(counts) != 1 or abs(one.n - other.n) > _NEXT:
        return False
    if brief.figures[0].when is not None and _at(brief.figures[0]) != _at(counts[0]):
        return False  # "three years ago the figure was 44 per cent"
    return _differ(brief.figures[0], counts[0])


def _only_counts(claim: Related) -> bool:
    """ "We have counted 12 boats, no more": nothing but how many there are."""
    if len(claim.figures) != 1 or claim.figures[0].of is None:
        return False
    return claim.words <= _COUNTING | notions(claim.figures[0].of)


def _counted(figure: Figure, claim: Related) -> bool:
    """Whether it is the claim's only figure of that thing."""
    return figure.of is not None and sum(same.of == figure.of for same in claim.figures) == 1


def _clash(a: Figure, b: Figure) -> bool:
    if a.unit != b.unit or a.unit == "ordinal" or _at(a) != _at(b) or a.of is None or b.of is None:
        return False
    one, other = notions(a.of), notions(b.of)
    head = notions(a.of.split()[-1]) == notions(b.of.split()[-1])
    return head and (one <= other or other <= one) and _differ(a, b)


def _differ(a: Figure, b: Figure) -> bool:
    low_a, high_a = _bounds(a)
    low_b, high_b = _bounds(b)
    return high_a < low_b or high_b < low_a


def _at(figure: Figure) -> tuple[str | None, str | None]:
    return (figure.when.from_, figure.when.to) if figure.when is not None else (None, None)


def _bounds(figure: Figure) -> tuple[float, float]:
    low = figure.low if figure.low is not None else float("-inf")
    high = figure.high if figure.high is not None else float("inf")
    slack = 0.1 if figure.approximate and figure.low == figure.high else 0.0
    return low * (1 - slack), high * (1 + slack)
