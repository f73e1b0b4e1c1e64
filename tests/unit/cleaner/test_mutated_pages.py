"""Real pages, broken at random: whatever comes of them, nothing raises, nothing hidden survives, offsets hold."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimstream.sample.outlet import load_outlets
from claimstream.sample.shelf import fill
from services.cleaner.article import CleanedArticle, Rejection
from services.cleaner.body import parse
from services.cleaner.charset import decode
from services.cleaner.handler import clean
from services.cleaner.page import PageInput
from shared.contracts.text import is_normal, split_paragraphs

_URL = "https://news.example/2026/a"
_EXAMPLES = 30  # some 20 ms each
# Each ends up in the page where a tag ended. What is said in them, and where they lead, nobody is shown.
_HIDDEN = (
    '<script>send("https://tracker.invalid/a")</script>',
    '<script type=\'application/json\'>{"to": "tracker.invalid"}</script>',
    '<img src="https://tracker.invalid/p.gif" width=1 height=1>',
    '<noscript><img src="https://tracker.invalid/n.gif">tracker.invalid</noscript>',
    '<iframe src="//tracker.invalid/frame">tracker.invalid</iframe>',
    "<style>body{background:url(//tracker.invalid/s)}</style>",
    "<template><p>tracker.invalid</p></template>",
    "<!-- tracker.invalid -->",
    '<a href="https://tracker.invalid/?u=1" onclick="tracker.invalid">here</a>',
    "<object data='//tracker.invalid'>tracker.invalid</object>",
    "<svg><text>tracker.invalid</text></svg>",
)
# What breaks a page: half tags, characters that no text may hold, charsets, ends before the end.
_BREAKS = (
    b"\x00", b"\x1b[31m", b"\xff\xfe", b"\xed\xa0\x80", b"<", b">", b"</", b"<!--", b"-->", b"<![CDATA[", b"]]>", b'"',
    b"<p", b"</p></div></body>", b"<script>", b"</script>", b"<table><tr><td>", b"<frameset><frame>", b"<template>",
    b'<meta charset="utf-16">', b"&#0;&#x1b;&#xD800;&nbsp;&shy;", "\u202e\u2028\u0301".encode(), b"<pre>\r\n\t",
)  # fmt: skip


def _pages() -> list[bytes]:
    """A page of our own, and the first article of each outlet of the sample site."""
    pages = [(Path(__file__).parents[2] / "data" / "cleaner" / "article.html").read_bytes()]
    for outlet in load_outlets().values():
        shelf = fill(outlet, "http://127.0.0.1:8080", 1, 1)
        longest = max((path for path in shelf if path != "/"), key=lambda path: len(shelf[path].body))
        pages.append(shelf[longest].body)
    return pages


PAGES = _pages()
_places = st.lists(st.floats(0, 1, exclude_max=True), min_size=1, max_size=4)


def cleaned(body: bytes) -> CleanedArticle | None:
    """The article, after looking at all that must hold of any; None where the page was refused."""
    page = PageInput(body, _URL, "text/html")
    found = clean(page)
    if isinstance(found, Rejection):
        assert found.hint
        return None
    assert is_normal(found.text)
    assert [found.text[slice(*block.span)] for block in found.blocks] == split_paragraphs(found.text)
    tree = parse(decode(body, page.content_type).text)
    for block in found.blocks[:3]:
        if (
            block.path is None or block.at is None
        ):  # another extractor's, cut otherwise than any block of the page
            assert found.metadata.provenance["text"] != "classifier"
            continue
        assert 0 <= block.at[0] < block.at[1] <= len(tree.xpath(f"string({block.path})"))
    return found


@pytest.mark.parametrize("body", PAGES, ids=range(len(PAGES)))
def test_the_pages_that_are_broken_are_articles(body: bytes) -> None:
    assert cleaned(body) is not None


@given(st.sampled_from(PAGES), st.lists(st.sampled_from(_HIDDEN), min_size=1, max_size=6), _places)
@settings(max_examples=_EXAMPLES, deadline=None)
def test_nothing_that_a_page_does_not_show_is_in_its_article(
    body: bytes, hidden: list[str], places: list[float]
) -> None:
    head, rest = body.split(b"<body", 1)
    pieces = rest.split(b">")
    for what, place in zip(hidden, places * len(hidden), strict=False):
        pieces[1 + int(place * (len(pieces) - 2))] = (
            what.encode() + pieces[1 + int(place * (len(pieces) - 2))]
        )
    found = cleaned(head + b"<body" + b">".join(pieces))
    if found is not None:
        assert "tracker.invalid" not in found.text
        assert "send(" not in found.text


@given(
    st.sampled_from(PAGES), st.lists(st.sampled_from(_BREAKS), min_size=1, max_size=8), _places, st.booleans()
)
@settings(max_examples=_EXAMPLES, deadline=None)
def test_a_broken_page_gives_an_article_or_a_reason(
    body: bytes, breaks: list[bytes], places: list[float], cut: bool
) -> None:
    for what, place in zip(breaks, places * len(breaks), strict=False):
        at = int(place * len(body))
        body = body[:at] + what + body[at + (len(what) if cut else 0) :]
    cleaned(body[: int(places[0] * len(body))] if cut and len(places) > 2 else body)
