"""How a text is cut into pieces and windows for the encoder, and what each word is said to be."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.extractor.tagger.context import context
from services.extractor.tagger.features import (
    CAPITAL,
    CLOSING,
    DIGIT,
    INSIDE,
    LOWER,
    MARK,
    MIXED,
    OPENING,
    OUTSIDE,
    UPPER,
    case,
    quotes,
    sentence_starts,
)
from services.extractor.tagger.pieces import Pieces, read
from services.extractor.tagger.windows import cut
from services.extractor.tagger.wordpiece import WordPiece

VOCABULARY = WordPiece(
    [
        "[PAD]",
        "[UNK]",
        "[CLS]",
        "[SEP]",
        "[MASK]",
        "said",
        "the",
        "may",
        "##or",
        "cafe",
        ".",
        ":",
        "“",
        "”",
        "it",
    ]
)


def written(text: str) -> Pieces:
    return read(text, VOCABULARY)


def test_the_longest_piece_goes_first_and_accents_are_dropped() -> None:
    assert VOCABULARY.pieces("Mayor") == (7, 8)
    assert VOCABULARY.pieces("Café") == (9,)


@pytest.mark.parametrize("word", ["xyz", "mayx", "m" * 101, "̈"])
def test_a_word_that_has_no_pieces_is_unknown(word: str) -> None:
    assert VOCABULARY.pieces(word) == (VOCABULARY.unknown,)


def test_what_is_remembered_of_words_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.extractor.tagger.wordpiece._REMEMBERED", 2)
    fresh = WordPiece(["[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "b", "c"])
    assert [fresh.pieces(word) for word in "abcabc"] == [(4,), (5,), (6,)] * 2
    assert len(fresh._known) <= 2


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("said", LOWER),
        ("Mayor", CAPITAL),
        ("I", CAPITAL),
        ("NATO", UPPER),
        ("McKay", MIXED),
        ("iPhone", MIXED),
    ]
    + [("5", DIGIT), ("B52", DIGIT), ("“", MARK), ("城", LOWER)],
)
def test_how_a_word_is_written(word: str, kind: int) -> None:
    assert case(word) == kind


@pytest.mark.parametrize("marks", ['""', "“”", "„“", "«»"])
def test_words_know_whether_they_stand_in_marks(marks: str) -> None:
    assert quotes(["so", marks[0], "yes", marks[1], "he"]) == [OUTSIDE, OPENING, INSIDE, CLOSING, OUTSIDE]


def test_sentences_start_behind_stops_but_not_behind_abbreviations() -> None:
    words = ["Mr", ".", "Lund", "left", ".", "“", "It", "rains", "!", "”", "he", "said", ".", "Why", "?"]
    tight = [True, False, True, True, False, True, False, True, False, False, True, True, False, True, False]
    starts = [i for i, fresh in enumerate(sentence_starts(words, tight)) if fresh]
    assert [words[i] for i in starts] == ["Mr", "“", "Why"]


@given(st.text(alphabet=st.sampled_from("the mayor said. It: “”\n\n é🚒"), max_size=300))
def test_pieces_lie_on_their_words_and_in_order(text: str) -> None:
    pieces = written(text)
    assert all(text[a:b].strip() == text[a:b] != "" for a, b in zip(pieces.start, pieces.end, strict=True))
    assert (np.diff(pieces.start) >= 0).all()
    assert (np.diff(pieces.sentence) >= 0).all()
    assert (np.diff(pieces.paragraph) >= 0).all()


@given(
    st.lists(st.lists(st.integers(1, 9), min_size=1, max_size=8), max_size=12),
    st.integers(5, 20),
)
def test_windows_cover_the_text_once_and_none_is_too_long(lengths: list[list[int]], limit: int) -> None:
    text = "\n\n".join(" ".join("It " + "said " * (n - 1) + "." for n in paragraph) for paragraph in lengths)
    pieces = written(text)
    windows = cut(pieces, lambda: limit)
    assert [i for lo, hi in windows for i in range(lo, hi)] == list(range(len(pieces)))
    assert all(0 < hi - lo <= limit for lo, hi in windows)


def test_a_paragraph_that_fits_is_never_cut() -> None:
    pieces = written("\n\n".join("said " * 30 for _ in range(9)))
    windows = cut(pieces, lambda: 70)
    assert [hi - lo for lo, hi in windows] == [60, 60, 60, 60, 30]


def test_a_cue_sees_its_paragraph_and_what_a_colon_announces() -> None:
    pieces = written("it said\n\nthe mayor said:\n\n“it”\n\nit")
    said = 5
    lo, hi = context(pieces, said, said, 0, len(pieces))
    assert (int(pieces.paragraph[lo]), int(pieces.paragraph[hi - 1])) == (1, 2)
    assert context(pieces, 1, 1, 0, len(pieces)) == (0, 2)
