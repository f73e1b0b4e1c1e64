"""Blocks are taken in runs: what is doubtful goes with what stands around it, what is sure with nobody."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.cleaner.blocks.runs import CHANGE_IN_LINES, taken


@pytest.mark.parametrize(
    ("lengths", "chances", "wanted"),
    [
        ([], [], []),
        ([300], [0.9], [True]),
        ([300], [0.1], [False]),
        ([300, 20, 300], [0.9, 0.45, 0.9], [True, True, True]),
        ([300, 20, 300], [0.9, 0.02, 0.9], [True, False, True]),
        ([300, 20, 300], [0.1, 0.55, 0.1], [False, False, False]),
        ([300, 300, 300], [0.1, 0.95, 0.1], [False, True, False]),
        ([20, 300, 20], [0.6, 0.9, 0.6], [True, True, True]),
    ],
)
def test_a_doubtful_label_goes_with_its_neighbours(
    lengths: list[int], chances: list[float], wanted: list[bool]
) -> None:
    assert taken(lengths, chances, CHANGE_IN_LINES) == wanted


@given(st.lists(st.tuples(st.integers(0, 500), st.floats(0, 1))))
def test_where_a_change_costs_nothing_each_block_is_taken_by_its_own_chance(
    blocks: list[tuple[int, float]],
) -> None:
    lengths, chances = [length for length, _ in blocks], [chance for _, chance in blocks]
    found = taken(lengths, chances, 0)
    assert all(own == (chance > 0.5) for own, chance in zip(found, chances, strict=True) if chance != 0.5)


@given(st.lists(st.tuples(st.integers(0, 500), st.floats(0, 1))), st.floats(0, 2))
def test_every_block_is_decided(blocks: list[tuple[int, float]], change: float) -> None:
    assert len(taken([n for n, _ in blocks], [c for _, c in blocks], change)) == len(blocks)
