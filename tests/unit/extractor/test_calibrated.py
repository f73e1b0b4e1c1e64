"""What a tagger says of itself, as what its like has earned."""

from __future__ import annotations

import pytest

from services.extractor.calibrated import calibrated, earned
from services.extractor.tagged import Tagged

ONE = Tagged(((0, 4),), ((5, 9),), ((10, 14),), 0.7)


def test_who_says_more_has_earned_more_and_never_less() -> None:
    said = [number / 100 for number in range(101)]
    read = [earned(one) for one in said]
    assert read == sorted(read)
    assert len(set(read)) == len(read)
    assert (read[0], read[-1]) == (0.5, 0.98)


@pytest.mark.parametrize(("said", "seen"), [(0.7, 0.65), (0.86, 0.83), (0.9, 0.93)])
def test_the_middle_is_right_less_often_than_a_tagger_says_and_the_top_more_often(
    said: float, seen: float
) -> None:
    assert earned(said) == seen


def test_what_rules_found_says_already_how_often_they_are_right() -> None:
    assert calibrated(ONE).confidence == 0.65
    by_rule = ONE._replace(layer="rule behind")
    assert calibrated(by_rule) == by_rule
