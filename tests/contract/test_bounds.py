"""A number that no database column holds is refused where it is read, with its field, in every kind of record."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from shared.contracts import codec
from shared.contracts.envelope import parse
from shared.contracts.registry import THINGS
from shared.errors import Undecodable
from tests.contract.committed import example, record_of, schema

HUGE = 2**31
ROOMY = {"/properties/size"}  # a page's: in no column, and refused by itself when it is above any page's


def integers(node: Any, where: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every integer of a schema, with the place where it is declared."""
    if isinstance(node, dict):
        if node.get("type") == "integer":
            yield where, node
        for key, value in node.items():
            yield from integers(value, f"{where}/{key}")
    elif isinstance(node, list):
        for value in node:
            yield from integers(value, where)


@pytest.mark.parametrize("name", [thing.name for thing in THINGS])
def test_every_integer_on_the_wire_has_an_upper_bound_that_a_database_holds(name: str) -> None:
    loose = {where for where, node in integers(schema(name)) if not node.get("maximum", HUGE) < HUGE}
    assert loose - ROOMY == set()


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("fate", "attempt"),
        ("fate", "claims"),
        ("outcome", "claims"),
        ("outcome", "revision"),
        ("article", "page_size"),
        ("claim", "revision"),
        ("heartbeat", "open"),
    ],
)
def test_a_huge_number_makes_the_record_undecodable_and_names_the_field(name: str, field: str) -> None:
    document = example(name)
    record = record_of(document)
    value = json.loads(record.value or b"")
    for huge in (HUGE, 10**40):
        changed = record._replace(value=json.dumps(value | {field: huge}).encode())
        with pytest.raises(Undecodable) as caught:
            codec.decoder_of(record.topic)(changed, parse(record.headers))
        assert caught.value.code == "wrong-shape"
        assert field in caught.value.message
