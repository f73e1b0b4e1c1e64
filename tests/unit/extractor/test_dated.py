"""Of when a figure is: the time in its clause, and not that of the event it stands in."""

from __future__ import annotations

from datetime import date

import pytest

from services.extractor.dated import counted_and_dated
from services.extractor.handler import extract


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Three years ago the share was 44 per cent", [("44 per cent", "Three years ago")]),
        (
            "The yard has built four ferries since March, down from 22 in the first quarter",
            [("four", "March"), ("22", "the first quarter")],
        ),
        ("The port lost 9.2m last year", [("9.2m", "last year")]),
        ("Some 34 people were hurt when the pier fell on Monday", [("34", None)]),
        ("Two thirds of the ferries on this spring’s list were old", [("Two thirds", None)]),
        ("The port now stands at 40 cranes, up from 12 in 2009", [("40", "now"), ("12", "2009")]),
        ("The club held £39 on 2 November 2020", [("£39", "2 November 2020")]),
        ("She mailed the board six letters in April", [("six", None)]),
        ("Crews shipped only four engines since April", [("four", "April")]),
        ("It said in May, when 12 ferries sailed, that all was well", [("12", None)]),
    ],
)
def test_a_figure_has_the_time_that_it_is_of(text: str, wanted: list[tuple[str, str | None]]) -> None:
    counted, _ = counted_and_dated(text, ((0, len(text)),), date(2024, 5, 14))
    assert [(one.text, one.when.text if one.when else None) for one in counted] == wanted


def test_a_bare_figure_counts_what_the_one_that_it_contradicts_counts() -> None:
    text = "The board says that crews have grown from 24 in 2018 to 33 now. The guild said that it was more like 38."
    first, second = extract(text, language="en", published_at="2024-05-14").claims
    assert [(one.text, one.of) for one in (*first.figures, *second.figures)] == [
        ("24", "crews"),
        ("33", "crews"),
        ("38", "crews"),
    ]
    assert [(one.type.value, one.to) for one in second.relations] == [("disagrees", 1)]
