"""Which patterns a gold claim exercises by its own fields: what is counted a pattern must not hang on the memory of
whoever wrote the list. Patterns of style and reference ("pull quote", "by surname") only a person can tell."""

from __future__ import annotations

from collections.abc import Iterator

from shared.contracts.enums import RelationType, SourceType
from tests.contract.gold_article import GoldClaim, GoldFigure, GoldStatement

_SHARES = {"percent", "percentage points"}
_GRANULARITIES = {"month", "season", "vague"}


def shown(item: GoldStatement) -> frozenset[str]:
    """The patterns that follow from the fields; those that are written are these and more."""
    patterns = {pattern for figure in item.figures for pattern in _of_figure(figure)}
    patterns |= {f"time-{time.granularity}" for time in item.times if time.granularity in _GRANULARITIES}
    if isinstance(item, GoldClaim):
        patterns |= set(_of_claim(item))
    return frozenset(patterns)


def _of_claim(claim: GoldClaim) -> Iterator[str]:
    yield f"stance-{claim.stance}"
    for pattern, holds in {
        "negation-content": claim.negated,
        "negation-cue": claim.cue_negated,
        "hedge-content": claim.hedges,
        "hedge-cue": claim.cue_hedges,
        "headline": claim.headline,
    }.items():
        if holds:
            yield pattern
    if claim.source and claim.source.type in {SourceType.ORGANISATION, SourceType.DOCUMENT}:
        yield f"source-{claim.source.type}"
    if claim.anonymity and not claim.headline:
        yield f"anon-{claim.anonymity}"
    for relation in claim.relations:
        basis = f"-{relation.basis}" if relation.type is RelationType.DENIES else ""
        yield f"relation-{relation.type}{basis}"


def _of_figure(figure: GoldFigure) -> Iterator[str]:
    unit, low, high = figure.unit, figure.low, figure.high
    if unit:
        money = "figure-money" if unit.isupper() else "figure-measure"
        yield (
            "figure-percent"
            if unit in _SHARES
            else {
                "ordinal": "figure-ordinal",
                "fraction": "figure-fraction",
            }.get(unit, money)
        )
    if low is None or high is None:
        yield "figure-bound"
    elif figure.approximate:
        yield "figure-approximate" if low == high else "figure-dozen"
    elif low != high:
        yield "figure-range"
    elif not unit:
        yield "figure-plain"
