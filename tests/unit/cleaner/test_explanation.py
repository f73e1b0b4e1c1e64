"""Each block of a page with its verdict: what is marked as taken is the article, and nothing of the page runs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from lxml.html import document_fromstring

from claimstream import explained
from services.cleaner.article import CleanedArticle, Rejection
from services.cleaner.blocks import structure
from services.cleaner.blocks.model import load
from services.cleaner.blocks.telling import moves, node_values, told_of_page
from services.cleaner.blocks.walk import walk
from services.cleaner.body import parse
from services.cleaner.explanation import REASONS, Explanation, Verdict, explain, with_memory
from services.cleaner.handler import clean
from services.cleaner.memory.fingerprint import as_text, fingerprint
from services.cleaner.page import PageInput
from shared.contracts.site_memory import RememberedBlock, SiteMemory
from tests.unit.cleaner.conftest import Seed
from tests.unit.cleaner.memory.pages import story

PAGE = (Path(__file__).parents[2] / "data" / "cleaner" / "article.html").read_bytes()
URL = "https://news.example/2026/harbour"


def kept(explanation: Explanation) -> str:
    return "\n\n".join(verdict.text for verdict in explanation.verdicts if verdict.kept)


def test_what_is_marked_as_taken_is_the_article() -> None:
    page = PageInput(PAGE, URL, "text/html")
    found = explain(page)
    assert isinstance(found.outcome, CleanedArticle)
    assert found.outcome == clean(page)
    assert kept(found) == found.outcome.text
    assert found.by == "classifier"
    assert found.agreement is not None
    places = {block.path for block in found.outcome.blocks}
    assert {verdict.path for verdict in found.verdicts if verdict.kept} == places


def test_every_block_of_the_page_has_a_verdict_with_measures() -> None:
    found = explain(PageInput(PAGE, URL, "text/html"))
    texts = [block.text for block in walk(parse(PAGE.decode())).blocks]
    assert [verdict.text for verdict in found.verdicts] == texts
    assert all(verdict.verdict in REASONS for verdict in found.verdicts)
    assert all(verdict.told for verdict in found.verdicts)


def test_a_plain_text_is_explained_line_by_line(seed: Seed) -> None:
    found = explain(PageInput(seed.scraped.encode(), URL, "text/plain"))
    assert kept(found) == seed.article
    verdicts = {verdict.text: verdict.verdict for verdict in found.verdicts}
    assert set(verdicts.values()) > {"taken", "unlikely"}
    assert all(verdict.path is None for verdict in found.verdicts)


def test_each_of_equal_lines_has_a_verdict_of_its_own() -> None:
    found = explain(
        PageInput(b"Home\nMore news here\nHome\nSports results of the day\nHome\n", URL, "text/plain")
    )
    assert found.by == "lines"  # none looks like an article, so all are taken for one
    assert [verdict.verdict for verdict in found.verdicts] == ["taken"] * 5


def test_what_the_memory_takes_out_or_keeps_is_told_with_how_often_it_was_seen() -> None:
    found = explain(PageInput(PAGE, URL, "text/html"))
    assert isinstance(found.outcome, CleanedArticle)
    first, second, *_ = [verdict.text for verdict in found.verdicts if verdict.kept]
    blocks = [
        RememberedBlock(fingerprint=as_text(fingerprint(text) or 0), articles=4, beside=n, why=why)
        for n, (text, why) in enumerate([(first, "repeated"), (second, "")])
    ]
    told = with_memory(found, SiteMemory(articles=9, removed=(blocks[0],), kept=(blocks[1],)))
    verdicts = {verdict.text: verdict for verdict in told.verdicts}
    assert (verdicts[first].verdict, verdicts[first].seen) == ("remembered", blocks[0])
    assert (verdicts[second].verdict, verdicts[second].seen) == ("taken", blocks[1])
    assert isinstance(told.outcome, CleanedArticle)
    assert kept(told) == told.outcome.text == found.outcome.text.removeprefix(first).strip()
    lines = "\n".join(explained.lines("page.html", told))
    assert "memory: seen in 4 other articles of this site; articles that have nothing to do" in lines
    assert "and beside the article on 1 of its pages; that is too little to take it out" in lines


def test_a_heading_that_went_with_what_stood_under_it_says_so() -> None:
    heading, under = (
        "Help this gazette",
        "You who read this gazette have paid for its paper in coin or in cake.",
    )
    blocks = "".join(f"<p>{text}</p>" for text in story(1))
    html = (
        f"<html><body><article><h1>Roof</h1>{blocks}<h2>{heading}</h2><p>{under}</p></article></body></html>"
    )
    found = explain(PageInput(html.encode(), URL, "text/html"))
    removed = RememberedBlock(fingerprint=as_text(fingerprint(under) or 0), articles=4, why="appeal")
    told = with_memory(found, SiteMemory(articles=9, removed=(removed,)))
    assert [verdict.text for verdict in told.verdicts if verdict.verdict == "remembered"] == [heading, under]
    assert "memory: a heading, and what stood under it is taken out" in "\n".join(explained.lines("p", told))


def test_a_page_without_an_article_is_explained_too() -> None:
    links = "".join(f"<li><a href='/{n}'>The headline number {n} of today</a></li>" for n in range(12))
    found = explain(PageInput(f"<html><body><ul>{links}</ul></body></html>".encode(), URL, "text/html"))
    assert isinstance(found.outcome, Rejection)
    assert len(found.verdicts) == 12
    assert "[index-page]" in next(explained.lines("page.html", found))


@pytest.mark.parametrize("body", [b"", b"\x89PNG\r\n\x1a\n\0\0\0\r", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj"])
def test_what_is_refused_before_it_is_read_has_no_blocks(body: bytes) -> None:
    found = explain(PageInput(body, URL))
    assert isinstance(found.outcome, Rejection)
    assert found.verdicts == ()


def test_the_measures_of_a_block_add_up_to_what_the_trees_say_of_it() -> None:
    """What is told is all that moved it: the sum over every measure of the first look is the look's own answer."""
    page = walk(parse(PAGE.decode()))
    forest = load().pages.first
    rows, _ = structure.measure_page(page, load().pages.lexicon)
    answers = moves(forest, rows).sum(axis=1) + node_values(forest)[:, 0].sum()
    assert np.allclose(answers, forest.logits(rows))


def test_a_page_without_blocks_has_nothing_to_tell() -> None:
    assert told_of_page(document_fromstring("<html><body></body></html>"), 3) == []


HOSTILE = Verdict("<script>alert(1)</script> \x1b[31m & \u202e", "taken", 0.5, "/html/x\x1b[2J<b>", ())


def test_nothing_of_a_page_reaches_the_browser_as_markup_or_the_terminal_as_control() -> None:
    outcome = Rejection("not-an-article", "<img src=x>")
    found = Explanation(outcome, (HOSTILE,), "<b>", 0.5)
    page = explained.page("<script>", found)
    assert "<script" not in page
    assert "<img" not in page
    assert "<b>" not in page
    assert "default-src 'none'" in page
    shown = "\n".join(explained.lines("\x1b]0;x", found))
    assert all(character.isprintable() for character in shown.replace("\n", ""))
    assert all(character.isprintable() for character in page.replace("\n", ""))
