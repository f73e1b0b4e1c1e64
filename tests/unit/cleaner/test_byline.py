"""The names in a page's byline: full names of people between headline and text, and nobody else's."""

from __future__ import annotations

import pytest

from services.cleaner.article import CleanedArticle, Metadata
from services.cleaner.handler import clean
from services.cleaner.page import PageInput

TITLE = "The old bridge will be closed from June"
BODY = "".join(
    f"<p>{sentence}</p>"
    for sentence in (
        "The bridge will be closed to all traffic from June, the council said on Wednesday evening.",
        "Engineers found cracks in two of its pillars, and the repairs will take a year or a little longer.",
        "Residents were told by letter, and one of them said that the council had known of it for years.",
        "The opposition denied that the budget had ever been agreed to, and wants to see the contracts.",
    )
)


def metadata_of(between: str, before: str = "", head: str = "", title: str = TITLE) -> Metadata:
    page = (
        f"<html><head>{head}</head><body><nav><a href='/'>Home</a></nav><main>{before}<article><header><h1>{title}"
        f"</h1>{between}</header><div class='body'>{BODY}</div></article></main><footer>Imprint</footer></body></html>"
    )
    found = clean(PageInput(page.encode(), "https://news.example/a", "text/html"))
    assert isinstance(found, CleanedArticle)
    return found.metadata


@pytest.mark.parametrize(
    ("between", "authors"),
    [
        ("<div class='c-author-name'>Ana Lund</div>", ("Ana Lund",)),
        ("<div class='postAuthor'><a href='/ana'>Ana Lund</a></div>", ("Ana Lund",)),
        ("<p class='meta'>Posted on July 1, 2024 by Ana Lund</p>", ("Ana Lund",)),
        (
            "<p class='meta'>By Ana Lund and Tom de Witt | March 4, 2026 | 5 min read</p>",
            ("Ana Lund", "Tom de Witt"),
        ),
        ("<p class='meta'>ByAna Lund</p>", ("Ana Lund",)),
        ("<p class='byline'>Ana Lund RN</p>", ("Ana Lund",)),
        ("<p class='author'>Ana Lund, Staff Reporter</p>", ("Ana Lund",)),
        ("<p class='byline'>Reviewed by Ana Lund</p>", ()),
        ("<p class='photo-credit byline'>Photo by Ana Lund</p>", ()),
        ("<p class='author'>admin</p>", ()),
        ("<p class='author'>March 4, 2026</p>", ()),
        ("<p class='author-bio'>Ana Lund</p>", ()),
        ("<p class='name'>Ana Lund</p>", ()),
        (
            "".join(f"<p class='author'>Ana {name}</p>" for name in ("Lund", "Berg", "Dahl", "Holm", "Moe")),
            (),
        ),
        ("<p class='author'>" + "Ana Lund " * 500 + "</p>", ()),
    ],
)
def test_a_byline_has_full_names_of_people(between: str, authors: tuple[str, ...]) -> None:
    found = metadata_of(between)
    assert found.authors == authors
    assert found.provenance.get("authors") in ({"html", "text"} if authors else {None})


def test_who_stands_above_the_headline_signs_something_else() -> None:
    assert metadata_of("", "<div class='author'>Ana Lund</div><p>Another story</p>").authors == ()


def test_a_byline_confirms_what_is_stated_and_never_replaces_it() -> None:
    stated = "<meta name='author' content='Ana Lund'>"
    shown = metadata_of("<div class='author'>Ana Lund</div>", head=stated)
    other = metadata_of("<div class='author'>Tom Witt</div>", head=stated)
    assert shown.authors == other.authors == ("Ana Lund",)
    assert shown.confidence["authors"] > other.confidence["authors"]


def test_a_long_headline_opens_the_byline_too() -> None:
    title = (
        TITLE
        + ", the council says, after engineers found cracks in two of its pillars and sent letters to all"
    )
    assert len(title) > 100
    assert metadata_of("<div class='author'>Ana Lund</div>", title=title).authors == ("Ana Lund",)


def test_a_site_is_nobody_in_a_byline_either() -> None:
    site = "<meta property='og:site_name' content='North Harbour'>"
    named = '<script type=\'application/ld+json\'>{"@type": "NewsArticle", "publisher": {"name": "NH Media"}}</script>'
    assert metadata_of("<div class='author'>North Harbour</div>", head=site + named).authors == ()
