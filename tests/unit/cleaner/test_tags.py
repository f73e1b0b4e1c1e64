"""Tags: what a page files its article under, and nothing that its templates put there for machines."""

from __future__ import annotations

import pytest

from services.cleaner.metadata.tags import read_tags


@pytest.mark.parametrize(
    ("stated", "tags"),
    [
        (["Harbour, Ferries; Roads"], ("Harbour", "Ferries", "Roads")),
        (["Harbour", "Paris, Texas"], ("Harbour", "Paris, Texas")),
        (["Harbour", "harbour ", "#Ferries"], ("Harbour", "Ferries")),
        ([{"@type": "DefinedTerm", "name": "Harbour"}, {"name": ["no"]}, None, 7, "Roads"], ("Harbour", "Roads")),
        (["channel_other", "Category: Harbour", "A NAME_OF PERSON"], ()),
        (["type:article", "nyt_cat=x", "https://news.example/tag/a", "9f8e7d6c5b4a39281706", "2026", "<b>a</b>"], ()),
        (["One tag of nine words is no tag but a sentence about it", "b" * 81], ()),
        ([], ()),
        ([""], ()),
        ([{}], ()),
    ],
)  # fmt: skip
def test_each_tag_is_one_word_or_phrase_and_there_once(stated: list[object], tags: tuple[str, ...]) -> None:
    assert read_tags(stated) == tags


@pytest.mark.parametrize(
    "stated",
    [[f"tag {n}" for n in range(10_000)], [", ".join(f"t{n}" for n in range(51))], ["a, " * 100_000]],
)
def test_a_dump_of_keywords_says_nothing(stated: list[object]) -> None:
    assert read_tags(stated) == ()
