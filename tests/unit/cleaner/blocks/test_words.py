"""Words and characters counted for all texts of a page at once are those of each text by itself."""

from __future__ import annotations

import re

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from services.cleaner.blocks.characters import DIGIT, Characters
from services.cleaner.blocks.context import window_sums
from services.cleaner.blocks.words import Words, split_words

WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
# Letters within the basic plane and beyond it, marks, apostrophes, digits of two scripts, white space, half a pair.
TEXTS = st.lists(st.text("aBßİ𝐀𐐀漢😀é_'’.-4٣ \u00a0\u2028\ud800", min_size=1, max_size=12), max_size=8)


def spelled(words: Words) -> list[list[str]]:
    flat = iter(words.known[number] for number in words.numbers.tolist())
    return [[next(flat) for _ in range(count)] for count in words.counts.tolist()]


@given(TEXTS)
@settings(max_examples=200, deadline=None)
def test_texts_are_cut_into_the_words_that_each_has_by_itself(texts: list[str]) -> None:
    alone = [WORD.findall(text.lower()) for text in texts]
    words = split_words(texts)
    assert spelled(words) == alone
    wanted = {"a", "b", "漢"}
    marked = words.marked(wanted)
    assert words.count(marked).tolist() == [sum(word in wanted for word in found) for found in alone]
    assert words.count_once(marked).tolist() == [len(wanted.intersection(found)) for found in alone]
    assert words.longest().tolist() == [max(map(len, found), default=0) for found in alone]


@given(TEXTS.filter(bool))
@settings(max_examples=200, deadline=None)
def test_characters_are_counted_for_each_text_by_itself(texts: list[str]) -> None:
    found = Characters.of(texts)
    assert found.counts().sum(axis=1).tolist() == list(map(len, texts))
    digits = [re.findall(r"\d", text) for text in texts]
    assert found.counts()[:, DIGIT].tolist() == list(map(len, digits))
    assert found.capital_words().tolist() == [
        sum(word[0].isupper() for word in text.split()) for text in texts
    ]
    assert found.with_any(("B", "😀a")).tolist() == ["B" in text or "😀a" in text for text in texts]
    assert found.with_early(DIGIT, 3).tolist() == [bool(re.search(r"\d", text[:3])) for text in texts]


def test_windows_end_where_the_page_does() -> None:
    column = [1, 2, 4, 8]
    for reach, sums in zip((1, 2, 9), window_sums(np.array(column), (1, 2, 9)), strict=True):
        assert sums.tolist() == [sum(column[max(0, at - reach) : at + reach + 1]) for at in range(4)]
