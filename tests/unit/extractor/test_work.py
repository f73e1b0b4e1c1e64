"""What a worker makes of a record of `articles`."""

from __future__ import annotations

from typing import Any

import pytest

from services.extractor import work as module
from services.extractor.handler import Extraction
from services.extractor.work import work
from shared.contracts import codec, sample_claims, samples
from shared.contracts.enums import ArticleState
from shared.contracts.record import Record
from shared.pipeline.results import Dead, Emit


def record(value: bytes) -> Record:
    return Record("articles", 0, 0, 0, None, value, ())


def test_an_article_that_is_gone_is_passed_by_and_so_is_a_state_of_tomorrow() -> None:
    gone = samples.article().model_copy(
        update={"state": ArticleState.GONE, "text": "", "version": "", "title": None}
    )
    assert work(record(codec.value_of(gone))) == Emit()
    assert work(record(codec.value_of(gone).replace(b'"gone"', b'"paywalled"'))) == Emit()


def test_what_no_record_can_hold_is_dead_and_says_how_large_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    many = tuple(sample_claims.extracted()[0].model_copy(update={"n": n}) for n in range(1, 8_000))

    def endless(*_: Any, **__: Any) -> Extraction:
        return Extraction(many)

    monkeypatch.setattr(module, "extract", endless)
    found = work(record(codec.value_of(samples.article())))
    assert isinstance(found, Dead)
    assert found.code == "extraction-too-large"
    assert "7999 claims" in found.detail
