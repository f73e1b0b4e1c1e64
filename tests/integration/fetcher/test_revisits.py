"""Revisits at the ages that the operator names, and what one process does at its start."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncEngine

from services.fetcher.account_read import balance
from services.fetcher.files import open_file_visit, reopen_file_visit
from services.fetcher.frontier.resume import refetch_open
from services.fetcher.frontier.tables import outcomes
from shared.contracts.enums import Fate
from shared.database import to_us
from tests.integration.fetcher.loopback_site import LoopbackHost, Reply
from tests.integration.fetcher.rig import Rig, fate_of, rig_on

HOUR = 3600.0


async def test_a_page_is_read_again_at_its_ages_and_then_no_more(
    engine: AsyncEngine, site: LoopbackHost
) -> None:
    site.pages["/a"] = Reply(200, b"x", (("Content-Type", "text/html"), ("ETag", '"1"')))
    async with rig_on(engine, ages=(HOUR, 6 * HOUR)) as rig:
        await rig.submit({"url": site.url("/a"), "ref": "r", "feed": "f"})
        for hours, visits in ((0, 1), (0.9, 1), (1.1, 2), (5, 2), (6.1, 3), (200, 3)):
            rig.now.seconds = hours * HOUR
            while await rig.frontier.open_due_revisits():
                pass
            await rig.crawl_all()
            await rig.say_of_all(Fate.STORED)
            assert (await balance(engine)).visits == visits, hours
        assert [page.feed for page in rig.broker.pages()] == ["f"] * 3
        assert [asked.headers.get("if-none-match") for asked in site.asked if asked.path == "/a"] == [
            None,
            '"1"',
            '"1"',
        ]
        # Nobody submitted a revisit, so nobody is answered.
        assert len(await rig.rows(outcomes)) == 1
        assert (await rig.visit(number=2)).origin == "revisit"


async def test_a_process_that_dies_between_sending_and_noting_it_ends_no_revisits(
    engine: AsyncEngine, site: LoopbackHost
) -> None:
    site.pages["/a"] = Reply()
    async with rig_on(engine, ages=(HOUR,)) as rig:
        await rig.submit(site.url("/a"))
        (turn,) = await rig.frontier.turns(1, bulk=False)
        await rig.frontier.observe(turn)
        # The page was sent, nobody noted it, and the store's word comes all the same.
        await rig.say(fate_of(turn.visit.visit_id, Fate.STORED))
        rig.now.seconds = 1.1 * HOUR
        await rig.frontier.open_due_revisits()
        assert (await balance(engine)).visits == 2


async def test_a_revisit_waits_for_the_fate_of_the_visit_before(
    engine: AsyncEngine, site: LoopbackHost
) -> None:
    site.pages["/a"] = Reply()
    async with rig_on(engine, ages=(HOUR,)) as rig:
        await rig.submit(site.url("/a"))
        await rig.crawl_all()
        rig.now.seconds = 2 * HOUR
        await rig.frontier.open_due_revisits()
        assert (await balance(engine)).visits == 1
        await rig.say_of_all(Fate.STORED)
        rig.now.seconds += 61
        await rig.frontier.open_due_revisits()
        assert (await balance(engine)).visits == 2


async def test_a_url_that_was_never_fetched_is_not_revisited(engine: AsyncEngine, site: LoopbackHost) -> None:
    async with rig_on(engine, ages=(HOUR,)) as rig:
        await rig.submit(site.url("/private/a"), "ftp://news.example/a")
        await rig.crawl_all()
        rig.now.seconds = 2 * HOUR
        assert await rig.frontier.open_due_revisits() == 0


async def test_at_its_start_one_process_fetches_again_what_has_no_fate(rig: Rig, site: LoopbackHost) -> None:
    site.default = Reply()
    await rig.submit(site.url("/a"), site.url("/b"))
    await rig.crawl_all()
    first = rig.broker.pages()
    file = await open_file_visit(rig.engine, b"a file", now=rig.now)
    assert file is not None
    assert await refetch_open(rig.engine, rig.now) == [file.visit_id]
    await rig.crawl_all()
    again = rig.broker.pages()[2:]
    assert sorted(page.visit_id for page in again) == sorted(page.visit_id for page in first)
    assert (await balance(rig.engine)).visits == 3


async def test_each_reading_of_a_file_has_a_later_time_under_one_visit(rig: Rig) -> None:
    """By that the store tells a visit whose fate was lost from a redelivery."""
    first = await open_file_visit(rig.engine, b"a file", now=rig.now)
    assert first is not None
    again = await open_file_visit(rig.engine, b"a file", now=rig.now)
    last = await reopen_file_visit(rig.engine, first.visit_id, b"a file", None, rig.now)
    assert again is not None
    assert last is not None
    assert first.observed_at < again.observed_at < last.observed_at
    assert {first.visit_id} == {again.visit_id, last.visit_id}
    assert (await rig.visit()).observed_at == to_us(datetime.fromisoformat(last.observed_at))
    assert await reopen_file_visit(rig.engine, first.visit_id, b"another", None, rig.now) is None
