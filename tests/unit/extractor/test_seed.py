"""The first article: all of its claims come out with chain, anonymity, stance, figures and relations, and no other."""

from __future__ import annotations

import pytest

from quality.claims.aspects import found_items, wanted_items
from quality.claims.matching import CLOSE, Tally, overlap, pairs, tally
from quality.claims.wanted import WantedArticle, seed
from services.extractor.figures.figures import figures
from services.extractor.handler import extract
from shared.contracts.events import ExtractedClaim
from tests.unit.extractor.conftest import SEED, SeedClaims

NUMBERS = range(1, 15)


@pytest.fixture(scope="module")
def article(seed_claims: SeedClaims) -> WantedArticle:
    """The seed as the scorer reads it."""
    return seed(SEED) if seed_claims else pytest.fail("there is no seed")


@pytest.fixture(scope="module")
def found(article: WantedArticle) -> tuple[ExtractedClaim, ...]:
    return extract(article.text, language="en", title=None, publisher=article.publisher, site=None).claims


@pytest.mark.parametrize("n", NUMBERS)
def test_a_claim_of_the_seed_comes_out_with_its_spans(
    article: WantedArticle, found: tuple[ExtractedClaim, ...], n: int
) -> None:
    wanted, claim = article.claims[n - 1], pairs(article.claims, found)[n]
    assert claim.source is not None
    assert overlap(wanted.content, claim.content.spans) >= CLOSE
    assert overlap(wanted.source, claim.source.spans) >= CLOSE


@pytest.mark.parametrize("n", NUMBERS)
def test_kind_stance_chain_names_anonymity_and_figures_are_right(
    article: WantedArticle, found: tuple[ExtractedClaim, ...], n: int
) -> None:
    claim = pairs(article.claims, found)[n]
    read = found_items(claim)
    wanted = wanted_items(article.claims[n - 1], claim)
    assert {aspect: read[aspect] for aspect in wanted} == wanted


def test_both_relations_are_found_and_no_other(
    article: WantedArticle, found: tuple[ExtractedClaim, ...]
) -> None:
    result = Tally()
    tally(result, article, found)
    kinds = [aspect for aspect in result.found if aspect.startswith("relation")]
    assert {aspect: result.found[aspect] for aspect in kinds} == {
        aspect: result.wanted[aspect] for aspect in kinds
    }
    assert result.right["relation, denies"] == result.wanted["relation, denies"] == 2


def test_no_other_claim_is_found(article: WantedArticle, found: tuple[ExtractedClaim, ...]) -> None:
    assert len(found) == len(article.claims)


@pytest.mark.parametrize("n", NUMBERS)
def test_the_figures_of_every_claim_are_read(article: WantedArticle, n: int) -> None:
    wanted = article.claims[n - 1]
    read = figures(article.text, wanted.content)
    assert [
        (one.span, one.low, one.high, one.of, one.approximate, one.when and one.when.text) for one in read
    ] == [(one.span, one.low, one.high, one.of, one.approximate, one.when) for one in wanted.figures]
