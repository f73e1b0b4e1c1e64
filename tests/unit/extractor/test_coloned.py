"""A colon that alone says whose the quotation behind it is."""

from __future__ import annotations

import pytest

from services.extractor.tagged import Tagged
from services.extractor.union import union
from tests.unit.extractor.said import said


@pytest.mark.parametrize(
    ("lead", "source"),
    [
        ("The letter of the guild is short", "The letter of the guild"),
        ("Jo Orr has changed the tune", "Jo Orr"),
        ("The kiln is lit, but the mayor has one worry", "the mayor"),
        ("Ida Lund, on the kiln", "Ida Lund"),
        ("From the report", "the report"),
        ("Likewise, a banner of the guild was plain", "a banner of the guild"),
        ("NO CLAY BEFORE MAY - Tom Bale", "Tom Bale"),
    ],
)
def test_the_subject_before_a_colon_speaks(lead: str, source: str) -> None:
    assert said(f"{lead}: “We fire on Monday.”") == [("“We fire on Monday.”", source, ":")]


def test_the_quotation_may_stand_in_the_next_paragraph() -> None:
    assert said("Her letter is brief:\n\n“We fire on Monday.”") == [
        ("“We fire on Monday.”", "Her letter", ":")
    ]


@pytest.mark.parametrize(
    "lead", ["The rule is simple", "It was over", "There is a snag", "By noon all was clear"]
)
def test_where_nobody_stands_before_it_nobody_speaks(lead: str) -> None:
    assert said(f"{lead}: “We fire on Monday.”") == []


def test_a_verb_of_speech_goes_first() -> None:
    assert said("Ida Lund said of the kiln: “We fire on Monday.”") == [
        ("“We fire on Monday.”", "Ida Lund", "said")
    ]


def test_what_the_tagger_is_surer_of_stands() -> None:
    text = "Her letter is brief: “No.”"
    rule = Tagged(((21, 26),), ((19, 20),), ((0, 10),), 0.72, "rule coloned")
    tagger = Tagged(((21, 26),), ((11, 19),), ((0, 10),), 0.6)
    assert union(text, [rule], [tagger]) == [rule]
    assert union(text, [rule], [tagger._replace(confidence=0.8)]) == [tagger._replace(confidence=0.8)]


@pytest.mark.parametrize(
    "line",
    [
        "See: “What is a list?”",
        "Read: “Good Clerks Follow the Rules.”",
        "Think this thought: “May I and all others be well.”",
    ],
)
def test_what_readers_are_told_to_do_says_nothing(line: str) -> None:
    assert said("The list has guides to many tools, by people who made them.", line) == []


@pytest.mark.parametrize(
    "line",
    [
        "Here's what the potter wore: “It's silky, and I think it is lovely.”",
        "Here’s Ida: “We fire on Monday.”",
        "We've a word for it: “honeycomb”.",
        "Let's see: “We fire on Monday.”",
    ],
)
def test_who_points_to_something_is_no_source(line: str) -> None:
    assert [one for one in said(line) if one[2] == ":" and one[1] not in {"Ida", "the potter"}] == []


@pytest.mark.parametrize(
    "value", ["/var/log/kiln/kiln.log", "kiln_temperature", "honeycomb", "v1.2", "--force"]
)
def test_a_name_in_marks_is_no_quotation(value: str) -> None:
    assert said(f"I have set the path by hand: “{value}”") == []


def test_one_word_that_ends_a_sentence_is_one() -> None:
    assert said("Her letter is brief: “Never!”") == [("“Never!”", "Her letter", ":")]
