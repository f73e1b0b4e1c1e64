"""Where sentences and their lines begin and end."""

from __future__ import annotations

import pytest

from services.extractor.sentence import is_heading, sentence_start
from services.extractor.structure import About, structure
from services.extractor.tagged import Tagged

TEXT = "The gate is shut. Ida Holm, of No. 12, said “Yes.” Then she left.\nPer Vik stayed."


@pytest.mark.parametrize("words", ["The gate", "Ida Holm", "Then she", "Per Vik"])
def test_a_sentence_begins_with_its_first_character(words: str) -> None:
    at = TEXT.index(words)
    assert sentence_start(TEXT, at) == sentence_start(TEXT, at + len(words)) == at


def test_a_claim_stands_in_the_sentence_that_its_cue_opens() -> None:
    text = "The gate is shut. According to Ida Holm, it was warm. She left."
    tagged = Tagged(((41, 52),), ((18, 30),), ((31, 39),), 0.9)
    (claim,) = structure(text, [tagged], About())
    assert claim.sentence is not None
    assert text[slice(*claim.sentence)] == "According to Ida Holm, it was warm"


@pytest.mark.parametrize(
    ("text", "heading"),
    [
        ("Play Time\n\nIt is late.", True),
        ("Top 10\nIt is.", True),
        ("Ida left.\nIt is.", False),
        ("Ida", False),
    ],
)
def test_a_heading_is_a_line_that_ends_in_a_word(text: str, heading: bool) -> None:
    assert is_heading(text, 0) is heading
