"""One article's spans form one tree over all four services, as a collector sees it; unasked nothing has any."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from claimstream.sample import SampleSite
from shared import tracing
from shared.contracts import codec, topics
from shared.contracts.events import UrlSubmitted
from shared.tracing.traceparent import drawn
from tests.e2e.collector import Collector, SeenSpan
from tests.e2e.kafka_world import KafkaWorld
from tests.e2e.site import Article, ScenarioSite

FILLER = (
    "The ferry between the two islands has been out of service since the storm, and the post comes by air.",
)
PASSED = {
    "fetcher.intake",
    "fetcher.crawl",
    "cleaner.pages",
    "extractor.articles",
    "store.articles",
    "store.extractions",
    "store.relay",
    "fetcher.fates",
}


@pytest.fixture
def collector() -> Iterator[Collector]:
    with Collector() as collector:
        yield collector
        tracing.close()


async def test_one_articles_spans_are_one_tree_over_all_services(
    served: SampleSite, kafka_world: KafkaWorld, collector: Collector
) -> None:
    world, site = kafka_world, ScenarioSite(served, FILLER)
    for name in ("/ferry", "/whale"):
        site.publish(name, Article(f"News of {name}", ["“We have seen it,” said Anna Berg, a sailor."]))
    tracing.configure(collector.endpoint)
    root = drawn()
    await world.submit(site.url("/whale"))
    await world.produce(
        codec.urls(
            UrlSubmitted(url=site.url("/ferry")),
            id="traced",
            source="/test",
            time="2026-01-01T00:00:00.000000Z",
            traceparent=root.traceparent,
        )
    )
    await world.quiet()
    await asyncio.to_thread(tracing.close)
    spans = {span.id: span for span in collector.spans}
    assert {span.name for span in spans.values()} == PASSED
    assert len(spans) == len(collector.spans) == len(PASSED), "nothing was recorded of what nobody asked for"
    assert {span.trace for span in spans.values()} == {root.trace_id}
    assert {span.service for span in spans.values()} == {
        "claimstream-fetcher",
        "claimstream-cleaner",
        "claimstream-extractor",
        "claimstream-store",
    }
    (crawl,) = [span for span in spans.values() if span.name == "fetcher.crawl"]
    for span in spans.values():
        assert root.span_id in _above(span, spans)
        if span.name not in ("fetcher.intake", "fetcher.crawl"):
            assert crawl.id in _above(span, spans)
    (page,) = [r for r in world.records[topics.PAGES] if r.header("ce_url") == site.url("/ferry").encode()]
    assert {span.attributes.get("claimstream.visit_id") for span in spans.values()} >= {
        (page.header("ce_visitid") or b"").decode()
    }


def _above(span: SeenSpan, spans: dict[str, SeenSpan]) -> list[str]:
    """The ids of all spans above one; the last is that of the submitter, who is not here."""
    found = [span.parent]
    while found[-1] in spans:
        found.append(spans[found[-1]].parent)
    return found
