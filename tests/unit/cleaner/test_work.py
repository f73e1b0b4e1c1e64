"""What a worker makes of a record of `pages`."""

from __future__ import annotations

import hashlib

import pytest

from services.cleaner import work as module
from services.cleaner.article import CleanedArticle, Metadata
from services.cleaner.work import work
from shared.contracts import samples
from shared.contracts.page import CompressedPage, compress_page
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


def test_what_the_page_was_goes_on_with_its_article() -> None:
    found = work(page(samples.PAGE.encode()))
    assert isinstance(found, Emit)
    (record,) = found.records
    headers = dict(record.headers)
    assert headers["ce_visitid"] == samples.VISIT_ID.encode()
    assert record.key == samples.ARTICLE_ID.encode()
