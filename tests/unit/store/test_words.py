"""Words of a claim and of a question: the same stems for both, in order."""

from __future__ import annotations

import pytest

from services.store import words
from services.store.words import MAX_LETTERS, MAX_WORDS, scanned, stems, terms, tsquery, tsvector


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("en", "The mayor’s bridges", "the mayor bridge"),
        ("en-GB", "RUNNING", "runs"),
        ("de", "die Brücken", "der Brücke"),
        ("fr", "l’homme", "homme"),
    ],
)
def test_forms_of_one_word_have_one_stem(language: str, one: str, other: str) -> None:
    assert stems(one, language)[-1] == stems(other, language)[-1]


def test_a_language_without_a_stemmer_is_folded_and_not_stemmed() -> None:
    assert stems("Mosty, MOSTAMI", "uk") == ["mosty", "mostami"]
    assert stems("Bridges", None) == ["bridges"]


def test_nothing_is_dropped_so_that_phrases_are_whole() -> None:
    assert stems("It is not the end.", "en") == ["it", "is", "not", "the", "end"]


def test_a_question_is_terms_and_phrases() -> None:
    assert terms('bridges "safe for cars" open', "en") == [("bridg",), ("safe", "for", "car"), ("open",)]
    assert terms("well-known", "en") == [("well", "known")]
    assert terms('"not closed', "en") == [("not", "close")]
    assert terms(' "" — ', "en") == []


def test_what_a_database_would_read_as_syntax_is_text_to_it() -> None:
    lexemes = stems("o'clock & !bang (a|b) <-> 'x'", "en")
    assert tsvector(lexemes).startswith("'o''clock':1 'bang':2")
    assert tsquery([("o'clock",), ("a", "b")]) == "('o''clock') & ('a' <-> 'b')"
    assert scanned(["a", "b"]) == " a b "


def test_a_text_beyond_all_measure_is_bounded() -> None:
    assert len(stems("word " * (MAX_WORDS + 10), "en")) == MAX_WORDS
    assert len(stems("x" * 10_000, None)[0]) == MAX_LETTERS


def test_numbers_are_their_own_stems_and_push_no_word_out_of_memory() -> None:
    assert stems("Ferry 0012345 of 1990s", "en") == ["ferri", "0012345", "of", "1990s"]
    before = words._stem.cache_info().currsize
    for number in range(100):
        stems(f"{number:07d}", "en")
    assert words._stem.cache_info().currsize == before
