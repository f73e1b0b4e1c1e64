from __future__ import annotations

import pytest

from shared.contracts import codec, sample_claims, samples
from shared.contracts.enums import ArticleState, Cause, Change, Fate
from shared.contracts.envelope import parse
from shared.contracts.events import UrlSubmitted, VisitFate
from shared.contracts.example_records import examples
from shared.contracts.placement import partition_for
from shared.contracts.record import Outgoing
from shared.topics_file import load_topics, max_bytes_of


def header(record: Outgoing, name: str) -> str | None:
    return next(((value or b"").decode() for header, value in record.headers if header == name), None)


def fate(**fields: object) -> VisitFate:
    given = {"visit_id": "v", "fate": Fate.DEAD, "service": "cleaner", "at": "2026-01-01T00:00:00.000000Z"}
    return VisitFate.model_validate({**given, **fields})


def test_a_repeat_has_the_same_bytes() -> None:
    assert [example.record for example in examples()] == [example.record for example in examples()]


def test_every_record_of_ours_fits_its_topic() -> None:
    limit = max_bytes_of(load_topics())
    assert all(example.record.size < limit(example.record.topic) for example in examples())


def test_a_claims_id_names_its_revision() -> None:
    claim = sample_claims.claim(1).model_copy(update={"epoch": 2, "revision": 7})
    assert parse(codec.claims(claim).headers).id == f"{claim.claim_id}:2:7"


def test_an_articles_claims_and_tombstones_lie_in_one_partition() -> None:
    records = [codec.claims(sample_claims.claim(n)) for n in (1, 2, 3, 4)]
    records.append(codec.erased_claim(sample_claims.claim(1).claim_id, samples.ARTICLE_ID))
    assert len({record.key for record in records}) == 4
    places = {partition_for(record.place_by or b"", 32) for record in records}
    assert places == {partition_for(samples.ARTICLE_ID.encode("ascii"), 32)}
    assert len(samples.ARTICLE_ID) == 36


def test_a_consumer_filters_claims_by_headers_alone() -> None:
    record = codec.claims(sample_claims.claim(3), last=True)
    assert header(record, "ce_kind") == "paraphrase"
    assert header(record, "ce_stance") == "estimates"
    assert header(record, "ce_lang") == "en"
    assert header(record, "ce_site") == "estreya-courier.example"
    assert header(record, "ce_cause") == "new_article"
    assert header(record, "ce_last") == "true"
    assert header(codec.claims(sample_claims.claim(3)), "ce_last") is None


def test_a_language_that_nobody_knows_has_no_header() -> None:
    claim = sample_claims.claim(1)
    unknown = claim.model_copy(update={"article": claim.article.model_copy(update={"language": None})})
    assert header(codec.claims(unknown), "ce_lang") is None


def test_on_a_route_only_headers_differ() -> None:
    claim = sample_claims.claim(1)
    base = codec.claims(claim)
    left = codec.claims(claim, topic="claims.conflict", cause=codec.CAUSE_LEFT_ROUTE, value=base.value)
    assert (left.key, left.value, left.place_by) == (base.key, base.value, base.place_by)
    assert header(left, "ce_cause") == "left_route"
    assert left.topic == "claims.conflict"


def test_a_submissions_identity_is_its_producers() -> None:
    record = codec.urls(
        UrlSubmitted(url="https://news.example/"), id="1", source="cli", time="t", topic="urls.bulk"
    )
    assert (header(record, "ce_id"), header(record, "ce_source")) == ("1", "cli")
    assert record.topic == "urls.bulk"


def test_fates_of_one_visit_that_differ_in_anything_differ_in_id() -> None:
    variants = [
        fate(),
        fate(fate=Fate.REJECTED),
        fate(service="store"),
        fate(attempt=2),
        fate(code="x"),
        fate(visit_id="w"),
        fate(version="sha256:1"),
    ]
    assert len({header(codec.fates(one), "ce_id") for one in variants}) == len(variants)
    assert header(codec.fates(fate(attempt=2)), "ce_attempt") == "2"


def test_a_producer_writes_no_value_that_it_does_not_know() -> None:
    with pytest.raises(ValueError, match="producer"):
        codec.fates(fate(fate=Fate.OTHER))
    with pytest.raises(ValueError, match="producer"):
        codec.articles(samples.article().model_copy(update={"state": ArticleState.OTHER}))
    for field, value in (("change", Change.OTHER), ("cause", Cause.OTHER)):
        with pytest.raises(ValueError, match="producer"):
            codec.claims(sample_claims.claim(1).model_copy(update={field: value}))


def test_two_pages_of_one_visit_are_two_events() -> None:
    page = samples.page()
    other = page.model_copy(update={"sha256": "0" * 64})
    assert header(codec.pages(page, b"x"), "ce_id") != header(codec.pages(other, b"x"), "ce_id")
