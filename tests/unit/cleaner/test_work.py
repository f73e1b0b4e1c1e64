"""What a worker makes of a record of `pages`."""

from __future__ import annotations

import hashlib

import pytest

from services.cleaner import work as module
from services.cleaner.article import CleanedArticle, Metadata
from services.cleaner.work import Remembering, finish, work
from shared.contracts import codec, samples
from shared.contracts.page import CompressedPage, compress_page
from shared.contracts.site_memory import RememberedBlock, SiteMemory
from shared.pipeline.results import Emit, Reject


def page(body: bytes) -> CompressedPage:
    about = samples.page().model_copy(update={"sha256": hashlib.sha256(body).hexdigest(), "size": len(body)})
    return CompressedPage(about, compress_page(body))


def test_an_article_that_its_topic_does_not_take_is_rejected_and_no_dead_letter(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Each of these takes two bytes in JSON: the text fits, its record does not.
    large = CleanedArticle(samples.URL, samples.SITE, Metadata(), '"' * (2 * 2**20))
    monkeypatch.setattr(module, "clean", lambda _: large)
    found = work(page(b"<p>x"))
    assert isinstance(found, Reject)
    assert found.code == "text-too-large"


def test_an_article_that_does_not_fit_with_what_the_memory_says_of_it_is_no_dead_letter_either() -> None:
    room = module.MAX_ARTICLE_BYTES - codec.articles(samples.article()).size
    large = samples.article().model_copy(update={"text": "a" * room})
    block = RememberedBlock(fingerprint="0" * 16, articles=1, starts="😀" * 60)
    found = finish(Remembering(codec.articles(large).value or b"", SiteMemory(kept=(block,) * 240)))
    assert isinstance(found, Reject)
    assert found.code == "text-too-large"


def test_what_the_page_was_goes_on_with_its_article() -> None:
    found = work(page(samples.PAGE.encode()))
    assert isinstance(found, Emit)
    (record,) = found.records
    headers = dict(record.headers)
    assert headers["ce_visitid"] == samples.VISIT_ID.encode()
    assert record.key == samples.ARTICLE_ID.encode()
