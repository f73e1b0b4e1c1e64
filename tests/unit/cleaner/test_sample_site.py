"""The sample site's pages: the article as written comes out of the page as built."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import pytest

from claimstream.sample.outlet import load_outlets
from claimstream.sample.shelf import SUBSCRIBE_PATH, fill
from services.cleaner.article import CleanedArticle, Rejection
from services.cleaner.handler import clean
from services.cleaner.page import PageInput

BASE = "http://127.0.0.1:8080"
ARTICLES = json.loads(files("claimstream.sample").joinpath("truth.json").read_text("utf-8"))["articles"]


def page(outlet: str, path: str, version: int) -> PageInput:
    document = fill(load_outlets()[outlet], BASE, version, 1)[path]
    return PageInput(document.body, BASE + path, document.content_type)


@pytest.mark.parametrize("truth", ARTICLES.values(), ids=list(ARTICLES))
def test_the_article_comes_out_as_it_was_written(truth: dict[str, Any]) -> None:
    cleaned = clean(page(truth["outlet"], truth["path"], truth["version"]))
    assert isinstance(cleaned, CleanedArticle)
    assert cleaned.text.split("\n\n") == truth["paragraphs"]
    assert cleaned.metadata.title == truth["title"]
    assert list(cleaned.metadata.authors) == truth["authors"]
    assert cleaned.metadata.published_at is not None
    assert cleaned.metadata.published_at.value == truth["published_at"].replace("+00:00", "Z")


@pytest.mark.parametrize("truth", [truth for truth in ARTICLES.values() if truth["duplicate_path"]])
def test_a_second_url_leads_to_the_same_article(truth: dict[str, Any]) -> None:
    first, second = (
        clean(page(truth["outlet"], truth[key], truth["version"])) for key in ("path", "duplicate_path")
    )
    assert isinstance(first, CleanedArticle)
    assert isinstance(second, CleanedArticle)
    assert (first.url, first.version) == (second.url, second.version)


@pytest.mark.parametrize(
    ("outlet", "path"), [("dispatch", SUBSCRIBE_PATH), *((key, "/") for key in load_outlets())]
)
def test_what_is_no_article_is_rejected(outlet: str, path: str) -> None:
    rejection = clean(page(outlet, path, 1))
    assert isinstance(rejection, Rejection)
    assert rejection.code == ("index-page" if path == "/" else "login-page")
