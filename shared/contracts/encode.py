"""Encoders: one for each kind of record. Everything in a record derives from what it says, so a repeat has the
same bytes: no clock is read here, no id is drawn."""

from __future__ import annotations

from collections.abc import Mapping

from shared.contracts import registry, topics
from shared.contracts.enums import ArticleState, Cause, Change, Fate
from shared.contracts.envelope import JSON, Envelope, headers_of
from shared.contracts.events import (
    ArticleCleaned,
    ClaimChanged,
    ClaimsExtracted,
    Heartbeat,
    PageFetched,
    UrlOutcome,
    UrlSubmitted,
    VisitFate,
)
from shared.contracts.ids import event_id
from shared.contracts.page import ZSTD, page_headers
from shared.contracts.parts import Frozen
from shared.contracts.record import Outgoing
from shared.contracts.registry import Thing

CAUSE_LEFT_ROUTE = (
    "left_route"  # only in ce_cause, on a route's topic: the claim matched before, no longer does
)


def value_of(model: Frozen) -> bytes:
    """The JSON of a record: compact, UTF-8, fields in the order of the model; the same model gives the same bytes."""
    return model.model_dump_json().encode()


def encode(
    thing: Thing,
    value: bytes,
    *,
    id: str,
    source: str,
    time: str,
    key: str | None,
    subject: str | None = None,
    visit_id: str | None = None,
    extensions: Mapping[str, str | None] | None = None,
    topic: str | None = None,
    content_type: str = JSON,
    place_by: str | None = None,
    traceparent: str | None = None,
) -> Outgoing:
    """A record with its envelope. ``extensions`` that are None are left out; ``topic``: the thing's first one."""
    given = {"visitid": visit_id, **(extensions or {})}
    envelope = Envelope(
        id=id,
        source=source,
        type=thing.type,
        time=time,
        subject=subject,
        dataschema=thing.schema_id,
        datacontenttype=content_type,
        traceparent=traceparent,
        extensions={name: text for name, text in given.items() if text is not None},
    )
    return Outgoing(
        topic=topic or thing.topics[0],
        key=None if key is None else key.encode(),
        value=value,
        headers=headers_of(envelope),
        place_by=None if place_by is None else place_by.encode(),
    )


def urls(
    submitted: UrlSubmitted,
    *,
    id: str,
    source: str,
    time: str,
    topic: str = topics.URLS,
    traceparent: str | None = None,
) -> Outgoing:
    """A submission by us (CLI, feed poller). ``id`` and ``source`` are its identity: the same pair is the same
    submission. ``key`` is the URL, only to spread them."""
    return encode(
        registry.URL,
        value_of(submitted),
        id=id,
        source=source,
        time=time,
        key=submitted.url,
        topic=topic,
        traceparent=traceparent,
    )


def pages(page: PageFetched, compressed: bytes, *, traceparent: str | None = None) -> Outgoing:
    """A page, ``compressed`` by :func:`shared.contracts.page.compress_page`; ``traceparent`` of its submission."""
    return encode(
        registry.PAGE,
        compressed,
        id=event_id(registry.PAGE.name, page.visit_id, page.observed_at, page.sha256, page.status),
        source=registry.source_of("fetcher"),
        time=page.observed_at,
        key=page.url_id,
        subject=page.url,
        extensions=page_headers(page),
        content_type=ZSTD,
        traceparent=traceparent,
    )


def articles(article: ArticleCleaned) -> Outgoing:
    if article.state is ArticleState.OTHER:
        raise ValueError("a producer knows the state that it writes")
    return encode(
        registry.ARTICLE,
        value_of(article),
        id=event_id(
            registry.ARTICLE.name, article.visit_id, article.article_id, article.version, article.state.value
        ),
        source=registry.source_of("cleaner"),
        time=article.observed_at,
        key=article.article_id,
        subject=article.url,
        visit_id=article.visit_id,
    )


def extractions(extraction: ClaimsExtracted) -> Outgoing:
    by = extraction.extractor
    identity = (
        extraction.visit_id,
        extraction.article_id,
        extraction.version,
        by.name,
        by.version,
        by.sequence,
        by.model,
    )
    return encode(
        registry.EXTRACTION,
        value_of(extraction),
        id=event_id(registry.EXTRACTION.name, *identity),
        source=registry.source_of("extractor"),
        time=extraction.observed_at,
        key=extraction.article_id,
        subject=extraction.article_id,
        visit_id=extraction.visit_id,
    )


def claims(
    claim: ClaimChanged,
    *,
    topic: str = topics.CLAIMS,
    cause: str | None = None,
    last: bool = False,
    visit_id: str | None = None,
    value: bytes | None = None,
) -> Outgoing:
    """A revision of a claim, keyed by claim id and placed by article id.

    ``cause`` overrides the header where a route says more than the claim (``left_route``); ``last`` marks the last
    record that one settlement writes to this topic. ``value``: the bytes on ``claims``, where they exist already.
    """
    if Change.OTHER is claim.change or Cause.OTHER is claim.cause:
        raise ValueError("a producer knows the change and the cause that it writes")
    return encode(
        registry.CLAIM,
        value_of(claim) if value is None else value,
        id=f"{claim.claim_id}:{claim.epoch}:{claim.revision}",
        source=registry.source_of("store"),
        time=claim.changed_at,
        key=claim.claim_id,
        subject=claim.article.id,
        visit_id=visit_id,
        extensions={
            "kind": claim.kind.value,
            "stance": claim.stance.value,
            "lang": claim.article.language,
            "site": claim.article.site,
            "cause": cause or claim.cause.value,
            "last": "true" if last else None,
        },
        topic=topic,
        place_by=claim.article.id,
    )


def erased_claim(claim_id: str, article_id: str, *, topic: str = topics.CLAIMS) -> Outgoing:
    """A tombstone: the claim is erased (a withdrawn one is not). Placed as its revisions were."""
    return Outgoing(topic=topic, key=claim_id.encode(), value=None, place_by=article_id.encode())


def fates(fate: VisitFate) -> Outgoing:
    if fate.fate is Fate.OTHER:
        raise ValueError("a producer knows the fate that it writes")
    identity = (fate.visit_id, fate.service, fate.fate.value, fate.attempt, fate.code, fate.version)
    return encode(
        registry.FATE,
        value_of(fate),
        id=event_id(registry.FATE.name, *identity),
        source=registry.source_of(fate.service),
        time=fate.at,
        key=fate.visit_id,
        subject=fate.visit_id,
        visit_id=fate.visit_id,
        extensions={"attempt": str(fate.attempt)},
    )


def outcomes(outcome: UrlOutcome) -> Outgoing:
    return encode(
        registry.OUTCOME,
        value_of(outcome),
        id=event_id(registry.OUTCOME.name, outcome.visit_id, outcome.revision),
        source=registry.source_of("fetcher"),
        time=outcome.decided_at,
        key=outcome.url_id,
        subject=outcome.url,
        visit_id=outcome.visit_id,
    )


def heartbeat(beat: Heartbeat) -> Outgoing:
    return encode(
        registry.HEARTBEAT,
        value_of(beat),
        id=event_id(registry.HEARTBEAT.name, beat.at),
        source=registry.source_of("fetcher"),
        time=beat.at,
        key=None,
    )
