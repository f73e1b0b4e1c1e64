"""Feeds as they are meant, as they are, and as somebody sends them on purpose."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.fetcher.feeds.model import HINTS, MAX_ENTRIES
from services.fetcher.feeds.parse import Feed, FeedBroken, FeedEntry, parse_feed
from services.fetcher.http.limits import MAX_FEED_BYTES

CASES = Path(__file__).parent / "cases"
URL = "https://gazette.example/feeds/all"


def parsed(name: str, content_type: str = "application/xml", url: str = URL) -> Feed | FeedBroken:
    return parse_feed((CASES / name).read_bytes(), content_type, url)


def sound(name: str, content_type: str = "application/xml", url: str = URL) -> Feed:
    feed = parsed(name, content_type, url)
    assert isinstance(feed, Feed)
    return feed


def test_rss_gives_each_entry_once_with_an_absolute_link() -> None:
    feed = sound("rss20.xml", "application/rss+xml; charset=utf-8")
    assert (feed.kind, feed.title, feed.fault) == ("rss20", "Harbour Gazette", None)
    assert feed.entries == (
        FeedEntry(
            "ferry-1",
            "https://gazette.example/2026/06/ferry?a=1&b=2",
            datetime(2026, 6, 1, 7, 30, tzinfo=UTC),
            None,
            "Ferry & crane collide",
        ),
        FeedEntry(
            "https://gazette.example/2026/06/dues",
            "https://gazette.example/2026/06/dues",
            None,
            datetime(2026, 6, 2, 8, 0, tzinfo=UTC),
            "Dues <b>rise</b>",
        ),
    )
    assert feed.skipped == 2


def test_atom_takes_the_alternate_link_against_its_base() -> None:
    feed = sound("atom10.xml", "application/atom+xml")
    assert feed.kind == "atom10"
    (entry,) = feed.entries
    assert (entry.id, entry.url) == ("tag:wire.example,2026:1", "https://wire.example/news/1.html")
    assert entry.published_at == datetime(2026, 6, 1, 10, tzinfo=UTC)
    assert entry.updated_at == datetime(2026, 6, 2, 8, tzinfo=UTC)


def test_rdf_is_read_with_its_items_outside_the_channel() -> None:
    feed = sound("rdf.xml")
    assert feed.kind == "rss10"
    assert [entry.url for entry in feed.entries] == ["https://old.example/7"]


def test_json_feed_is_read() -> None:
    feed = sound("feed.json", "application/feed+json", "https://desk.example/feed.json")
    assert (feed.kind, feed.title, feed.skipped) == ("json", "Data Desk", 2)
    assert feed.entries == (
        FeedEntry("12", "https://desk.example/posts/12", datetime(2026, 6, 1, 8, tzinfo=UTC), None, "Twelve"),
        FeedEntry(
            "https://desk.example/posts/14",
            "https://desk.example/posts/14",
            None,
            datetime(2026, 6, 2, 10, tzinfo=UTC),
            "",
        ),
    )


def test_a_truncated_feed_gives_its_whole_entries_and_is_failing() -> None:
    feed = sound("truncated.xml")
    assert [entry.url for entry in feed.entries] == ["https://cut.example/1", "https://cut.example/2"]
    assert feed.fault is not None
    assert feed.fault.code == "feed-malformed"


def test_unescaped_ampersands_and_undeclared_prefixes_lose_nothing() -> None:
    """libxml2's own recovery makes ?a=1=2 of ?a=1&b=2: a page that does not exist."""
    feed = sound("unescaped.xml")
    assert feed.title == "Smith & Sons"
    assert [entry.url for entry in feed.entries] == [
        "https://smith.example/1?a=1&b=2",
        "https://smith.example/2",
    ]
    assert feed.entries[0].title == "Bread\u00a0& butter"
    assert feed.fault is not None


@pytest.mark.parametrize("content_type", ["text/html", "application/rss+xml", ""])
def test_a_page_instead_of_a_feed_is_told_from_a_broken_feed(content_type: str) -> None:
    broken = parsed("page.html", content_type)
    assert isinstance(broken, FeedBroken)
    assert broken.code == "feed-is-html"
    assert "application/rss+xml" in broken.hint


def test_an_entity_bomb_expands_to_nothing_and_reads_no_file() -> None:
    started = time.process_time()
    feed = sound("bomb.xml")
    assert time.process_time() - started < 2
    (entry,) = feed.entries
    assert entry.url == "https://bomb.example/1"
    assert "ha ha" not in entry.title
    assert "root:" not in entry.title + feed.title


def test_a_namespace_that_is_none_loses_no_entry() -> None:
    item = '<item><title>Kept</title><link>/1</link><x:date xmlns:x="a b&lt;!--">2026</x:date></item>'
    document = f'<rss version="2.0" xmlns:dc="http://purl.org/dc/&lt;!--/"><channel>{item}</channel></rss>'
    feed = parse_feed(document.encode(), "", URL)
    assert isinstance(feed, Feed)
    assert [entry.title for entry in feed.entries] == ["Kept"]


