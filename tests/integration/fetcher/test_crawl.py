"""The crawl: a visit from the queue to `pages`, or to the fate that the fetcher itself gives."""

from __future__ import annotations

import asyncio
import os
from typing import Any

import pytest
from sqlalchemy import update

from services.fetcher.crawl.manners import Manners
from services.fetcher.frontier.tables import hosts
from shared.contracts import topics
from shared.contracts.enums import Fate
from shared.database import write
from shared.errors import BrokerAway
from tests.integration.fetcher.loopback_site import Asked, LoopbackHost, Reply
from tests.integration.fetcher.rig import QUICK, Rig, rig_on

HTML = (("Content-Type", "text/html"),)


async def test_a_page_goes_to_pages_with_everything_about_it(rig: Rig, site: LoopbackHost) -> None:
    site.pages["/a"] = Reply(
        200, b"<p>Hello</p>", (*HTML, ("Last-Modified", "Mon, 01 Jun 2026 10:00:00 GMT"))
    )
    await rig.submit(
        {"url": site.url("/a"), "feed": "f", "published_at": "2026-06-01", "labels": {"desk": "x"}}
    )
    await rig.crawl_all()
    (page,) = rig.broker.pages()
    visit = await rig.visit()
    assert (page.visit_id, page.url, page.final_url, page.status) == (
        visit.visit_id,
        site.url("/a"),
        site.url("/a"),
        200,
    )
    assert (page.feed, page.published_at, page.labels) == ("f", "2026-06-01", {"desk": "x"})
    assert page.last_modified == "Mon, 01 Jun 2026 10:00:00 GMT"
    assert (visit.state, visit.fate) == ("sent", None)
    assert rig.broker.on(topics.PAGES)[0].key == visit.url_id.encode()
    assert "tests@news.example" in site.asked[0].headers["user-agent"]


async def test_robots_is_asked_once_and_obeyed(rig: Rig, site: LoopbackHost) -> None:
    site.pages |= {"/a": Reply(), "/b": Reply()}
    await rig.submit(site.url("/a"), site.url("/private/x"), site.url("/b"))
    await rig.crawl_all()
    assert [one.path for one in site.asked].count("/robots.txt") == 1
    assert sorted(site.paths()) == ["/a", "/b"]
    rejected = await rig.visit(fate="rejected")
    assert (rejected.code, rejected.url) == ("robots-disallowed", site.url("/private/x"))


async def test_a_crawl_delay_counts_from_the_end_of_the_last_request(rig: Rig, site: LoopbackHost) -> None:
    site.pages["/robots.txt"] = Reply(
        200, b"User-agent: *\nCrawl-delay: 0.3\n", (("Content-Type", "text/plain"),)
    )
    site.default = Reply(seconds=0.1)
    await rig.submit(*(site.url(f"/{n}") for n in range(3)))
    await rig.crawl_all()
    assert site.most_at_once == 1
    assert min(site.gaps()) >= 0.29


async def test_a_page_that_does_not_compress_below_the_limit_is_rejected(
    rig: Rig, site: LoopbackHost
) -> None:
    site.pages["/noise"] = Reply(200, os.urandom(1_000_000), HTML)
    site.pages["/after"] = Reply()
    await rig.submit(site.url("/noise"), site.url("/after"))
    await rig.crawl_all()
    assert (await rig.visit(fate="rejected")).code == "page-too-large"
    assert len(rig.broker.pages()) == 1


