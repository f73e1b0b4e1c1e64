"""The times of a claim on the calendar, against sentences that were written before the rules. Where two readings are
possible, none is taken."""

from __future__ import annotations

from datetime import date

import pytest

from services.extractor.times import times

TUESDAY = date(2024, 5, 14)
SUNDAY = date(2024, 5, 19)


def read(words: str, on: date | None = TUESDAY) -> list[tuple[str, str | None, str | None]]:
    return [(when.text, when.from_, when.to) for when in times(words, ((0, len(words)),), on)]


@pytest.mark.parametrize(
    ("words", "text", "first", "last"),
    [
        ("The bridge will be shut this weekend", "this weekend", "2024-05-18", "2024-05-19"),
        ("Nine climbers were rescued this weekend", "this weekend", "2024-05-11", "2024-05-12"),
        ("This weekend is a free one", "This weekend", None, None),
        ("The fair opens next weekend", "next weekend", "2024-05-25", "2024-05-26"),
        ("The mast fell last weekend", "last weekend", "2024-05-11", "2024-05-12"),
        ("The mast fell at the weekend", "the weekend", "2024-05-11", "2024-05-12"),
        ("Snow will fall over the weekend", "the weekend", "2024-05-18", "2024-05-19"),
        ("Over the weekend two more were found", "the weekend", "2024-05-11", "2024-05-12"),
        ("Two ferries sank this past weekend", "this past weekend", "2024-05-11", "2024-05-12"),
        ("It was the weekend before last", "the weekend before last", "2024-05-04", "2024-05-05"),
        ("The year after next will decide", "The year after next", "2026", "2026"),
        ("It was found the day before yesterday", "the day before yesterday", "2024-05-12", "2024-05-12"),
        ("The vote is due the day after tomorrow", "the day after tomorrow", "2024-05-16", "2024-05-16"),
        ("Nobody slept this morning", "this morning", "2024-05-14", "2024-05-14"),
        ("A pipe burst a fortnight ago", "a fortnight ago", "2024-04-29", "2024-05-05"),
        ("It will open in two years' time", "two years' time", "2026", "2026"),
        ("The lease ends three months from now", "three months from now", "2024-08", "2024-08"),
    ],
)
def test_weeks_weekends_and_days_near_the_article(
    words: str, text: str, first: str | None, last: str | None
) -> None:
    assert read(words) == [(text, first, last)]


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("Nine climbers were rescued this weekend", "2024-05-18"),
        ("The mast fell at the weekend", "2024-05-18"),
        ("The mast fell last weekend", "2024-05-11"),
        ("The fair opens next weekend", "2024-05-25"),
    ],
)
def test_on_a_sunday_the_weekend_is_the_one_that_it_ends(words: str, first: str) -> None:
    assert [one[1] for one in read(words, SUNDAY)] == [first]


@pytest.mark.parametrize(
    ("words", "text", "first", "last"),
    [
        ("Sales fell in Q3 2025", "Q3 2025", "2025-07", "2025-09"),
        ("Sales fell in Q1", "Q1", "2024-01", "2024-03"),
        ("Sales fell in Q4", "Q4", "2023-10", "2023-12"),
        (
            "It was in the second quarter of last year",
            "the second quarter of last year",
            "2023-04",
            "2023-06",
        ),
        ("It sold 9 in the first half of 2022", "the first half of 2022", "2022-01", "2022-06"),
        (
            "Rates will fall in the second half of the year",
            "the second half of the year",
            "2024-07",
            "2024-12",
        ),
        ("Profits fell in H1 2023", "H1 2023", "2023-01", "2023-06"),
        ("Roofs were flat in the mid-1990s", "the mid-1990s", "1990", "1999"),
        ("Roofs were flat in the late 1990s", "the late 1990s", "1990", "1999"),
        ("It has grown since mid-2019", "mid-2019", "2019", "2019"),
        ("It has grown since 2019", "2019", "2019", "2019"),
        ("It was shut in mid-April", "mid-April", "2024-04", "2024-04"),
        ("The 2021-22 season was the worst", "2021-22", "2021", "2022"),
        ("It ran for 2015–2018 only", "2015–2018", "2015", "2018"),
        ("It closes by the end of next year", "next year", "2025", "2025"),
        ("It will close early next week", "next week", "2024-05-20", "2024-05-26"),
        ("It will close by the end of the year", "the end of the year", "2024", "2024"),
        ("Rents have risen since the start of the year", "the start of the year", "2024", "2024"),
        ("By the end of the year all had left", "the end of the year", None, None),
        ("It will be mended by year's end", "year's end", "2024", "2024"),
        ("It has been shut since the turn of the year", "the turn of the year", "2023-12", "2024-01"),
        ("The tram was built at the turn of the century", "the turn of the century", None, None),
        ("Trade grew last century", "last century", "1900", "1999"),
        ("By winter nobody was left", "winter", "2023-12", "2024-02"),
        ("It opened in summer 2019", "summer 2019", "2019-06", "2019-08"),
        ("They want the money before winter", "winter", "2024-12", "2025-02"),
        ("It would reopen by Christmas", "Christmas", "2024-12-25", "2024-12-25"),
        ("He was shot on Christmas Eve", "Christmas Eve", "2023-12-24", "2023-12-24"),
        ("The fleet sails on 3-5 June", "3-5 June", "2024-06-03", "2024-06-05"),
        ("The fleet sailed on Sunday, May 12", "Sunday, May 12", "2024-05-12", "2024-05-12"),
        ("Wages will be paid from January", "January", "2025-01", "2025-01"),
        ("The wall could have been mended in January", "January", "2024-01", "2024-01"),
        ("The offer had been open until Friday", "Friday", "2024-05-10", "2024-05-10"),
        ("The offer is open until Friday", "Friday", "2024-05-17", "2024-05-17"),
        ("The club is to be sold Next Month", "Next Month", "2024-06", "2024-06"),
    ],
)
def test_parts_of_years_and_dates(words: str, text: str, first: str | None, last: str | None) -> None:
    assert read(words) == [(text, first, last)]


