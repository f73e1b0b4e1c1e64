"""Five outlets, five templates: of each page, and of its plain text, the article remains and nothing else.

A page of nested tables, one of nothing but div, a German one for phones, one of a blog with sidebar and comments, and
one that is in order. All have an appeal, a photo credit and links between paragraphs; four a newsletter and a widget.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from services.cleaner.article import CleanedArticle
from services.cleaner.handler import clean
from services.cleaner.page import PageInput

DATA = Path(__file__).parents[2] / "data" / "cleaner"
PAGES = ["article", *(f"outlets/{name}" for name in ("brightwater", "heidekurier", "hillfort", "saltmarsh"))]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(("form", "content_type"), [(".html", "text/html"), (".scraped.txt", "text/plain")])
def test_the_article_remains_and_nothing_else(page: str, form: str, content_type: str) -> None:
    body = (DATA / f"{page}{form}").read_bytes()
    cleaned = clean(PageInput(body, "https://www.outlet.example/2026/story", content_type))
    assert isinstance(cleaned, CleanedArticle)
    article = (DATA / f"{page}.txt").read_text("utf-8").removesuffix("\n")
    assert cleaned.text.split("\n\n") == article.split("\n\n")
