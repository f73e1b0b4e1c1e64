"""Each paragraph of the cleaned text is found again in the page: by its element's path and the offsets in its text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from lxml.html import HtmlElement

from services.cleaner.article import CleanedArticle
from services.cleaner.blocks.classifier import Judged, judge_page
from services.cleaner.body import Block, parse
from services.cleaner.handler import clean_document
from services.cleaner.places import in_page
from services.cleaner.training.corpus import html_of
from shared.contracts.enums import BlockType
from shared.contracts.events import ArticleCleaned
from shared.contracts.parts import TextBlock
from shared.contracts.text import normalise
from tests.real.parts import SHARED, beside
from tests.unit.cleaner.conftest import Seed

PAGE = (Path(__file__).parents[2] / "data" / "cleaner" / "article.html").read_text("utf-8")
PROSE = "The council said on Wednesday that the bridge will be closed to all traffic from June."


def found_again(tree: HtmlElement, block: TextBlock) -> str:
    """What a reader gets who asks the page for a block."""
    assert block.path is not None
    assert block.at is not None
    start, end = block.at
    return str(tree.xpath(f"string({block.path})"))[start:end]


def blocks_of(body: str) -> tuple[HtmlElement, list[str], tuple[TextBlock, ...]]:
    """Of a page all of whose blocks are the article's."""
    tree = parse(f"<html><body>{body}</body></html>")
    judged = judge_page(tree)
    blocks = [Block(j.text, j.heading, i, j.spans, j.element) for i, j in enumerate(judged)]
    return tree, [block.text for block in blocks], in_page(blocks, judged)


def cleaned(html: str) -> CleanedArticle:
    found = clean_document(html=html, url="https://news.example/a")
    assert isinstance(found, CleanedArticle)
    return found


def test_every_paragraph_of_an_article_is_found_in_its_page() -> None:
    article, tree = cleaned(PAGE), parse(PAGE)
    paragraphs = [article.text[slice(*block.span)] for block in article.blocks]
    assert "\n\n".join(paragraphs) == article.text
    assert [normalise(found_again(tree, block)) for block in article.blocks] == paragraphs


@pytest.mark.parametrize(
    "body",
    [
        f"<p>\n  {PROSE}\n  <b>Twice</b> so.  </p><p>{PROSE}</p>",
        f"<div>{PROSE}<br>{PROSE}<p>between</p>{PROSE}</div>",
        "<div>one<div>two</div>one</div><p>one</p>",
        f"<custom-story>{PROSE}</custom-story><o:p>{PROSE}</o:p>",
        f"<ul><li>{PROSE}<ul><li>inner</li></ul>behind</li></ul>",
    ],
)
def test_each_of_equal_paragraphs_has_a_place_of_its_own(body: str) -> None:
    tree, texts, blocks = blocks_of(body)
    assert [normalise(found_again(tree, block)) for block in blocks] == texts
    assert len({(block.path, block.at) for block in blocks}) == len(blocks)


@pytest.mark.parametrize(
    "body",
    [
        "<p>cafe\u0301 and soft\u00adhyphen</p>",
        "<p>before<script>shown()</script>behind</p>",
        "<table><tr><td>left</td><td>right</td></tr></table>",
    ],
)
def test_a_paragraph_that_the_page_spells_otherwise_lies_within_its_place(body: str) -> None:
    tree, texts, blocks = blocks_of(body)
    for text, block in zip(texts, blocks, strict=True):
        again = normalise(found_again(tree, block))
        assert all(part in again for part in text.replace("behind", "").split(" | "))


@pytest.mark.parametrize(
    ("body", "type_", "level"),
    [
        ("<p>a</p>", BlockType.PARAGRAPH, None),
        ("<h3>a</h3>", BlockType.HEADING, 3),
        ("<ol><li><p>a</p></li></ol>", BlockType.ITEM, None),
        ("<blockquote><p>a</p></blockquote>", BlockType.QUOTE, None),
        ("<blockquote class='x twitter-tweet'><p>a</p></blockquote>", BlockType.POST, None),
        ("<div class='instagram-media'><blockquote>a</blockquote></div>", BlockType.POST, None),
        ("<table><tr><td>a</td><td>b</td></tr></table>", BlockType.ROW, None),
        ("<figure><figcaption>a</figcaption></figure>", BlockType.CAPTION, None),
    ],
)
def test_a_paragraph_is_what_stands_around_it(body: str, type_: BlockType, level: int | None) -> None:
    _, _, (block,) = blocks_of(body)
    assert (block.type, block.level) == (type_, level)


def test_what_another_extractor_found_is_looked_for_in_the_page() -> None:
    tree = parse(f"<html><body><p>{PROSE}</p><p>Other.</p><p>{PROSE} More.</p></body></html>")
    judged = judge_page(tree)
    same, part, none = in_page([Block(PROSE), Block(PROSE + " More"), Block("Nowhere to be seen.")], judged)
    assert [same.path, part.path, none.path] == ["/html/body/p[1]", "/html/body/p[3]", None]
    assert found_again(tree, part) == f"{PROSE} More"
    assert none.at is None


def test_in_a_plain_text_a_paragraph_has_offsets_alone(seed: Seed) -> None:
    wrapped = seed.scraped.replace("\n\n", "\r\n \r\n")
    article = clean_document(text=wrapped)
    assert isinstance(article, CleanedArticle)
    for block in article.blocks:
        assert block.path is None
        assert block.at is not None
        assert normalise(wrapped[slice(*block.at)]) == article.text[slice(*block.span)]


def test_the_places_of_a_very_long_text_stop_where_its_record_would_grow_too_large() -> None:
    judged = [Judged("a", 0.9, element=parse("<html><body><p>a</p></body></html>").find(".//p"))] * 20_000
    blocks = in_page([Block("a", element=judged[0].element)] * 20_000, judged)
    assert 3_000 < len(blocks) < 5_000
    assert sum(len(block.model_dump_json()) for block in blocks) < 2**19


def test_what_is_not_known_of_a_block_is_not_on_the_wire() -> None:
    assert TextBlock(span=(0, 1)).model_dump(mode="json") == {"type": "paragraph", "span": [0, 1]}
    assert "blocks" in ArticleCleaned.model_fields


def test_paragraphs_of_real_pages_are_found_again() -> None:
    folder = SHARED / "data" / "article-extraction" / "scrapinghub-dev"
    beside(folder)
    asked = exact = 0
    for key in sorted(json.loads((folder / "ground-truth.json").read_text("utf-8")))[::10]:
        html = html_of(folder, key)
        article, tree = cleaned(html), parse(html)
        for block in article.blocks:
            asked += 1
            text = article.text[slice(*block.span)].replace(" | ", " ")  # cells
            exact += normalise(found_again(tree, block)) == text
    assert asked > 100
    assert exact >= 0.99 * asked
