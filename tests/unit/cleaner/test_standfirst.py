"""A standfirst is what the page shows between headline and text: no headline, no beginning of the text, no byline."""

from __future__ import annotations

import json

import pytest

from services.cleaner.article import CleanedArticle
from services.cleaner.handler import clean
from services.cleaner.page import PageInput

TITLE = "The old bridge will be closed from June"
UNDER = "Ferries are to carry four thousand passengers a day, and nobody says at what cost"
SENTENCES = (
    "The bridge will be closed to all traffic from June, the council said on Wednesday evening.",
    "Engineers found cracks in two of its pillars, and the repairs will take a year or a little longer.",
    "Residents were told by letter, and one of them said that the council had known of it for years.",
    "The opposition denied that the budget had ever been agreed to, and wants to see the contracts.",
)
BODY = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)


def standfirst_of(
    between: str, described: str | None = None, *, name: str = "description", og: str = ""
) -> tuple[str | None, str | None]:
    node = {"@type": "NewsArticle", "headline": TITLE} | ({name: described} if described else {})
    head = f'<script type="application/ld+json">{json.dumps(node)}</script>'
    head += f'<meta property="og:description" content="{og}">' if og else ""
    page = (
        f"<html><head>{head}</head><body><nav><a href='/'>Home</a></nav><main><article><header><h1>{TITLE}</h1>"
        f"{between}</header><div class='body'>{BODY}</div></article></main><footer>Imprint</footer></body></html>"
    )
    found = clean(PageInput(page.encode(), "https://news.example/a", "text/html"))
    assert isinstance(found, CleanedArticle)
    return found.metadata.standfirst, found.metadata.provenance.get("standfirst")


@pytest.mark.parametrize(
    "between",
    [
        f'<p class="article__standfirst">{UNDER}</p>',
        f'<div class="ArticleDek_root__P3le">{UNDER}</div>',
        f'<h2 class="c-subtitle">{UNDER}</h2><p>By Ana Lund</p>',
        f'<p itemprop="alternativeHeadline">{UNDER}</p>',
        f'<div class="story-summary"><p>{UNDER}</p></div>',
    ],
)
def test_an_element_under_the_headline_that_is_called_so_is_one(between: str) -> None:
    assert standfirst_of(between) == (UNDER, "html")


def test_a_description_is_one_where_the_page_shows_it_under_the_headline() -> None:
    assert standfirst_of(f"<p>{UNDER}</p>", f"{UNDER}.") == (UNDER, "json-ld")
    assert standfirst_of(f"<p>{UNDER}</p>", UNDER, name="alternativeHeadline") == (UNDER, "json-ld")
    assert standfirst_of(f"<p>{UNDER}</p>", og=UNDER) == (UNDER, "meta")


@pytest.mark.parametrize(
    ("between", "described"),
    [
        ("", UNDER),  # for search engines: the page does not show it
        (f"<p>{UNDER}</p>", None),  # shown, and nobody says what it is
        ("<p class='standfirst'>" + SENTENCES[0][:60] + "</p>", SENTENCES[0][:60]),
        ("<p class='standfirst'>" + SENTENCES[1][:60] + "…</p>", SENTENCES[1][:60] + "…"),
        (f"<p class='standfirst'>{TITLE}</p>", TITLE),
        ("<p class='subtitle'>By Ana Lund and Tom de Witt</p>", None),
        ("<p class='subtitle'>4 March 2026, 18:30</p>", None),
        ("<p class='dek'>Local</p>", None),
        ("<p class='dek'>March 20, 2026 Updated: March 21, 2026 1:35 a.m.</p>", None),
        ("<div class='dek'>" + f"<p>{UNDER}</p><p>And something else that stands there too.</p></div>", None),
        (f"<p class='standfirst'>{UNDER}</p><p class='dek'>Another one that says something else</p>", None),
        ("<p class='standfirst'>" + "word " * 200 + "</p>", None),
    ],
)
def test_what_may_be_something_else_is_none(between: str, described: str | None) -> None:
    assert standfirst_of(between, described) == (None, None)


def test_a_value_that_is_no_text_is_none() -> None:
    for hostile in ({"@value": UNDER}, [[UNDER]], 7, True, ["", None]):
        node = {"@type": "NewsArticle", "headline": TITLE, "description": hostile}
        script = f'<script type="application/ld+json">{json.dumps(node)}</script>'
        page = f"<html><head>{script}</head><body><h1>{TITLE}</h1><p>{UNDER}</p>{BODY}</body></html>"
        found = clean(PageInput(page.encode(), "https://news.example/a", "text/html"))
        assert isinstance(found, CleanedArticle)
        assert found.metadata.standfirst is None
