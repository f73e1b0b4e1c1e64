"""Quotations that stand alone: whose they are is said in the next sentence, or in the paragraph before."""

from __future__ import annotations

import pytest

from services.extractor.tagged import Tagged
from services.extractor.union import union
from tests.unit.extractor.said import said

FIRST = "“The kiln was cold,” potter Ida Lund said. “It was dark too.”"


def test_a_quotation_before_the_sentence_that_names_its_speaker_goes_with_the_one_behind_it() -> None:
    text = "“Clay does not wait.” Jo Orr, of the guild, was no kinder. “We ring twice and go,” Orr added."
    assert said(FIRST, text)[1:] == [("“Clay does not wait.” “We ring twice and go,”", "Orr", "added")]
    text = "“Clay does not wait.” Jo Orr was no kinder. “We ring twice and go,” she added."
    assert said(FIRST, text)[1:] == [("“Clay does not wait.” “We ring twice and go,”", "she", "added")]


@pytest.mark.parametrize(
    ("behind", "source", "cue"),
    [
        ("That is how Tom Bale describes the night.", "Tom Bale", "describes"),
        ("So says Tom Bale, who lit it.", "Tom Bale, who lit it", "says"),
        ("The words are those of Tom Bale.", "Tom Bale", None),
        ("The speaker is Tom Bale.", "Tom Bale", None),
        ("The author of these lines is Tom Bale.", "Tom Bale", None),
        ("The verdict of Tom Bale was quick.", "Tom Bale", None),
        ("The words came from Tom Bale, who lit it.", "Tom Bale, who lit it", None),
        ("It was Tom Bale’s answer to the guild.", "Tom Bale’s", None),
        ("Those were the last words Bale spoke before the fire went out.", "Bale", "spoke"),
        ("It was the only thing that Tom Bale said all night.", "Tom Bale", "said"),
        ("It was all that the potter, Tom Bale, would say.", "the potter, Tom Bale", "would say"),
        ("That was the first sentence she uttered.", "she", "uttered"),
        ("Tom Bale shakes his head.", "Tom Bale", None),
        ("He shakes his head.", "He", None),
    ],
)
def test_the_next_sentence_says_who_spoke(behind: str, source: str, cue: str | None) -> None:
    assert said("The kiln is lit.", f"“Clay does not wait.” {behind}") == [
        ("“Clay does not wait.”", source, cue)
    ]


@pytest.mark.parametrize(
    "behind", ["The kiln is lit.", "Nobody laughs.", "Outside it rains.", "The board met."]
)
def test_a_next_sentence_about_something_else_names_no_speaker(behind: str) -> None:
    assert said("The kiln is lit.", f"“Clay does not wait.” {behind}") == []


def test_a_closed_quotation_goes_on_in_the_next_paragraph_only_where_nothing_else_stands() -> None:
    assert said(FIRST, "“Nobody came.”")[0][0] == "“The kiln was cold,” “It was dark too.” “Nobody came.”"
    assert said(FIRST, "“Nobody came.” The kiln is lit.")[0][0] == "“The kiln was cold,” “It was dark too.”"
    assert said("Ida Lund said: “The kiln was cold.”", "“Nobody came.”")[0][0] == "“The kiln was cold.”"


def test_the_tagger_reads_one_paragraph_so_a_rule_that_reads_more_goes_first() -> None:
    text = "“It was cold,” she said.\n\n“Nobody came.”"
    both = Tagged(((0, 14), (26, 40)), ((19, 23),), ((15, 18),), 0.88)
    assert union(text, [both], [both._replace(content=((0, 14),), confidence=0.95)]) == [both]
