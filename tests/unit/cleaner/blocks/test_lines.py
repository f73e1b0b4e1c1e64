"""What a line has to do with the others on its page, where no tree says it."""

from __future__ import annotations

import pytest

from services.cleaner.blocks import lines
from services.cleaner.blocks.lexicon import Lexicon

HEADLINE = "Harbour bridge closed for winter repairs"
ARTICLE = [
    "The council closed the harbour bridge on Monday, and its repairs will last for the whole winter, it said.",
    "Ferries take the place of the bridge until April, when the repairs are due to end and the harbour reopens.",
]
TEASERS = [
    "Baker wins prize for rye loaf baked over an open fire in the mountains above the valley last summer.",
    "Two owls were seen near the old mill, and nobody had expected them to come back after twenty years.",
]


def column(name: str, *page: str) -> list[float]:
    rows, _ = lines.measure_lines(page, Lexicon.empty())
    return [round(float(value), 3) for value in rows[:, lines.NAMES.index(name)]]


def test_the_headline_is_the_short_line_whose_words_come_again_below() -> None:
    page = ("Home", "Local news", HEADLINE, "By Ada Brook", *ARTICLE)
    assert column("since headline", *page) == [-2, -1, 0, 1, 2, 3]
    assert column("of headline", *page)[2] == 1
    assert column("words below", *page)[0] == 0


def test_paragraphs_of_one_article_share_words_and_teasers_do_not() -> None:
    assert min(column("topical", *ARTICLE)) > 0
    assert column("topical", *TEASERS) == [0, 0]
    assert min(column("cohesion ±3", *ARTICLE)) > max(column("cohesion ±3", *TEASERS))


def test_a_label_that_names_a_part_is_counted_from_and_to() -> None:
    page = (*ARTICLE, "12 comments", "I crossed it every day.", "Read more", TEASERS[0])
    assert column("since comment", *page) == [60, 60, 0, 1, 2, 3]
    assert column("to comment", *page) == [2, 1, 0, 60, 60, 60]
    assert column("since related", *page) == [60, 60, 60, 60, 0, 1]


def test_a_sentence_with_such_a_word_is_no_label() -> None:
    page = ("She had no comments on the matter and would share none, she said later that day.", "Share")
    assert column("since share", *page) == [60, 0]


def test_lines_that_differ_in_numbers_alone_are_copies() -> None:
    page = ("Rating: 36 votes", ARTICLE[0], "Rating: 7 votes", "Rating")
    assert column("copies but digits", *page) == [2, 1, 2, 1]
    assert column("copies but digits +2", *page) == [2, 1, -1, -1]


def test_a_form_that_comes_again_has_a_beat() -> None:
    comments = ["Ada", "2 days ago"] * 6
    assert max(column("beat of two", *comments)) > 0.7
    assert max(column("beat of one", *comments)) == 0
    dates = ["June 9, Town Hall", "June 12, Old Mill", "June 14, City Park", "June 20, High School"] * 3
    assert max(column("beat of one", *dates)) > 0.7
    assert max(column("beat", *dates)) <= 0


@pytest.mark.parametrize(
    ("line", "cut", "seams"),
    [
        ("Bill of 90 euros unpaid at old inn’s doorSix guests left early", 0, 1),
        ("A party of six left without paying […]", 1, 0),
        ("A party of six left…", 1, 0),
        ("A party of six left. Nobody paid.", 0, 0),
    ],
)
def test_a_teaser_is_cut_short_or_runs_into_its_headline(line: str, cut: float, seams: float) -> None:
    assert (column("cut", line), column("seams", line)) == ([cut], [seams])
