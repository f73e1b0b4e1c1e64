"""The first article: what is cleaned out of it is the article and nothing else."""

from __future__ import annotations

import html

import pytest

from services.cleaner.article import CleanedArticle
from services.cleaner.handler import clean, clean_document
from services.cleaner.page import PageInput
from tests.unit.cleaner.conftest import Seed

HEAD = '<head><meta charset="utf-8"><title>The Moscow Times</title></head>'


def paragraphs(seed: Seed) -> str:
    lines = [line for line in seed.scraped.splitlines() if line.strip()]
    return "\n".join(f"<p>{html.escape(line)}</p>" for line in lines)


@pytest.mark.parametrize(
    "frame", ["<html><body>{}</body></html>", "<body>{}</body>", "<!doctype html>{}", "{}"]
)
@pytest.mark.parametrize("head", ["", HEAD])
def test_of_a_page_of_bare_paragraphs_the_article_remains(seed: Seed, frame: str, head: str) -> None:
    page = head + frame.format(paragraphs(seed))
    cleaned = clean(PageInput(page.encode(), "https://news.example/2019/06/03/x", "text/html"))
    assert isinstance(cleaned, CleanedArticle)
    assert cleaned.text == seed.article


@pytest.mark.parametrize("content_type", ["text/plain", "text/plain; charset=utf-8", None])
@pytest.mark.parametrize("break_", ["\n\n", "\n", "\r\n\r\n"])
def test_of_the_plain_text_the_article_remains(seed: Seed, content_type: str | None, break_: str) -> None:
    scraped = seed.scraped.replace("\n\n", break_)
    cleaned = clean(PageInput(scraped.encode(), "https://news.example/x", content_type))
    assert isinstance(cleaned, CleanedArticle)
    assert cleaned.text == seed.article
    assert cleaned.metadata.title == seed.scraped.split("\n\n")[1]
    assert cleaned.metadata.provenance["title"] == "text"
    assert cleaned.metadata.language == "en"


def test_cleaning_the_article_again_changes_nothing(seed: Seed) -> None:
    cleaned = clean_document(text=seed.article)
    assert isinstance(cleaned, CleanedArticle)
    assert cleaned.text == seed.article
