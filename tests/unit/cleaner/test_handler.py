"""A page in, its article out."""

from __future__ import annotations

import pickle
import textwrap
from pathlib import Path

import pytest

from services.cleaner.article import CleanedArticle, Rejection
from services.cleaner.handler import clean, clean_document
from services.cleaner.page import PageInput
from shared.contracts.enums import ArticleState
from shared.contracts.parts import Dated
from shared.contracts.text import is_normal, split_paragraphs

DATA = Path(__file__).parents[2] / "data" / "cleaner"
URL = "https://estuary-post.example/2026/harbour-bridge?utm_source=feed"
TEXT = (DATA / "article.txt").read_text("utf-8").removesuffix("\n")


@pytest.fixture(scope="module")
def page() -> PageInput:
    return PageInput((DATA / "article.html").read_bytes(), URL, "text/html; charset=utf-8")


@pytest.fixture(scope="module")
def cleaned(page: PageInput) -> CleanedArticle:
    result = clean(page)
    assert isinstance(result, CleanedArticle)
    return result


def test_the_article_remains_and_the_page_around_it_goes(cleaned: CleanedArticle) -> None:
    assert split_paragraphs(cleaned.text) == split_paragraphs(TEXT)
    assert is_normal(cleaned.text)


def test_each_field_says_where_it_came_from(cleaned: CleanedArticle) -> None:
    metadata = cleaned.metadata
    assert metadata.title == "Harbour bridge to close for a year, council says"
    assert metadata.authors == ("Ola Brandt", "Tom de Witt")
    assert metadata.publisher == "The Estuary Post"
    assert metadata.section == "Local"
    assert metadata.published_at == Dated(
        value="2026-03-04T17:30:00Z", precision="second", from_="json-ld", zone="+01:00"
    )
    assert metadata.modified_at == Dated(value="2026-03-05", precision="day", from_="json-ld")
    assert metadata.provenance == {
        "url": "link",
        "title": "json-ld",
        "authors": "json-ld",
        "publisher": "json-ld",
        "section": "meta",
        "language": "detected",
        "language_declared": "html",
        "published_at": "json-ld",
        "modified_at": "json-ld",
        "text": "classifier",
        "text_confidence": metadata.provenance["text_confidence"],
    }
    assert 0 <= float(metadata.provenance["text_confidence"]) <= 1


def test_the_article_goes_by_the_url_that_its_own_site_gives_it(cleaned: CleanedArticle) -> None:
    assert cleaned.url == "https://www.estuary-post.example/2026/harbour-bridge"
    assert cleaned.site == "estuary-post.example"
    assert cleaned.canonical_hint is None


def test_another_sites_page_that_names_this_article_stays_its_own(page: PageInput) -> None:
    copy = clean(PageInput(page.body, "https://thief.example/stolen", page.content_type))
    assert isinstance(copy, CleanedArticle)
    assert (copy.url, copy.metadata.provenance["url"]) == ("https://thief.example/stolen", "url")
    assert copy.canonical_hint == "https://www.estuary-post.example/2026/harbour-bridge"


def test_input_and_result_pass_between_processes(page: PageInput, cleaned: CleanedArticle) -> None:
    assert clean(pickle.loads(pickle.dumps(page))) == pickle.loads(pickle.dumps(cleaned))
    rejection = clean(PageInput(b"", URL))
    assert pickle.loads(pickle.dumps(rejection)) == rejection


def test_the_version_is_the_hash_of_the_text(cleaned: CleanedArticle) -> None:
    again = clean_document(text=cleaned.text)
    assert isinstance(again, CleanedArticle)
    assert again.text == cleaned.text
    assert again.version == cleaned.version
    assert cleaned.version.startswith("sha256:")
    assert len(cleaned.version) == len("sha256:") + 64


@pytest.mark.parametrize("status", [404, 410])
def test_a_page_that_is_gone_is_an_article_that_is_gone(status: int) -> None:
    gone = clean(PageInput(b"<html><body>Not found</body></html>", URL, "text/html", status=status))
    assert isinstance(gone, CleanedArticle)
    assert gone.state is ArticleState.GONE
    assert (gone.text, gone.version, gone.url) == ("", "", URL.partition("?")[0])


def test_the_feeds_date_counts_where_the_page_has_none() -> None:
    cleaned = clean_document(text=TEXT, published_at="Wed, 04 Mar 2026 18:30:00 +0100")
    assert isinstance(cleaned, CleanedArticle)
    assert cleaned.metadata.published_at == Dated(
        value="2026-03-04T17:30:00Z", precision="second", from_="feed", zone="+01:00"
    )


def test_a_document_is_html_or_text_and_never_both() -> None:
    with pytest.raises(ValueError, match="exactly one"):
        clean_document()
    with pytest.raises(ValueError, match="exactly one"):
        clean_document(html="<p>a</p>", text="a")
    assert isinstance(clean_document(html=" "), Rejection)


def test_wrapped_source_lines_do_not_cut_sentences() -> None:
    lines = TEXT.replace(". ", ".\n").replace(" the ", "\nthe ")
    blocks = "".join(f"<div>{paragraph}</div>\n" for paragraph in lines.split("\n\n"))
    cleaned = clean_document(html=f"<html><body><h1>Bridge</h1><main>{blocks}</main></body></html>")
    assert isinstance(cleaned, CleanedArticle)
    assert split_paragraphs(cleaned.text) == split_paragraphs(TEXT)


def test_a_plain_text_wrapped_at_a_column_is_joined() -> None:
    paragraphs = split_paragraphs(TEXT)
    cleaned = clean_document(text="\n\n".join(textwrap.fill(paragraph, 72) for paragraph in paragraphs))
    assert isinstance(cleaned, CleanedArticle)
    assert split_paragraphs(cleaned.text) == paragraphs
