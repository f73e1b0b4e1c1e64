"""Contents without a time are passed by unread; none that the pattern finds is among them."""

from __future__ import annotations

import pytest

from services.extractor.time_words import KINDS, SEASONS, TIME, may_hold_time

EXAMPLES = {
    "days": ("3-5 March", "12 to 14 June 2019"),
    "usdays": ("May 3-5", "June 12–14, 2019"),
    "day": ("3rd March 2019", "12 Sept.", "Sunday, 12 May"),
    "us": ("May 4", "Dec. 24, 2020", "Friday, May 3"),
    "ord": ("the first of June", "the third of Oct."),
    "feast": ("Christmas Eve", "last Halloween", "New Year’s Day", "before Christmas"),
    "relative": ("the same day", "that year", "the following month", "a week earlier", "two days later"),
    "weekday": ("Sunday", "last Wednesday night", "Thursday", "Saturday", "this coming Friday"),
    "month": ("last April", "July", "November", "Feb.", "Jan.", "Aug.", "mid-May"),
    "season": tuple(f"the {season}" for season in SEASONS),
    "beyond": ("the week before last", "the year after next", "the day after tomorrow"),
    "weekend": ("this weekend", "at the weekend", "Over the weekend"),
    "edge": ("the end of the month", "the turn of the century", "year-end", "week’s end"),
    "period": ("last week", "next month", "last quarter", "this year", "next decade", "last century"),
    "ago": ("two days ago", "a fortnight ago", "an year ago"),
    "hence": ("two years’ time", "a month from now"),
    "near": (
        "this morning",
        "This evening",
        "this afternoon",
        "yesterday",
        "Today",
        "TONIGHT",
        "Tomorrow",
        "last night",
    ),
    "half": ("the first half of 2021", "H1 2021", "the second half of the year"),
    "quarter": ("the second quarter", "Q3", "Q2 2021"),
    "decade": ("the 1990s", "the mid-1990s", "the early 1980s"),
    "range": ("2015-18", "2015–2018"),
    "year": ("2018",),
    "vague": (
        "several months ago",
        "right now",
        "now",
        "currently",
        "recently",
        "in the coming years",
        "in recent weeks",
        "centuries ago",
    ),
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
