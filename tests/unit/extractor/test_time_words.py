"""Contents without a time are passed by unread; none that the pattern finds is among them."""

from __future__ import annotations

import pytest

from services.extractor.time_words import KINDS, SEASONS, TIME, may_hold_time

EXAMPLES = {
    "day": ("3rd March 2019", "12 Sept."),
    "us": ("May 4", "Dec. 24, 2020"),
    "ord": ("the first of June", "the third of Oct."),
    "weekday": ("Sunday", "last Wednesday night", "Thursday", "Saturday"),
    "month": ("last April", "July", "November", "Feb.", "Jan.", "Aug."),
    "season": tuple(f"the {season}" for season in SEASONS),
    "period": ("last week", "next month", "last quarter", "this year", "next decade"),
    "ago": ("two days ago", "a week earlier", "an year ago"),
    "near": ("yesterday", "Today", "TONIGHT", "Tomorrow", "last night"),
    "quarter": ("the second quarter",),
    "decade": ("the 1990s",),
    "year": ("2018",),
    "vague": ("several months ago", "right now", "now", "currently", "recently", "in the coming years"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_what_holds_a_time_is_read(kind: str) -> None:
    for words in EXAMPLES[kind]:
        found = TIME.search(words)
        assert found is not None
        assert found[kind] == words
        assert may_hold_time(f"he said {words}")


def test_what_holds_none_is_passed_by() -> None:
    assert not may_hold_time("he had nothing to do with it")
