"""Whatever a page holds, each of its blocks is measured, and the same each time."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml.html import document_fromstring

from services.cleaner.blocks import lines, structure, text
from services.cleaner.blocks.lexicon import SCALE, WORD_BITS, Lexicon, hash_words
from services.cleaner.blocks.walk import walk
from services.cleaner.blocks.words import split_words
from shared.contracts.text import normalise

EMPTY = Lexicon.empty()
PAGE = (
    "<html><head><title>Harbour bridge to close | The Post</title></head><body><nav><a href=/>Home</a></nav>"
    "<h1>Harbour bridge to close</h1><div class=article-body><p>The council said on 4 March that the bridge, built"
    " in 1931, will close.</p><p>“It is late,” she said.</p></div><aside class=related><a href=/b>Read more</a>"
    "</aside></body></html>"
)


def column(name: str, body: str = PAGE) -> list[float]:
    rows, _ = structure.measure_page(walk(document_fromstring(body)), EMPTY)
    return [round(float(value), 4) for value in rows[:, structure.NAMES.index(name)]]


def test_a_page_is_measured_in_named_columns() -> None:
    rows, groups = structure.measure_page(walk(document_fromstring(PAGE)), EMPTY)
    assert rows.shape == (5, len(structure.NAMES))
    assert np.isfinite(rows).all()
    assert [len(group) for group in groups] == [5] * 4


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("linked", [1, 0, 0, 0, 1]),
        ("commas", [0, 0, 2, 1, 0]),
        ("ends sentence", [0, 0, 1, 1, 0]),
        ("starts quote", [0, 0, 0, 1, 0]),
        ("date", [0, 0, 1, 0, 0]),
        ("near <nav>", [0, 40, 40, 40, 40]),
        ("near body", [40, 40, 1, 1, 40]),
        ("near related", [40, 40, 40, 40, 0]),
        ("below top 1", [-1, -1, 1, 1, -1]),
        ("after h1", [0, 0, 1, 1, 1]),
        ("in title", [0, 1, 0.25, 0, 0]),
    ],
)
def test_a_measure_says_what_its_name_says(name: str, values: list[float]) -> None:
    if name == "in title":
        assert column(name)[1] == 1
        assert column(name)[3] == 0
        return
    assert column(name) == values


@given(st.lists(st.text(min_size=1, max_size=40), max_size=30))
@settings(max_examples=60, deadline=None)
def test_any_lines_are_measured(raw: list[str]) -> None:
    found = [line for value in raw if (line := normalise(value).replace("\n", " "))]
    rows, groups = lines.measure_lines(found, EMPTY)
    assert rows.shape == (len(found), len(lines.NAMES))
    assert np.isfinite(rows).all()
    assert all(len(group) == len(found) for group in groups)
    words = split_words(found)
    assert (text.measure_texts(found, words) == text.measure_texts(found, words)).all()


def test_the_lexicon_sums_what_its_tables_say() -> None:
    words = split_words(["Article, share:", "…", "article"])
    hashes, counts = hash_words(words)
    assert counts.tolist() == [2, 0, 1]
    table = EMPTY.words.copy()
    table[hashes[:2] & np.uint32(2**WORD_BITS - 1)] = (2 * SCALE, -SCALE)
    measured = Lexicon(table, EMPTY.pairs).measure(words)
    assert measured[:, 0].tolist() == [0.5, 0, 2]
    assert measured[:, 1].tolist() == [-1, 0, 2]
