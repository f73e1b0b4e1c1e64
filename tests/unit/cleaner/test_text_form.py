"""The form of text on which all offsets rest (``shared.contracts.text``)."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.contracts.text import is_normal, join_paragraphs, normalise, split_paragraphs

any_text = st.text(
    alphabet=st.one_of(st.characters(), st.sampled_from(" \t\n\r\x85\u2028\u00a0\u0301\u00ad\u200b"))
)


@given(any_text)
@settings(max_examples=200)
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert is_normal(once)


@given(any_text)
@settings(max_examples=200)
def test_normal_text_has_nothing_that_a_database_or_an_offset_stumbles_over(text: str) -> None:
    normal = normalise(text)
    assert unicodedata.is_normalized("NFC", normal)
    assert not any(unicodedata.category(character) in ("Cc", "Cs") for character in normal.replace("\n", ""))
    assert normal.strip() == normal
    assert normal.encode().decode() == normal


@given(st.lists(any_text, max_size=5))
def test_paragraphs_come_back_from_the_text_they_were_joined_into(paragraphs: list[str]) -> None:
    text = join_paragraphs(paragraphs)
    assert is_normal(text)
    assert join_paragraphs(split_paragraphs(text)) == text


@pytest.mark.parametrize(
    ("raw", "normal"),
    [
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\n \n\n\nb\n", "a\n\nb"),
        ("  a\u00a0\t b ", "a b"),
        ("nul\x00 bell\x07", "nul bell"),
        ("e\u0301", "é"),
        ("e\u00ad\u0301", "é"),
        ("half \ud800 pair", "half pair"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("", ""),
        ("\n\n", ""),
    ],
)
def test_normal_form(raw: str, normal: str) -> None:
    assert normalise(raw) == normal


def test_a_megabyte_of_marks_does_not_stop_the_process() -> None:
    assert normalise("e" + "\u0301\u0323" * 500_000) == "ẹ" + "\u0323" * 14 + "\u0301" * 15


@given(st.text(alphabet="e\u0301\u0323\u0344\u0308\u05b0 ", min_size=25, max_size=80))
def test_piled_marks_come_to_rest(text: str) -> None:
    assert is_normal(normalise(text))


@pytest.mark.parametrize("text", ["a\r\nb", "a ", "\na", "a\n\n\nb", "e\u0301", "a\x00", "a  b"])
def test_what_is_not_normal_is_recognised(text: str) -> None:
    assert not is_normal(text)
