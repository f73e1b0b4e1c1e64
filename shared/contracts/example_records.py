"""Complete examples for every topic, headers included: what ``examples/*.json`` is written from, and what every
reader of a topic must read."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from shared.contracts import codec, ids, sample_claims, samples, topics
from shared.contracts.enums import ArticleState, Cause, Change, Fate
from shared.contracts.events import (
    CanaryPulse,
    ClaimsExtracted,
    FeedCounts,
    Heartbeat,
    SubmissionRef,
    UrlOutcome,
    UrlSubmitted,
    VisitFate,
)
from shared.contracts.page import compress_page
from shared.contracts.parts import Skipped
from shared.contracts.record import Outgoing

FEED_URL = "https://www.estreya-courier.example/feed.xml"
LATER = "2026-01-07T09:30:00.000000Z"


@dataclass(frozen=True)
class Example:
    """``name`` is the file's, ``what`` says what it shows."""

    name: str
    what: str
    record: Outgoing

    def document(self) -> dict[str, Any]:
        """The example as JSON: text where the bytes are text, base64 where they are not."""
        out = self.record
        document: dict[str, Any] = {
            "what": self.what,
            "topic": out.topic,
            "key": None if out.key is None else out.key.decode(),
            "placed_by": out.place_by.decode() if out.place_by is not None else None,
            "headers": {name: (value or b"").decode() for name, value in out.headers},
        }
        if out.value is None:
            return document | {"value": None}
        if out.value.startswith(b"{"):
            return document | {"value": json.loads(out.value)}
        try:
            return document | {"value_text": out.value.decode()}
        except UnicodeDecodeError:
            return document | {"value_base64": base64.b64encode(out.value).decode()}


def examples() -> Iterator[Example]:
    """All of them; names are the thing's, or begin with the thing's and a dash."""
    yield from _urls()
    yield from _articles()
    yield from _claims()
    yield from _account()


def _urls() -> Iterator[Example]:
    entry = ids.feed_entry_event_id(
        FEED_URL, "tag:estreya-courier.example,2026:old-dock", "2026-01-06T09:00:00Z"
    )
    full = UrlSubmitted(
        url=samples.SUBMITTED,
        ref="newsroom-4711",
        feed=FEED_URL,
        published_at="2026-01-06T09:00:00Z",
        priority=10,
        force=False,
        labels={"desk": "harbour"},
    )
    yield Example(
        "url",
        "A submission as our feed poller writes it.",
        codec.urls(full, id=entry, source=FEED_URL, time="2026-01-06T09:20:00.000000Z"),
    )
    plain = b'{"url": "https://www.estreya-courier.example/harbour/old-dock", "ref": "newsroom-4711"}'
    yield Example(
        "url-minimal", "The simplest form with a ref; no headers needed.", Outgoing(topics.URLS, None, plain)
    )
    yield Example(
        "url-bare-text",
        "A bare URL as text, for a backfill.",
        Outgoing(topics.URLS_BULK, None, samples.SUBMITTED.encode()),
    )


def _articles() -> Iterator[Example]:
    page, article, extraction = samples.page(), samples.article(), sample_claims.extraction()
    yield Example("page", "A page as fetched.", codec.pages(page, compress_page(samples.PAGE.encode())))
    missing = b"Gone."
    gone_page = page.model_copy(
        update={
            "visit_id": ids.visit_id(samples.URL_ID, 1, 3),
            "status": 410,
            "observed_at": LATER,
            "sha256": ids.file_urn(missing).rpartition(":")[2],
            "size": len(missing),
            "content_type": "text/plain",
            "last_modified": None,
        }
    )
    yield Example(
        "page-gone",
        "A page that answered 410 at two visits running.",
        codec.pages(gone_page, compress_page(missing)),
    )
    yield Example("article", "A cleaned article.", codec.articles(article))
    gone = article.model_copy(
        update={
            "state": ArticleState.GONE,
            "version": "",
            "text": "",
            "visit_id": gone_page.visit_id,
            "observed_at": LATER,
            "page_sha256": gone_page.sha256,
            "page_size": gone_page.size,
            "blocks": (),
            "memory": None,
            "title": None,
            "authors": (),
            "standfirst": None,
            "tags": (),
            "image": None,
            "paywall": None,
            "provenance": {},
            "confidence": {},
        }
    )
    yield Example(
        "article-gone", "An article that is no longer there: no text, no version.", codec.articles(gone)
    )
    yield Example("extraction", "All claims of one article version.", codec.extractions(extraction))
    skipped = ClaimsExtracted(
        article_id=extraction.article_id,
        version=ids.version_of("Die alte Fähre fährt nicht mehr."),
        visit_id=extraction.visit_id,
        observed_at=extraction.observed_at,
        language="de",
        extractor=sample_claims.EXTRACTOR,
        skipped=Skipped(code="no-extractor", hint="No extractor for the language 'de' is installed."),
    )
    yield Example(
        "extraction-skipped",
        "A language that nobody extracts from: no claims, no failure.",
        codec.extractions(skipped),
    )


