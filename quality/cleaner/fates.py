"""Whether what is no article is known for what it is, and no article for such a page: on pages of our own, and on the
marked ones, each of which is an article."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from services.cleaner.article import CleanedArticle
from services.cleaner.handler import clean
from services.cleaner.page import PageInput

_PAGES = Path(__file__).with_name("fates.toml")
ARTICLE = "article"


@dataclass(frozen=True)
class Case:
    """``wanted``, ``found``: the code of a rejection, or :data:`ARTICLE`."""

    name: str
    wanted: str
    found: str


def cases() -> list[Case]:
    pages = tomllib.loads(_PAGES.read_text("utf-8"))["pages"]
    return [
        Case(page["name"], page["fate"], fate_of(f"<!doctype html><html>{page['html']}")) for page in pages
    ]


def fate_of(html: str) -> str:
    found = clean(PageInput(html.encode(), "https://news.example/2026/a", "text/html"))
    return ARTICLE if isinstance(found, CleanedArticle) else found.code


def figures(found: Sequence[Case]) -> dict[str, float]:
    """Precision and recall over all fates but the article's, and the share of articles that stay articles."""
    named = [case for case in found if case.found != ARTICLE]
    others = [case for case in found if case.wanted != ARTICLE]
    articles = [case for case in found if case.wanted == ARTICLE]
    right = sum(case.found == case.wanted for case in others)
    return {
        "fates, precision on pages of our own": right / max(1, len(named)),
        "fates, recall on pages of our own": right / len(others),
        "fates, articles of our own that stay articles": sum(c.found == ARTICLE for c in articles)
        / len(articles),
    }
