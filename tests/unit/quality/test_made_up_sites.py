"""The sites that the memory is measured on."""

from __future__ import annotations

from quality.memory.sites import PAGES, pages
from quality.memory.stream import Stream, cleaned, marks_in, marks_of


def test_a_site_is_the_same_each_time_and_no_other() -> None:
    assert pages(1) == pages(1)
    assert {page.url for page in pages(1)}.isdisjoint(page.url for page in pages(2))


def test_every_page_has_its_article_and_something_that_is_not_its_own() -> None:
    found = pages(0)
    assert len(found) == PAGES
    for page in found:
        assert all(paragraph in page.text for paragraph in page.article)
        assert set(page.text.split("\n")) - {*page.article, page.title}


def test_a_stream_without_its_memory_would_keep_what_it_removes() -> None:
    stream, gone = Stream(), 0
    for page in pages(0)[:5]:
        asked, article = cleaned(page.url, text=page.text)
        assert set(marks_in(asked)) == marks_of(article.text.split("\n\n"))
        memory = stream.one(asked)
        gone += len(memory.removed)
        assert {block.fingerprint for block in memory.removed}.isdisjoint(marks_of(page.article))
    assert gone > 0