def _claims() -> Iterator[Example]:
    first, quote, estimate = sample_claims.claim(1), sample_claims.claim(2), sample_claims.claim(3)
    visit = samples.VISIT_ID
    yield Example("claim", "A claim at its first assertion.", codec.claims(quote, visit_id=visit))
    yield Example(
        "claim-estimate",
        "A figure by an unnamed source; the last record of its settlement.",
        codec.claims(estimate, visit_id=visit, last=True),
    )
    amended = first.model_copy(
        update={
            "revision": 2,
            "change": Change.AMENDED,
            "cause": Cause.ARTICLE_EDITED,
            "changed": ("content", "times"),
            "changed_at": LATER,
        }
    )
    yield Example("claim-amended", "The article was edited; the claim keeps its id.", codec.claims(amended))
    withdrawn = quote.model_copy(
        update={
            "revision": 2,
            "change": Change.WITHDRAWN,
            "cause": Cause.ARTICLE_EDITED,
            "replaced_by": sample_claims.claim(4).claim_id,
            "changed_at": LATER,
        }
    )
    yield Example(
        "claim-withdrawn",
        "The new version does not say it any more; a record says so, not a tombstone.",
        codec.claims(withdrawn, last=True),
    )
    yield Example(
        "claim-left-route",
        "On a route's topic: it matched before and no longer does. The value is that of `claims`.",
        codec.claims(amended, topic=topics.route("harbour"), cause=codec.CAUSE_LEFT_ROUTE),
    )
    yield Example(
        "claim-erased",
        "A tombstone: erased, nothing else.",
        codec.erased_claim(quote.claim_id, samples.ARTICLE_ID),
    )


def _account() -> Iterator[Example]:
    visit, version, count = samples.VISIT_ID, samples.VERSION, len(sample_claims.extracted())
    stored = VisitFate(
        visit_id=visit,
        fate=Fate.STORED,
        service="store",
        at=samples.CHANGED_AT,
        article_id=samples.ARTICLE_ID,
        version=version,
        claims=count,
    )
    yield Example("fate", "Article and extraction are both committed.", codec.fates(stored))
    why = {"code": "no-article", "hint": "The page is a list of links; submit the articles."}
    rejected = VisitFate(visit_id=visit, fate=Fate.REJECTED, service="cleaner", at=samples.CHANGED_AT, **why)
    yield Example("fate-rejected", "Understood and not wanted.", codec.fates(rejected))
    dead = VisitFate(
        visit_id=visit,
        fate=Fate.DEAD,
        service="extractor",
        attempt=2,
        at=samples.CHANGED_AT,
        code="handler-timeout",
        hint="Raise CLAIMSTREAM_POOL_DEADLINE or mend the handler, then redrive.",
    )
    yield Example(
        "fate-dead", "Given up at the second attempt; it lies in the dead letters.", codec.fates(dead)
    )
    ref = SubmissionRef(ref="newsroom-4711", url=samples.SUBMITTED, feed=FEED_URL, labels={"desk": "harbour"})
    outcome = UrlOutcome(
        url_id=samples.URL_ID,
        visit_id=visit,
        revision=1,
        url=samples.URL,
        submissions=(ref,),
        fate=Fate.STORED,
        article_id=samples.ARTICLE_ID,
        version=version,
        claims=count,
        observed_at=samples.OBSERVED_AT,
        decided_at="2026-01-06T09:30:05.000000Z",
    )
    yield Example("outcome", "The answer to a submission.", codec.outcomes(outcome))
    mail = "mailto:desk@estreya-courier.example"
    url_id = ids.refused_url_id(mail)
    refused = UrlOutcome(
        url_id=url_id,
        visit_id=ids.visit_id(url_id, 1, 1),
        revision=1,
        url=mail,
        submissions=(SubmissionRef(ref="newsroom-4712", url=mail),),
        fate=Fate.REJECTED,
        code="url-scheme",
        hint="Only http and https are fetched; a file enters through `claimstream ingest`.",
        decided_at="2026-01-06T09:30:05.000000Z",
    )
    yield Example(
        "outcome-rejected", "A URL that is never fetched still has its answer.", codec.outcomes(refused)
    )
    beat = Heartbeat(
        at="2026-01-06T09:31:00.000000Z",
        complete_through="2026-01-06T09:30:00.000000Z",
        open=1,
        oldest_open_seconds=12.5,
        feeds=FeedCounts(ok=2, failing=1, silent=0),
        canary=CanaryPulse(last_success="2026-01-06T09:30:42.250000Z", seconds=1.84),
    )
    yield Example("heartbeat", "All is well: one visit is under way.", codec.heartbeat(beat))
    unknown = beat.model_copy(update={"at": "2026-01-06T09:31:30.000000Z", "unexplained": None})
    yield Example(
        "heartbeat-unknown", "A group lags, so nobody can say what is unexplained.", codec.heartbeat(unknown)
    )
