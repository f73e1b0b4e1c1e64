"""Lists in statements come in few lengths, and say nothing new by that."""

from __future__ import annotations

import pytest

from services.store.shapes import filled


@pytest.mark.parametrize(
    ("values", "length"), [([], 0), (["a"], 1), (["b", "a"], 2), (["a", "b", "c"], 4), ([*"abcdefghi"], 16)]
)
def test_a_list_is_filled_up_to_a_power_of_two_with_what_it_holds(values: list[str], length: int) -> None:
    assert len(filled(values)) == length
    assert set(filled(values)) == set(values)


def test_repeats_are_dropped_before() -> None:
    assert filled(["b", "a", "b"]) == ["a", "b"]