HOSTILE = {
    # 52 seconds for a tenth of it in feedparser alone
    "newlines": b"\n" * 1_000_000 + b"<rss>",
    "newlines-in-doctype": b"<!DOCTYPE x" + b"\n" * 1_000_000 + b"<rss>",
    "comments": b"\n<!---->" * 125_000 + b"<rss>",
    "doctypes": b"<!DOCTYPE x>" * 80_000 + b"<rss>",
    "nested": b"<rss><channel>" + b"<a>" * 300_000,
    "nested-bases": b"<rss><channel>" + b'<a xml:base="x/">' * 50_000,
    "attributes": b"<rss " + b" ".join(b'a%d=""' % n for n in range(80_000)) + b"/>",
    "namespaces": b"<rss>"
    + b"".join(b'<a%d:x xmlns:a%d="u%d"/>' % (n, n, n) for n in range(30_000))
    + b"</rss>",
    "entities": b"<rss><channel><item><title>" + b"&nbsp;" * 150_000 + b"</title></item></channel></rss>",
    "ampersands": b"<rss>" + b"&" * 500_000 + b"<![CDATA[" * 50_000,
    "number": b"<rss><channel><item><title>&#99999999999;</title></item></channel></rss>",  # feedparser raises
    "links": b"<rss><channel><item>" + b"<link>a</link>" * 70_000 + b"</item></channel></rss>",
    "punycode": b'<?xml version="1.0" encoding="punycode"?>' + b"a" * 1_000_000,
    "json": b"[" * 1_000_000,
    "json-number": b'{"version": "https://jsonfeed.org/version/1", "items": ' + b"9" * 10_000 + b"}",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_megabyte_ends_soon_and_with_a_value(name: str) -> None:
    started = time.process_time()
    outcome = parse_feed(HOSTILE[name], "application/xml", URL)
    assert time.process_time() - started < 5  # they take under .5 on an idle core
    assert isinstance(outcome, FeedBroken) or len(outcome.entries) <= 1


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "feed-empty"),
        (b"\xef\xbb\xbf \n", "feed-empty"),
        (b"x" * (MAX_FEED_BYTES + 1), "feed-too-large"),
        (b"plain words", "feed-malformed"),
        (b"\x00\xff\xfe\x89PNG", "feed-malformed"),
        (b"<opml version='2.0'><body/></opml>", "feed-unknown-format"),
        (b"<html>", "feed-is-html"),
        (b"<!-- x --><!doctype HTML><title>y</title>", "feed-is-html"),
        (b"[1, 2]", "feed-unknown-format"),
        (b'{"items": []}', "feed-unknown-format"),
        (b'{"version": "https://jsonfeed.org/version/1", "items": [', "feed-malformed"),
    ],
)
def test_what_is_no_feed_has_a_code_and_a_hint(body: bytes, code: str) -> None:
    broken = parse_feed(body, "", URL)
    assert isinstance(broken, FeedBroken)
    assert broken.code == code
    assert broken.hint == HINTS[code]


def test_entries_beyond_the_limit_are_counted_and_left() -> None:
    items = "".join(f"<item><link>https://long.example/{n}</link></item>" for n in range(MAX_ENTRIES + 7))
    feed = parse_feed(f'<rss version="2.0"><channel>{items}</channel></rss>'.encode(), "", URL)
    assert isinstance(feed, Feed)
    assert (len(feed.entries), feed.dropped) == (MAX_ENTRIES, 7)


def test_a_feed_without_entries_is_a_feed() -> None:
    feed = parse_feed(b'<rss version="2.0"><channel><title>Quiet</title></channel></rss>', "", URL)
    assert isinstance(feed, Feed)
    assert (feed.entries, feed.fault) == ((), None)


@pytest.mark.parametrize(
    ("charset", "content_type", "declared"),
    [
        ("windows-1251", "application/xml; charset=windows-1251", ""),
        ("windows-1251", "application/xml", "windows-1251"),
        ("koi8-r", "text/xml", "koi8-r"),
        ("utf-8", "text/xml", ""),
        ("utf-8", "text/xml; charset=us-ascii", ""),
        ("utf-8", "text/xml; charset=nonsense", ""),
        ("utf-8", "text/xml; charset=rot13", "unicode_escape"),
        ("utf-16", "", "utf-16"),
        ("utf-16-le", "", "utf-16"),
        ("utf-32", "", "utf-32"),
        ("utf-8-sig", "", ""),
    ],
)
def test_the_charset_is_found_where_it_is_said_and_where_it_is_a_lie(
    charset: str, content_type: str, declared: str
) -> None:
    declaration = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    item = "<item><title>Новость</title><link>/1</link></item>"
    text = f'{declaration}<rss version="2.0"><channel>{item}</channel></rss>'
    feed = parse_feed(text.encode(charset), content_type, URL)
    assert isinstance(feed, Feed)
    assert feed.entries[0].title == "Новость"


@given(
    st.binary(max_size=300),
    st.sampled_from([b"", b"<rss><channel><item>", b'<?xml version="1.0" encoding="', b"{"]),
)
def test_no_bytes_raise(body: bytes, head: bytes) -> None:
    assert isinstance(
        parse_feed(head + body, "text/xml; charset=" + body[:9].decode("latin-1"), URL), Feed | FeedBroken
    )