async def test_a_request_is_conditional_only_on_top_of_a_page_that_was_stored(
    rig: Rig, site: LoopbackHost
) -> None:
    def page(asked: Asked) -> Reply:
        if asked.headers.get("if-none-match") == '"v1"':
            return Reply(304, b"")
        return Reply(200, b"one", (*HTML, ("ETag", '"v1"')))

    site.pages["/a"] = page

    async def visit_and_say(fate: Fate | None) -> str | None:
        rig.now.seconds += 4000
        await rig.submit(site.url("/a"))
        await rig.crawl_all()
        if fate is not None:
            await rig.say_of_all(fate, article_id="a1", version="v")
        return site.asked[-1].headers.get("if-none-match")

    assert await visit_and_say(Fate.DEAD) is None
    assert await visit_and_say(Fate.REJECTED) is None
    assert await visit_and_say(Fate.UNCHANGED) is None  # on top of nothing that was stored
    assert await visit_and_say(Fate.STORED) is None
    assert await visit_and_say(None) == '"v1"'
    unchanged = await rig.visit(number=5)
    assert (unchanged.fate, unchanged.service, unchanged.article_id) == ("unchanged", "fetcher", "a1")
    assert await visit_and_say(None) == '"v1"'
    assert len(rig.broker.pages()) == 4
    site.pages["/a"] = Reply(404)
    assert await visit_and_say(None) == '"v1"'
    site.pages["/a"] = page
    assert await visit_and_say(Fate.UNCHANGED) is None  # a 404 stands between


async def test_observed_at_rises_with_every_visit_of_a_url_even_when_the_clock_falls_back(
    rig: Rig, site: LoopbackHost
) -> None:
    site.pages["/a"] = Reply()
    for seconds in (10_000, 5_000, 0):
        rig.now.seconds = seconds
        async with write(rig.engine) as connection:
            # The end of the last delay lies in the future of a clock that fell back.
            await connection.execute(update(hosts).values(next_at=0))
        await rig.submit({"url": site.url("/a"), "force": True})
        await rig.crawl_all()
    observed = [page.observed_at for page in rig.broker.pages()]
    assert len(observed) == 3
    assert observed == sorted(set(observed))


async def test_the_trace_of_a_submission_goes_on_with_its_page(rig: Rig, site: LoopbackHost) -> None:
    site.pages["/a"] = Reply()
    trace = b"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    await rig.feed_in([rig.submission(site.url("/a"), headers=[("traceparent", trace)])])
    await rig.crawl_all()
    (page,) = rig.broker.on(topics.PAGES)
    assert dict(page.headers)["traceparent"] == trace


async def test_a_broker_that_is_away_costs_no_second_request(rig: Rig, site: LoopbackHost) -> None:
    site.pages |= {"/a": Reply(), "/b": Reply()}
    rig.broker.away = True
    await rig.submit(site.url("/a"), site.url("/b"))
    with pytest.raises(BrokerAway):
        await rig.crawl_until(lambda: rig.broker.refused > 5)
    rig.broker.away = False
    async with asyncio.timeout(10):
        while rig.crawl.in_flight:
            await asyncio.sleep(0.05)
    await rig.crawl_all()
    assert sorted(site.paths()) == ["/a", "/b"]
    assert len(rig.broker.pages()) == 2


async def test_a_defect_of_ours_ends_as_dead_and_not_as_a_loop(
    rig: Rig, site: LoopbackHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(rig.delivery, "record", broken)
    site.pages["/a"] = Reply()
    await rig.submit(site.url("/a"))
    await rig.crawl_all()
    visit = await rig.visit()
    assert (visit.fate, visit.code, len(site.paths())) == ("dead", "handler-failed", QUICK.tries)


async def test_urls_bulk_gets_a_tenth_while_urls_has_work_due(engine: Any) -> None:
    async with (
        LoopbackHost() as site,
        LoopbackHost() as other,
        rig_on(engine, manners=Manners(crawl_delay=0.0, tries=3), concurrency=2) as rig,
    ):
        site.default = other.default = Reply(seconds=0.01)
        await rig.submit(*(other.url(f"/b{n}") for n in range(10)), topic=topics.URLS_BULK)
        await rig.submit(*(site.url(f"/{n}") for n in range(25)))
        await rig.crawl_until(lambda: len(site.paths()) >= 20)
        assert len(other.paths()) <= len(site.paths()) / 9 + 1
        await rig.crawl_all()
        assert (len(site.paths()), len(other.paths())) == (25, 10)


async def test_priority_orders_the_queue_of_a_host(rig: Rig, site: LoopbackHost) -> None:
    site.default = Reply()
    await rig.submit(*({"url": site.url(f"/{n}"), "priority": n} for n in (-5, 0, 9)))
    await rig.crawl_all()
    assert site.paths() == ["/9", "/0", "/-5"]
