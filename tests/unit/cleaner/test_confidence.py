"""Confidence falls where another extractor finds another article and where the classifier was unsure."""

from __future__ import annotations

import numpy as np
import pytest

from services.cleaner.blocks.classifier import Judged
from services.cleaner.blocks.model import load
from services.cleaner.confidence import SIGNS, confidence_of, signs_of
from services.cleaner.training.honest import Outcome, area_under_curve, confidence_weights

LONG = "The council said on Wednesday that the bridge will be closed to all traffic from June. " * 20
SURE = [Judged("Home", 0.02), Judged(LONG, 0.98), Judged("Share", 0.03)]
UNSURE = [Judged("Home", 0.02), Judged(LONG, 0.55), Judged(LONG, 0.45)]


def confidence(judged: list[Judged], agreement: float) -> float:
    return confidence_of(signs_of(judged, 0.5, agreement), load().confidence)


def test_sure_blocks_and_a_second_opinion_that_agrees_make_it_high() -> None:
    assert confidence(SURE, 0.97) >= 0.9


@pytest.mark.parametrize(("judged", "agreement"), [(SURE, 0.2), (UNSURE, 0.97), (UNSURE, 0.2)])
def test_doubt_of_either_kind_lowers_it(judged: list[Judged], agreement: float) -> None:
    assert confidence(judged, agreement) < confidence(SURE, 0.97)


def test_of_no_blocks_there_is_a_confidence_too() -> None:
    assert 0 <= confidence([], 1.0) <= 1
    assert len(signs_of([], 0.5, 0.0)) == len(SIGNS)


def test_the_weights_learn_what_tells_good_pages_from_bad_ones() -> None:
    good = Outcome("one two three four five", "one two three four five", np.array([0.95, 0.9, 0.1, 0.2, 1.0]))
    bad = Outcome("one two three four five", "six seven eight nine", np.array([0.3, 0.6, 0.6, 0.5, 1.0]))
    weights = confidence_weights([good, bad] * 20)
    assert confidence_of(good.signs, weights) > 0.7 > 0.3 > confidence_of(bad.signs, weights)


def test_the_area_under_the_curve_is_the_share_of_pairs_in_the_right_order() -> None:
    assert area_under_curve([0.9, 0.8, 0.3, 0.8], [True, True, False, False]) == pytest.approx(0.875)
