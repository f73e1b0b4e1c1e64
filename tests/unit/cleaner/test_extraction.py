"""The classifier's blocks, a second opinion, and who decides where they differ."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml.html import HtmlElement

from services.cleaner import extraction
from services.cleaner.blocks.classifier import Judged
from services.cleaner.body import Block, parse
from services.cleaner.extraction import CLASSIFIER, extract, extract_lines

DATA = Path(__file__).parents[2] / "data" / "cleaner"
PAGE = (DATA / "article.html").read_text("utf-8")
ARTICLE = (DATA / "article.txt").read_text("utf-8").split("\n\n")

LINE = "The council said on Wednesday that the bridge will be closed from June."
CALM = f"<html><body><nav>Home</nav><article>{''.join(f'<p>{text}</p>' for text in ARTICLE)}</article></body></html>"


def judge(chances: dict[str, float]) -> list[Judged]:
    return [Judged(text, chance) for text, chance in chances.items()]


def test_the_classifiers_blocks_stay_where_the_second_opinion_agrees() -> None:
    def sure(tree: HtmlElement) -> list[Judged]:
        return judge({"Home": 0.1, **dict.fromkeys(ARTICLE, 0.9), "Share": 0.3})

    found = extract(CALM, parse(CALM), sure)
    assert found.by == CLASSIFIER
    assert [block.text for block in found.blocks] == ARTICLE
    assert found.above == ["Home"]


def test_a_classifier_that_stands_alone_is_outvoted() -> None:
    def wrong(tree: HtmlElement) -> list[Judged]:
        return judge({"Nothing that the page says stands in this sentence at all.": 0.9})

    found = extract(PAGE, parse(PAGE), wrong)
    assert found.by in ("trafilatura", "readability", "resiliparse")
    assert ARTICLE[0] in [block.text for block in found.blocks]


def test_where_the_classifier_finds_nothing_the_others_are_asked() -> None:
    found = extract(PAGE, parse(PAGE), lambda tree: judge(dict.fromkeys(ARTICLE, 0.2)))
    assert found.by in ("trafilatura", "readability", "resiliparse")
    assert found.blocks


def test_two_extractors_that_find_nothing_do_not_outvote_one_that_finds_the_article(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("by_resiliparse", "by_readability", "by_trafilatura"):
        monkeypatch.setattr(extraction, name, lambda page: [])

    def unsure(tree: HtmlElement) -> list[Judged]:
        return judge(dict.fromkeys(ARTICLE, 0.6))

    assert [block.text for block in extract(CALM, parse(CALM), unsure).blocks] == ARTICLE
    nothing = extract(CALM, parse(CALM), lambda tree: judge(dict.fromkeys(ARTICLE, 0.2)))
    assert (nothing.blocks, nothing.by) == ([], CLASSIFIER)


@pytest.mark.parametrize(("chance", "asked"), [(0.99, False), (0.6, True)])
def test_who_is_sure_is_not_doubted_because_another_finds_nothing(
    chance: float, asked: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    more: list[str] = []
    monkeypatch.setattr(extraction, "by_resiliparse", lambda html: [])
    monkeypatch.setattr(extraction, "by_readability", lambda html: more.append(html))
    monkeypatch.setattr(extraction, "by_trafilatura", lambda tree: [])
    extract(CALM, parse(CALM), lambda tree: judge(dict.fromkeys(ARTICLE, chance)))
    assert bool(more) == asked


@pytest.mark.parametrize("chance", [0.9, 0.1])
def test_a_plain_text_in_which_nothing_looks_like_an_article_is_taken_whole(chance: float) -> None:
    blocks = [Block("Home"), Block(LINE)]
    found = extract_lines(blocks, lambda lines: judge({"Home": 0.2, LINE: chance}))
    assert [block.text for block in found.blocks] == ([LINE] if chance > 0.5 else ["Home", LINE])
    assert found.above == (["Home"] if chance > 0.5 else [])


def test_one_paragraph_among_a_pages_labels_stands_out_though_it_is_unlikely() -> None:
    labels = [f"Menu entry number {i}" for i in range(60)]
    paragraph = " ".join([LINE] * 4)
    chances = {**dict.fromkeys(labels, 0.01), paragraph: 0.24, "Share": 0.02}
    found = extract_lines([Block(text) for text in chances], lambda lines: judge(chances))
    assert [block.text for block in found.blocks] == [paragraph]
    assert found.by == CLASSIFIER


def test_no_line_of_a_poem_stands_out() -> None:
    verses = [f"And {i} more ships came over the hill" for i in range(12)]
    chances = {verse: 0.1 + 0.02 * (i % 5) for i, verse in enumerate(verses)}
    found = extract_lines([Block(verse) for verse in verses], lambda lines: judge(chances))
    assert [block.text for block in found.blocks] == verses
