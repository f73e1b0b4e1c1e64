"""Which claim is which: a table of cases, and what holds for every two sets."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.store.ledger.alignment import Statement, align

CASES = json.loads((Path(__file__).parents[2] / "data" / "store" / "alignment.json").read_text("utf-8"))

WORDS = st.sampled_from(["tax", "war", "rose", "fell", "no", "never", "7", "said", "…"])
STATEMENTS = st.lists(
    st.builds(
        Statement,
        st.none() | st.sampled_from(["he", "the minister", "a union"]),
        st.lists(WORDS, min_size=1, max_size=6).map(" ".join),
    ),
    max_size=6,
)


def statements(listed: list[list[Any]]) -> list[Statement]:
    return [Statement(*one) for one in listed]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_alignment(case: dict[str, Any]) -> None:
    found = align(statements(case["old"]), statements(case["new"]), statements(case.get("withdrawn", [])))
    assert sorted(found.matched.items()) == [tuple(pair) for pair in case["matched"]]
    assert sorted(found.returned.items()) == [tuple(pair) for pair in case.get("returned", [])]
    if "near" in case:
        assert sorted(found.near.items()) == [tuple(pair) for pair in case["near"]]


@given(STATEMENTS, STATEMENTS, STATEMENTS)
def test_every_claim_is_used_once_at_most(
    old: list[Statement], new: list[Statement], withdrawn: list[Statement]
) -> None:
    found = align(old, new, withdrawn)
    assert len(set(found.matched.values())) == len(found.matched)
    assert len(set(found.returned.values())) == len(found.returned)
    assert not set(found.matched) & set(found.returned)
    assert not set(found.near) & set(found.matched)
    assert not set(found.near.values()) & set(found.matched.values())
    assert align(old, new, withdrawn) == found


@given(STATEMENTS)
def test_a_set_aligned_with_itself_is_matched_in_place(claims: list[Statement]) -> None:
    assert align(claims, claims).matched == {index: index for index in range(len(claims))}
