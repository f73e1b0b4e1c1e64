"""Feeds: polled as politely as pages, their entries submitted like anybody's, a broken one nobody else's business."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncEngine

from services.fetcher.feeds.feeds_file import FeedSource
from services.fetcher.frontier.feeds import add_feed, feed_counts, list_feeds, sync_file
from shared.contracts import topics
from shared.contracts.events import UrlSubmitted
from tests.integration.fetcher.loopback_site import Asked, LoopbackHost, Reply
from tests.integration.fetcher.rig import Rig, record_of

XML = (("Content-Type", "application/rss+xml"),)


def rss(*entries: tuple[str, str]) -> bytes:
    items = "".join(
        f"<item><guid>{key}</guid><title>t</title><link>{link}</link></item>" for key, link in entries
    )
    return (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>f</title>{items}</channel></rss>'.encode()
    )


async def poll(rig: Rig) -> None:
    """Until nothing is due."""
    while await rig.poller.step(rig.sender) == 0.0:
        pass


async def polled_rig(rig: Rig, *urls: str) -> None:
    for url in urls:
        await add_feed(rig.engine, FeedSource(url, 900.0, {"desk": "x"}))
    await poll(rig)


def submitted(rig: Rig) -> Sequence[UrlSubmitted]:
    return [UrlSubmitted.model_validate_json(record.value or b"") for record in rig.broker.on(topics.URLS)]


async def test_entries_are_submitted_once_however_often_the_feed_is_polled(
    rig: Rig, site: LoopbackHost
) -> None:
    site.pages["/rss"] = Reply(200, rss(("1", "/a"), ("2", "/b")), XML)
    await polled_rig(rig, site.url("/rss"))
    assert [one.url for one in submitted(rig)] == [site.url("/a"), site.url("/b")]
    assert {(one.feed, one.labels["desk"]) for one in submitted(rig)} == {(site.url("/rss"), "x")}
    await rig.feed_in([record_of(one, n) for n, one in enumerate(rig.broker.on(topics.URLS))])
    rig.now.seconds += 1000
    site.pages["/rss"] = Reply(200, rss(("3", "/c"), ("1", "/a"), ("2", "/b")), XML)
    await poll(rig)
    assert [one.url for one in submitted(rig)] == [site.url("/a"), site.url("/b"), site.url("/c")]
    (feed,) = await list_feeds(rig.engine)
    assert (feed.state, feed.entries) == ("ok", 3)


async def test_a_feed_is_asked_conditionally(rig: Rig, site: LoopbackHost) -> None:
    def answer(asked: Asked) -> Reply:
        if asked.headers.get("if-none-match") == '"1"':
            return Reply(304, b"")
        return Reply(200, rss(("1", "/a")), (*XML, ("ETag", '"1"')))

    site.pages["/rss"] = answer
    await polled_rig(rig, site.url("/rss"))
    for _ in range(2):
        rig.now.seconds += 1000
        await poll(rig)
    assert [asked.headers.get("if-none-match") for asked in site.asked if asked.path == "/rss"] == [
        None,
        '"1"',
        '"1"',
    ]
    assert (await list_feeds(rig.engine))[0].state == "ok"


async def test_a_broken_feed_says_so_and_the_others_go_on(rig: Rig, site: LoopbackHost) -> None:
    site.pages |= {
        "/html": Reply(200, b"<!doctype html><html><body>no feed</body></html>"),
        "/gone": Reply(410),
        "/rss": Reply(200, rss(("1", "/a")), XML),
        "/empty": Reply(200, rss(), XML),
    }
    await polled_rig(rig, *(site.url(path) for path in ("/html", "/gone", "/rss", "/empty", "/private/rss")))
    rig.now.seconds += 1.0
    for _ in range(40):  # one host: each feed waits for its turn
        rig.now.seconds += 1.0
        await rig.poller.step(rig.sender)
    states = {feed.url.removeprefix(f"http://{site.host}"): feed for feed in await list_feeds(rig.engine)}
    assert {path: (feed.state, feed.code) for path, feed in states.items()} == {
        "/html": ("failing", "feed-is-html"),
        "/gone": ("failing", "http-gone"),
        "/rss": ("ok", None),
        "/empty": ("silent", None),
        "/private/rss": ("failing", "robots-disallowed"),
    }
    assert all(feed.hint for feed in states.values() if feed.code)
    counts = await feed_counts(rig.engine)
    assert (counts.ok, counts.failing, counts.silent) == (1, 3, 1)
    assert site.most_at_once == 1


async def test_a_failing_feed_is_asked_more_and_more_rarely(rig: Rig, site: LoopbackHost) -> None:
    site.pages["/rss"] = Reply(500)
    await polled_rig(rig, site.url("/rss"))
    waits = []
    for _ in range(3):
        (feed,) = await list_feeds(rig.engine)
        assert feed.polled_at is not None
        waits.append(round((feed.next_at - feed.polled_at) / 1e6))
        rig.now.seconds += waits[-1] + 1
        await poll(rig)
    assert waits == [900, 1800, 3600]


async def test_a_feed_waits_for_its_hosts_lease_and_then_goes_before_pages(
    rig: Rig, site: LoopbackHost
) -> None:
    site.pages["/rss"] = Reply(200, rss(("1", "/a")), XML)
    site.default = Reply()
    lease = await rig.frontier.lease(site.host)
    assert lease is not None
    await add_feed(rig.engine, FeedSource(site.url("/rss"), 900.0))
    await rig.submit(site.url("/page"))
    await rig.poller.step(rig.sender)
    assert site.asked == []
    await rig.frontier.release(lease, wait=0)
    rig.now.seconds += 1
    assert await rig.frontier.turns(5, bulk=False) == []
    await poll(rig)
    assert site.paths() == ["/rss"]
    rig.now.seconds += 1
    await rig.crawl_all()
    assert site.paths() == ["/rss", "/page"]


async def test_a_feed_that_moved_to_another_host_is_read_there(rig: Rig, site: LoopbackHost) -> None:
    async with LoopbackHost() as other:
        site.pages["/rss"] = Reply(301, b"", (("Location", other.url("/feed")),))
        other.pages["/feed"] = Reply(200, rss(("1", "/a")), XML)
        await polled_rig(rig, site.url("/rss"))
        assert [one.url for one in submitted(rig)] == [other.url("/a")]


async def test_the_feeds_file_is_what_is_polled_beside_what_an_operator_added(engine: AsyncEngine) -> None:
    await add_feed(engine, FeedSource("https://mine.example/rss", 60.0))
    await sync_file(engine, [FeedSource("https://a.example/", 60.0), FeedSource("https://b.example/", 60.0)])
    await sync_file(engine, [FeedSource("https://b.example/", 120.0)])
    feeds = {feed.url: (feed.origin, feed.every) for feed in await list_feeds(engine)}
    assert feeds == {"https://mine.example/rss": ("operator", 60), "https://b.example/": ("file", 120)}
    await sync_file(engine, [])
    assert [feed.origin for feed in await list_feeds(engine)] == ["operator"]
