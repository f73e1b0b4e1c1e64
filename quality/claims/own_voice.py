"""The article's own statements: how many stand in nobody's mouth, and how many of the listed ones are found."""

from __future__ import annotations

from collections.abc import Sequence

from quality.claims.matching import CLOSE, Tally, overlap
from quality.claims.wanted import WantedArticle
from shared.contracts.events import ExtractedClaim

LEAST_STATED = 0.75  # the confidence that docs/contracts.md recommends to whoever wants them


def tally_statements(into: Tally, article: WantedArticle, found: Sequence[ExtractedClaim]) -> None:
    """The gold lists some statements only, so one that it does not list is right if it has nothing of a claim."""
    theirs = [
        span
        for one in article.claims
        if not one.headline
        for part in (one.content, one.cue, one.source)
        for span in part
    ]
    for claim in found:
        own = all(b <= start or end <= a for start, end in claim.content.spans for a, b in theirs)
        into.add("statements, own voice", int(own), 1, 1)
        if not own:
            into.wrong["statements, own voice"].append(f"{article.id}: {claim.content.text[:60]!r}")
    if not article.statements:
        return
    listed = sum(
        any(overlap(wanted, claim.content.spans) >= CLOSE for claim in found) for wanted in article.statements
    )
    into.add("statements, listed", listed, len(article.statements), len(article.statements))
