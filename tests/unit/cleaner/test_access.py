"""Whether an article is for everybody: by schema.org's marks, and by nothing where they contradict each other."""

from __future__ import annotations

import json
from typing import Any

import pytest
from lxml.html import document_fromstring

from services.cleaner.metadata.markup import read_markup
from services.cleaner.metadata.read import Stated

FREE, PAID = {"isAccessibleForFree": True}, {"isAccessibleForFree": "False"}
SECTION = {"@type": "WebPageElement", "cssSelector": ".paywall"}
META = '<meta itemprop="isAccessibleForFree" content="{}">'
PART = '<div itemprop="hasPart" itemscope itemtype="https://schema.org/WebPageElement">{}</div>'
ITEM = '<div itemscope itemtype="https://schema.org/NewsArticle">{}</div>'


def paywall_of(*nodes: Any, body: str = "") -> tuple[bool, str] | None:
    scripts = "".join(f'<script type="application/ld+json">{json.dumps(node)}</script>' for node in nodes)
    tree = document_fromstring(f"<html><head>{scripts}</head><body>{body}<p>a</p></body></html>")
    answer = Stated(read_markup(tree), "https://news.example/a", None).paywall()
    return (answer.value, answer.origin) if answer else None


def article(**stated: Any) -> dict[str, Any]:
    return {"@type": "NewsArticle", "headline": "The old bridge"} | stated


@pytest.mark.parametrize(
    ("stated", "walled"),
    [
        (FREE, False),
        (PAID, True),
        ({"isAccessibleForFree": "https://schema.org/False"}, True),
        ({"isAccessibleForFree": " true "}, False),
        (PAID | {"hasPart": SECTION | PAID}, True),
        ({"hasPart": [SECTION | PAID, SECTION | FREE]}, True),
        (PAID | {"hasPart": SECTION | FREE}, True),
        ({"hasPart": SECTION | FREE}, None),
        (FREE | {"hasPart": [SECTION | PAID]}, None),
        ({"isAccessibleForFree": [True, False]}, None),
        ({"isAccessibleForFree": ""}, None),
        ({"isAccessibleForFree": {"@value": True}}, None),
        ({"isAccessibleForFree": 0}, None),
        ({"hasPart": [{"@type": "Review", "isAccessibleForFree": False}]}, None),
        ({"hasPart": ["a", None, [SECTION | PAID]]}, None),
        ({}, None),
    ],
)
def test_json_ld_says_it_of_the_article_or_of_its_parts(stated: dict[str, Any], walled: bool | None) -> None:
    assert paywall_of(article(**stated)) == (None if walled is None else (walled, "json-ld"))
    nested = {"@graph": [{"@graph": [article(**stated)]}, {"@type": "WebSite"} | FREE]}
    assert paywall_of(nested) == paywall_of(article(**stated))


def test_words_about_subscribing_say_nothing() -> None:
    head = '<meta name="article:content_tier" content="locked">'
    assert paywall_of(body=head + "<div class='paywall premium'>Subscribe to read the rest.</div>") is None


@pytest.mark.parametrize(
    ("body", "walled"),
    [
        (ITEM.format(META.format("false")), True),
        (ITEM.format(META.format("true")), False),
        (ITEM.format(PART.format(META.format("False"))), True),
        (ITEM.format(META.format("true") + PART.format(META.format("False"))), None),
        (ITEM.format(META.format("false") + PART.format(META.format("False"))), True),
        (ITEM.format('<link itemprop="isAccessibleForFree" href="http://schema.org/False">'), True),
        (ITEM.format('<span itemprop="isAccessibleForFree">false</span>'), True),
        (ITEM.format(META.format("false")) * 2, None),
        (META.format("false") * 100_000, True),
    ],
)
def test_microdata_says_it_of_the_one_article_of_the_page(body: str, walled: bool | None) -> None:
    assert paywall_of(body=body) == (None if walled is None else (walled, "microdata"))


def test_a_page_that_contradicts_itself_has_said_nothing() -> None:
    free = ITEM.format(META.format("true"))
    assert paywall_of(article(**PAID), body=free) is None
    assert paywall_of(article(**FREE), body=free) == (False, "json-ld")
    assert paywall_of(article(**PAID), article(**FREE)) is None
    assert paywall_of(article(**PAID), article()) == (True, "json-ld")
