"""The confidence in a field: measured for its origin and its support, and none where nothing was measured."""

from __future__ import annotations

import pytest

from services.cleaner.article import CleanedArticle, Metadata
from services.cleaner.handler import clean
from services.cleaner.metadata.evidence import (
    ALONE,
    CONFIRMED,
    CONTRADICTED,
    MEASURED,
    Answer,
    best,
    same_title,
)
from services.cleaner.page import PageInput

BODY = "<p>The bridge will be closed to all traffic from June, the council said on Wednesday evening.</p>" * 4
TITLE = "The old bridge will be closed from June"
HEAD = (
    f'<meta property="og:title" content="{TITLE} | Post"><meta name="author" content="Ana Lund">'
    '<meta property="article:published_time" content="2026-03-03"><meta property="og:site_name" content="Post">'
    '<meta name="keywords" content="Harbour, Roads"><meta property="article:section" content="Local">'
)


def metadata_of(head: str, body: str = "") -> Metadata:
    page = f"<html lang='en'><head>{head}</head><body>{body}{BODY}</body></html>"
    found = clean(PageInput(page.encode(), "https://news.example/a", "text/html"))
    assert isinstance(found, CleanedArticle)
    return found.metadata


def test_only_fields_whose_truth_somebody_has_marked_have_a_confidence() -> None:
    found = metadata_of(HEAD, f"<h1>{TITLE}</h1>")
    assert {
        "title",
        "authors",
        "publisher",
        "section",
        "tags",
        "published_at",
        "language",
    } <= found.provenance.keys()
    assert found.confidence.keys() - {"text"} == {"title", "authors", "published_at", "language"}
    assert all(0 < chance < 1 for chance in found.confidence.values())


def test_what_the_page_confirms_is_surer_than_what_it_contradicts() -> None:
    shown = metadata_of(HEAD, f"<h1>{TITLE}</h1>").confidence["title"]
    other = metadata_of(HEAD, "<h1>Quite another heading of this page</h1>").confidence["title"]
    assert shown > 0.9 > other
    twice = metadata_of(HEAD, '<a rel="author">Ana Lund</a>').confidence["authors"]
    assert twice > metadata_of(HEAD).confidence["authors"]


def test_few_pages_prove_nothing_and_no_number_of_them_proves_all() -> None:
    few = [cell for cell, (_, pages) in MEASURED.items() if pages < 8]
    assert few
    for field, origin, support in few:
        assert Answer("x", origin, support).confidence(field) is None
    assert Answer("x", "no such origin").confidence("title") is None
    for field, origin, support in MEASURED:
        chance = Answer("x", origin, support).confidence(field)
        assert chance is None or 0 < chance < 1


@pytest.mark.parametrize(
    ("stated", "support"),
    [
        ([("a", "json-ld")], ALONE),
        ([("a", "json-ld"), ("b", "meta"), ("a", "html")], CONFIRMED),
        ([("a", "json-ld"), ("b", "meta")], CONTRADICTED),
    ],
)
def test_one_other_origin_that_says_the_same_is_enough(stated: list[tuple[str, str]], support: str) -> None:
    assert best(stated, str.__eq__) == Answer("a", "json-ld", support)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (TITLE, f"{TITLE.upper()}!", True),
        (TITLE, f"{TITLE} | The Post", True),
        (TITLE, "The old bridge", True),
        (TITLE, "The old", False),
        (TITLE, "The old bridge will stay", False),
        ("Post", "post", True),
        ("", "", True),
        ("a b c", "a bc", False),
    ],
)
def test_a_title_is_the_same_but_for_a_sites_name_around_it(one: str, other: str, same: bool) -> None:
    assert same_title(one, other) is same
    assert same_title(other, one) is same
