"""Metadata: the best markup that states a field gives it; where nothing sure does, it is left out."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.cleaner.article import CleanedArticle, Metadata
from services.cleaner.handler import clean
from services.cleaner.language import language_of
from services.cleaner.metadata.authors import split_authors
from services.cleaner.metadata.dates import date_in_url, day_of, parse_date
from services.cleaner.page import PageInput
from shared.contracts.parts import Dated

DATA = Path(__file__).parents[2] / "data" / "cleaner"
DATES = json.loads((DATA / "dates.json").read_text("utf-8"))
AUTHORS = json.loads((DATA / "authors.json").read_text("utf-8"))
OBSERVED = datetime(2026, 3, 5, 12, tzinfo=UTC)
BODY = "<p>The bridge will be closed to all traffic from June, the council said on Wednesday evening.</p>" * 4


def metadata_of(
    head: str, body: str = "", url: str = "https://news.example/a", feed: str | None = None
) -> Metadata:
    page = f"<html><head>{head}</head><body>{body}{BODY}</body></html>"
    observed = OBSERVED.isoformat()
    cleaned = clean(PageInput(page.encode(), url, "text/html", observed_at=observed, published_at=feed))
    assert isinstance(cleaned, CleanedArticle)
    stated = {
        name: origin
        for name, origin in cleaned.metadata.provenance.items()
        if not name.startswith(("text", "url"))
    }
    return replace(cleaned.metadata, provenance=stated, confidence={})


@pytest.mark.parametrize("case", DATES, ids=[case[0] for case in DATES])
def test_a_date_has_the_precision_and_the_zone_that_its_markup_has(case: list[str | None]) -> None:
    stated, value, precision, zone = [*case, None][:4]
    found = parse_date(stated, "meta", OBSERVED)
    expected = (
        Dated(value=value, precision=precision, from_="meta", zone=zone) if value and precision else None
    )
    assert found == expected


@pytest.mark.parametrize(
    ("stated", "day"),
    [
        ("2026-03-05T00:30:00+01:00", "2026-03-05"),
        ("2026-03-03T22:30:00-05:30", "2026-03-03"),
        ("2026-03-04T18:30:00Z", "2026-03-04"),
        ("2026-03", "2026-03"),
    ],
)
def test_the_day_is_that_of_the_clock_which_the_page_goes_by(stated: str, day: str) -> None:
    found = parse_date(stated, "meta", OBSERVED)
    assert found is not None
    assert day_of(found) == day


@given(st.text(max_size=70))
@settings(max_examples=100)
def test_no_date_raises(stated: str) -> None:
    parse_date(stated, "meta", OBSERVED)


@pytest.mark.parametrize(
    ("url", "value"),
    [
        ("https://news.example/2026/03/04/bridge", "2026-03-04"),
        ("https://news.example/2026-03-04-bridge", "2026-03-04"),
        ("https://news.example/2026/03/bridge", "2026-03"),
        ("https://news.example/page/2026/", None),
        ("https://news.example/2026/13/bridge", None),
        ("https://news.example/2026/02/31/bridge", None),
    ],
)
def test_a_date_in_the_url(url: str, value: str | None) -> None:
    found = date_in_url(url, OBSERVED)
    assert (found.value if found else None) == value


@pytest.mark.parametrize("case", AUTHORS, ids=[", ".join(case["stated"]) for case in AUTHORS])
def test_authors_are_single_names_of_people(case: dict[str, list[str]]) -> None:
    assert list(split_authors(case["stated"], ["The Estuary Post"])) == case["names"]


JSON_LD = '<script type="application/ld+json">{}</script>'
ARTICLE = (
    '{"@type": "NewsArticle", "headline": "From JSON-LD to the bridge", "datePublished": "2026-03-04",'
    ' "author": {"@type": "Person", "name": "Ana Lund"}, "publisher": {"name": "Post"}, "articleSection": ["Local"]}'
)
META = (
    '<meta property="og:title" content="From meta tags to the bridge | Post"><meta name="author" content="Tom Witt">'
    '<meta property="article:published_time" content="2026-03-03">'
    '<meta property="og:site_name" content="Post &amp;amp; Co">'
)


def test_json_ld_counts_before_meta_tags() -> None:
    found = metadata_of(JSON_LD.format(ARTICLE) + META)
    assert found.title == "From JSON-LD to the bridge"
    assert found.authors == ("Ana Lund",)
    assert found.published_at == Dated(value="2026-03-04", precision="day", from_="json-ld")
    assert (found.publisher, found.section) == ("Post", "Local")


def test_meta_tags_count_where_there_is_no_json_ld() -> None:
    found = metadata_of(META + JSON_LD.format("{broken"))
    assert found.title == "From meta tags to the bridge"
    assert found.authors == ("Tom Witt",)
    assert found.publisher == "Post & Co"
    assert found.provenance == {
        "title": "meta",
        "authors": "meta",
        "publisher": "meta",
        "published_at": "meta",
        "language": "detected",
    }


@pytest.mark.parametrize(
    "script",
    [
        f"[{ARTICLE}]",
        f'{{"@graph": [{ARTICLE}]}}',
        f'{{"@type": "WebPage", "mainEntity": {ARTICLE}}}',
        f"<!-- {ARTICLE} -->",
        f"//<![CDATA[\n{ARTICLE}\n//]]>",
        f"{ARTICLE};",
    ],
)
def test_json_ld_is_read_in_every_wrapping(script: str) -> None:
    assert metadata_of(JSON_LD.format(script)).provenance["title"] == "json-ld"


def test_of_several_articles_in_json_ld_the_pages_own_counts() -> None:
    others = [
        f'{{"@type": "Article", "headline": "Another {n}", "url": "https://news.example/{n}"}}' for n in "bcd"
    ]
    own = ARTICLE.replace('"@type"', '"url": "https://news.example/a", "@type"')
    found = metadata_of(JSON_LD.format(f"[{others[0]}, {own}, {others[1]}]"))
    assert found.title == "From JSON-LD to the bridge"
    assert metadata_of(JSON_LD.format(f"[{', '.join(others)}]")).title is None


def test_where_the_page_says_nothing_nothing_is_said() -> None:
    found = metadata_of("", "<time datetime='2026-03-01'></time><time datetime='2026-03-02'></time>")
    assert found == Metadata(language="en", provenance={"language": "detected"})


def test_an_undisputed_time_element_is_believed() -> None:
    found = metadata_of(
        "", "<time datetime='2026-03-01T10:00:00Z'>today</time><time datetime='2026-03-01'></time>"
    )
    assert found.published_at == Dated(value="2026-03-01T10:00:00Z", precision="second", from_="time")


def test_two_good_dates_that_contradict_each_other_need_a_third_to_tell() -> None:
    json_ld, meta = JSON_LD.format(ARTICLE), META.replace("2026-03-03", "2025-11-30")
    assert metadata_of(json_ld + meta).published_at is None
    backed = metadata_of(json_ld + meta, url="https://news.example/2025/11/30/a").published_at
    assert backed == Dated(value="2025-11-30", precision="day", from_="meta")
    torn = "<time datetime='2026-03-04'></time>"
    assert metadata_of(json_ld + meta, torn, url="https://news.example/2025/11/30/a").published_at is None


def test_what_was_changed_before_the_article_was_there_is_not_the_article() -> None:
    modified = '<meta property="article:modified_time" content="{}">'
    assert metadata_of(META + modified.format("2026-03-02")).modified_at is None
    later = metadata_of(META + modified.format("2026-03-03"))
    assert later.modified_at == Dated(value="2026-03-03", precision="day", from_="meta")


def test_the_headline_over_the_text_counts_before_another_for_search_engines() -> None:
    head = '<meta property="og:title" content="12 things about bridges that you must know">'
    found = metadata_of(head, "<h1>The old bridge will be closed from June</h1>")
    assert (found.title, found.provenance["title"]) == ("The old bridge will be closed from June", "html")
    far = metadata_of(head, "<h1>Estuary Post</h1>" + "<p>Menu</p>" * 20)
    assert far.title == "12 things about bridges that you must know"


@pytest.mark.parametrize(
    "hostile",
    [
        "<figure><figcaption><span class='credit'>" * 60 + "word " * 20_000,
        "<figure><p>a</p></figure>" * 20_000,
        "<h1>word</h1>" * 20_000,
        "<b itemprop='author'>" * 200 + "Ana " * 20_000,
        "<meta itemprop='isAccessibleForFree' content='false'>" * 20_000,
    ],
)
def test_a_page_of_nothing_but_marks_gives_an_article_or_a_reason(hostile: str) -> None:
    page = f"<html><head>{JSON_LD.format(ARTICLE)}</head><body>{BODY}{hostile}</body></html>"
    found = clean(PageInput(page.encode(), "https://news.example/a", "text/html"))
    if isinstance(found, CleanedArticle):
        assert found.metadata.title == "From JSON-LD to the bridge"


def test_dates_go_by_page_then_feed_then_url() -> None:
    url = "https://news.example/2026/03/01/a"
    assert metadata_of(META, url=url, feed="2026-03-02").provenance["published_at"] == "meta"
    assert metadata_of("", url=url, feed="2026-03-02").provenance["published_at"] == "feed"
    assert metadata_of("", url=url).provenance["published_at"] == "url"


GERMAN = (
    "Die Brücke wird von Juni an gesperrt, sagte die Leiterin des Amtes am Mittwoch vor Journalisten. " * 2
)


@pytest.mark.parametrize(
    ("text", "declared", "language"),
    [
        (GERMAN, None, ("de", "detected")),
        (GERMAN, "en-US", ("de", "detected")),
        ("Kurz.", "de-AT", ("de", "html")),
        ("Kurz.", "iw", ("he", "html")),
        ("Kurz.", None, None),
        ("Kurz.", "deutsch und englisch", None),
        ("12 34 56 " * 40, None, None),
    ],
)
def test_the_language_is_what_the_text_says_or_else_what_the_page_declares(
    text: str, declared: str | None, language: tuple[str, str] | None
) -> None:
    assert language_of(text, declared) == language