@pytest.mark.parametrize(
    ("words", "last"),
    [
        ("It rained on 3 May, and the same day a wall fell", ("the same day", "2024-05-03")),
        ("It rained on 3 May, and a wall fell the next day", ("the next day", "2024-05-03")),
        ("There were 12 in 2019 and 9 the previous year", ("the previous year", "2018")),
        ("There were 12 in 2019 and 9 two years later", ("two years later", "2021")),
        ("It rained in May 2019; that day nobody came", ("that day", None)),
        ("A wall fell the same day", ("the same day", None)),
        ("Profit was 9% up from a year earlier", ("a year earlier", None)),
    ],
)
def test_a_time_that_leans_on_another_is_counted_from_that_one(
    words: str, last: tuple[str, str | None]
) -> None:
    found = read(words)[-1]
    wanted = "2024-05-04" if last[0] == "the next day" else last[1]
    assert found[:2] == (last[0], wanted)


@pytest.mark.parametrize(
    "words",
    [
        *(
            "It was a few weeks ago",
            "It was a couple of years ago",
            "It was decades ago",
            "It was a decade ago",
        ),
        *("It was nearly three years ago", "It was more than two years ago", "It was two or three years ago"),
        *("It was 30 years ago", "It has grown over the past two years", "It has grown in recent months"),
        *("It fell over the last year", "It will grow over the next decade", "They earned it in fiscal 2023"),
    ],
)
def test_a_time_without_edges_is_named_and_left_open(words: str) -> None:
    assert [one[1:] for one in read(words)] == [(None, None)]


@pytest.mark.parametrize(
    "words",
    [
        *("The market is held every Saturday", "It was a Friday", "It meets on the last Monday of the month"),
        *(
            "He told the Sunday Times",
            "He shopped on Black Friday",
            "He sells Christmas trees at Christmas markets",
        ),
        *(
            "The fall of the government",
            "It blames the fall in prices",
            "He reads USA Today",
            "Trains run at weekends",
        ),
        *(
            "The pilot logged 2000 hours",
            "The 2000 metres were run",
            "The midweek game was dull",
            "They left the very next year",
        ),
    ],
)
def test_what_only_looks_like_a_date_is_none(words: str) -> None:
    assert read(words) == []


def test_without_a_date_of_the_article_only_what_names_its_year_is_resolved() -> None:
    assert read("It fell in Q3 2021 and last weekend", None) == [
        ("Q3 2021", None, None),
        ("last weekend", None, None),
    ]
    assert read("It fell in 2021-22", None) == [("2021-22", "2021", "2022")]


@pytest.mark.parametrize("on", [date.min, date(2024, 5, 14), date.max])
@pytest.mark.parametrize(
    "words",
    [
        "It will rain this weekend",
        "It rained last weekend",
        "It closed three weeks ago",
        "It opens next month",
        "It was so last quarter",
        "It froze last winter",
        "It was so in Q3 0000",
        "It was so at the turn of the year",
    ],
)
def test_what_no_calendar_holds_is_a_time_without_days(words: str, on: date) -> None:
    """Pages state the first and the last day that a date can be where they know none."""
    assert len(read(words, on)) == 1
