"""Words of an answer are found to the letter, once, as whole words, or not at all."""

from __future__ import annotations

import pytest

from services.extractor.second_reader.anchors import NotUsable, anchored, with_old_edges
from services.extractor.second_reader.passage import Passage

TEXT = "“We wait,” she said. The mayor said the other mayor waits for Ålesund’s answer.\n\nHe waits."
HERE = Passage(TEXT, 100)


def code(words: str) -> str:
    with pytest.raises(NotUsable) as refused:
        anchored(HERE, words)
    return refused.value.code


def test_words_that_stand_once_have_their_place_in_the_article() -> None:
    start, end = anchored(HERE, " the other mayor ")
    assert TEXT[start - 100 : end - 100] == "the other mayor"


@pytest.mark.parametrize(
    "words",
    [
        "the second mayor",  # in other words
        "The Other Mayor",
        '"We wait," she',  # other marks
        "answer. He waits",  # over the end of a paragraph
        "answer.\n\nHe waits",
        "ai",  # a part of a word
        "lesund",
        "“”",
        "…",
        "",
        " ",
    ],
)
def test_words_that_stand_there_in_another_way_do_not_stand_there(words: str) -> None:
    assert code(words) == "not-found"


@pytest.mark.parametrize("words", ["mayor", "waits"])
def test_words_that_stand_there_twice_have_no_place(words: str) -> None:
    assert code(words) == "ambiguous"


def test_a_part_of_another_word_is_no_second_place() -> None:
    assert anchored(Passage("He heard the thesis.", 0), "the") == (9, 12)


def test_quotation_marks_that_a_model_leaves_out_stay() -> None:
    old = ((100, 110),)
    assert TEXT[:10] == "“We wait,”"
    assert with_old_edges(HERE, (anchored(HERE, "We wait"),), old) == old
    shorter = (anchored(HERE, "wait"),)
    assert with_old_edges(HERE, shorter, old) == ((104, 110),)


def test_each_piece_of_an_interrupted_content_keeps_its_inner_edges() -> None:
    new = (anchored(HERE, "We wait"), anchored(HERE, "the other mayor"))
    assert with_old_edges(HERE, new, ((100, 110),)) == ((100, 108), new[1])
