"""The first article: which of its claims this extractor finds, and which marks it leaves alone."""

from __future__ import annotations

from typing import Any

import pytest

from services.extractor.figures.figures import figures
from services.extractor.handler import extract
from shared.contracts.events import ExtractedClaim
from shared.contracts.parts import Part
from tests.unit.extractor.conftest import SeedClaims

DIRECT = (6, 10, 14)
MIXED = (12, 13)


def found_in(seed: SeedClaims) -> tuple[ExtractedClaim, ...]:
    return extract(seed.article, language="en", title=None, publisher="The Moscow Times", site=None).claims


def claim_like(seed: SeedClaims, n: int) -> ExtractedClaim:
    """The one found claim whose content stands where the seed's claim `n` has it."""
    wanted = spans(seed.claims[n]["content"])
    return next(claim for claim in found_in(seed) if list(claim.content.spans) == wanted)


def spans(part: dict[str, Any] | Part | None) -> list[tuple[int, int]]:
    if part is None:
        return []
    given = part.spans if isinstance(part, Part) else part["spans"]
    return [(start, end) for start, end in given]


@pytest.mark.parametrize("n", DIRECT)
def test_direct_quotations_come_out_exactly(seed_claims: SeedClaims, n: int) -> None:
    wanted, claim = seed_claims.claims[n], claim_like(seed_claims, n)
    for field in ("content", "cue", "source"):
        part = getattr(claim, field)
        assert (field, part.text, spans(part)) == (field, wanted[field]["text"], spans(wanted[field]))
    assert (claim.kind, claim.stance) == (wanted["kind"], wanted["stance"])
    assert claim.source is not None
    assert claim.source.anonymous == wanted["anonymous"]
    assert claim.source.type == wanted["source"]["type"]
    assert claim.source.name == wanted["source"]["name"]


@pytest.mark.parametrize("n", MIXED)
def test_clauses_that_end_in_a_quotation_come_out_with_content_and_source(
    seed_claims: SeedClaims, n: int
) -> None:
    wanted, claim = seed_claims.claims[n], claim_like(seed_claims, n)
    assert (claim.content.text, spans(claim.content)) == (wanted["content"]["text"], spans(wanted["content"]))
    assert spans(claim.source) == spans(wanted["source"])
    assert (claim.kind, claim.stance) == (wanted["kind"], wanted["stance"])


@pytest.mark.parametrize("n", range(1, 15))
def test_the_figures_of_every_claim_are_read(seed_claims: SeedClaims, n: int) -> None:
    wanted = seed_claims.claims[n]
    found = figures(seed_claims.article, spans(wanted["content"]))
    assert [
        (one.text, one.span, one.low, one.high, one.of, one.approximate, one.when and one.when.text)
        for one in found
    ] == [
        (*(one[field] for field in ("text", "span", "low", "high", "of", "approximate", "when")),)
        for one in ({**one, "span": tuple(one["span"])} for one in wanted["figures"])
    ]


def test_scare_quotes_are_no_quotations(seed_claims: SeedClaims) -> None:
    contents = [claim.content.text for claim in found_in(seed_claims)]
    for scare in ("“key”", "“just a few dozen”", "“cease,”"):
        assert scare in seed_claims.article
        assert not [content for content in contents if scare in content]


def test_nothing_else_is_found(seed_claims: SeedClaims) -> None:
    assert len(found_in(seed_claims)) == len(DIRECT) + len(MIXED)
