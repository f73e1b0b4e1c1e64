"""Whatever a claim says with a place is exactly what stands there."""

from __future__ import annotations

from typing import Any

import pytest

from services.store.ledger.proof import fault, parts_of
from shared.contracts import sample_claims, samples
from shared.contracts.events import ClaimBody

CLAIMS = sample_claims.extracted()
# Something with both a text and a place, by its path in the JSON of a claim.
PLACES = [
    (number, path)
    for number, claim in enumerate(CLAIMS)
    for path in (
        ("content",),
        ("cue",),
        ("source",),
        *(("chain", n) for n, link in enumerate(claim.chain) if link.text),
        *(("figures", n) for n in range(len(claim.figures))),
        *(("figures", n, "when") for n, figure in enumerate(claim.figures) if figure.when),
        *(("times", n) for n in range(len(claim.times))),
    )
]


def edited(number: int, path: tuple[str | int, ...], **values: object) -> ClaimBody:
    """The claim with other values in one place."""
    document: Any = CLAIMS[number].model_dump(mode="json", by_alias=True)
    node = document
    for step in path:
        node = node[step]
    node.update(values)
    return ClaimBody.model_validate(document)


def test_the_examples_hold_every_kind_of_place() -> None:
    kinds = {name.split()[0] for claim in CLAIMS for name, _ in parts_of(claim)}
    assert kinds == {"content", "cue", "source", "chain", "figure", "time"}


def test_claims_whose_every_word_stands_where_it_is_said_to_stand_pass() -> None:
    assert fault(CLAIMS, samples.TEXT, samples.TITLE) is None


@pytest.mark.parametrize(("number", "path"), PLACES, ids=str)
def test_a_word_that_does_not_stand_there_is_found(number: int, path: tuple[str | int, ...]) -> None:
    found = fault([edited(number, path, text="nobody said this")], samples.TEXT, samples.TITLE)
    assert found is not None
    assert found[0] == "unprovable"


@pytest.mark.parametrize(("number", "path"), PLACES, ids=str)
def test_a_place_in_the_title_is_looked_up_there_and_one_in_something_unknown_nowhere(
    number: int, path: tuple[str | int, ...]
) -> None:
    assert fault([edited(number, path, **{"in": "title"})], samples.TEXT, samples.TITLE) is not None
    assert fault([edited(number, path, **{"in": "caption"})], samples.TEXT, samples.TITLE) is None


def test_a_part_without_a_place_proves_nothing() -> None:
    assert fault([edited(0, ("content",), spans=[])], samples.TEXT, samples.TITLE) is not None
