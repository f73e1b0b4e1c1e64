"""Leases: a host is one holder's at a time, on SQLite too; what is written after a lease was lost does not count."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from services.fetcher.frontier.frontier import Frontier
from services.fetcher.frontier.hosts import HostLease, LeaseLost
from services.fetcher.frontier.turn import Answer
from services.fetcher.frontier.visits import lock_urls, open_visits
from services.fetcher.opening import Opening
from shared.database import open_database, write
from tests.integration.fetcher.loopback_site import LoopbackHost, Reply
from tests.integration.fetcher.rig import MovedNow, Rig, rig_on

HOSTS = 50


async def test_no_host_is_ever_leased_twice_by_many_at_once(rig: Rig, database_url: str) -> None:
    """The plain way (read with SKIP LOCKED, then write) gives out 101 leases for 50 hosts on SQLite (TRAPS.md)."""
    await rig.submit(*(f"https://h{n}.example/{page}" for n in range(HOSTS) for page in range(2)))
    # Engines of their own, as processes have: the writers of one engine take turns anyway.
    engines = [open_database(database_url) for _ in range(4)]
    frontiers = [Frontier(engine, lease_seconds=60) for engine in engines]

    async def greedy(frontier: Frontier) -> list[str]:
        got: list[str] = []
        while turns := await frontier.turns(7, bulk=False):
            got += [turn.lease.host for turn in turns]
        return got

    try:
        got = await asyncio.gather(*(greedy(frontier) for frontier in frontiers))
    finally:
        for engine in engines:
            await engine.dispose()
    hosts = [host for of_one in got for host in of_one]
    assert len(hosts) == len(set(hosts)) == HOSTS


async def test_a_named_host_is_leased_once(rig: Rig) -> None:
    leases = await asyncio.gather(*(rig.frontier.lease("news.example") for _ in range(20)))
    assert sum(lease is not None for lease in leases) == 1


async def test_who_lost_a_lease_writes_nothing_any_more(rig: Rig) -> None:
    await rig.submit("https://news.example/a")
    (slow,) = await rig.frontier.turns(1, bulk=False)
    seen = await rig.frontier.observe(slow)
    rig.now.seconds = 100
    (quick,) = await rig.frontier.turns(1, bulk=False)
    assert (quick.visit.visit_id, quick.lease.token) == (slow.visit.visit_id, slow.lease.token + 1)
    with pytest.raises(LeaseLost):
        await rig.frontier.sent(slow, seen, Answer(200, "https://news.example/a", "0" * 64), wait=0)
    with pytest.raises(LeaseLost):
        await rig.frontier.renew(slow.lease)
    with pytest.raises(LeaseLost):
        await rig.frontier.release(slow.lease, wait=0)
    assert (await rig.visit()).state == "queued"
    again = await rig.frontier.observe(quick)
    await rig.frontier.sent(quick, again, Answer(200, "https://news.example/a", "0" * 64), wait=0)
    assert (await rig.visit()).state == "sent"
    assert again.at > seen.at


async def test_a_lease_that_ran_out_and_was_not_taken_still_counts(rig: Rig) -> None:
    lease = await rig.frontier.lease("news.example")
    assert lease is not None
    rig.now.seconds = 1000
    await rig.frontier.release(lease, wait=0)


async def test_a_host_rests_until_its_delay_is_over(rig: Rig) -> None:
    await rig.submit("https://news.example/a", "https://news.example/b")
    (turn,) = await rig.frontier.turns(5, bulk=False)
    await rig.frontier.release(turn.lease, wait=10)
    assert await rig.frontier.turns(5, bulk=False) == []
    assert 8 < (await rig.frontier.seconds_to_next_turn() or 0) <= 10
    rig.now.seconds = 11
    assert len(await rig.frontier.turns(5, bulk=False)) == 1


async def test_a_submission_that_is_written_while_its_host_is_given_back_is_not_forgotten(rig: Rig) -> None:
    """Whoever releases a host recounts its queue: on PostgreSQL with a snapshot from before it waited for the row,
    it would count without what an intake committed meanwhile, and the visit would wait for ever."""
    lease = await rig.frontier.lease("news.example")
    assert lease is not None
    url = "https://news.example/a"
    async with write(rig.engine) as intake:
        await lock_urls(intake, {"u": url})
        at = int(await intake.scalar(select(rig.now())) or 0)
        await open_visits(intake, at, 1, [(Opening("u", url, "submission"), 1)])
        release = asyncio.create_task(rig.frontier.release(lease, wait=0))
        await asyncio.sleep(0.3)  # it waits for the host's row now
    await release
    rig.now.seconds += 1
    assert len(await rig.frontier.turns(5, bulk=False)) == 1


async def test_a_visit_is_not_lost_when_the_process_dies_between_acknowledgement_and_mark(
    engine: AsyncEngine, site: LoopbackHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = MovedNow()
    site.default = Reply()
    async with rig_on(engine, now=now) as dying, rig_on(engine, now=now) as living:

        async def die(*_: object, **__: object) -> None:
            raise asyncio.CancelledError

        monkeypatch.setattr(dying.frontier, "sent", die)
        monkeypatch.setattr(dying.frontier, "release", die)  # a process that is killed releases nothing
        await dying.submit(site.url("/a"))
        await dying.crawl_until(lambda: dying.broker.pages() and not dying.crawl.in_flight)
        assert (await living.visit()).state == "queued"
        await living.crawl.step(living.sender)
        assert living.broker.pages() == []  # the lease of the dead process still holds the host
        now.seconds = 30
        await living.crawl_all()
    (first,), (second,) = dying.broker.pages(), living.broker.pages()
    assert (first.visit_id, first.url_id, first.sha256) == (second.visit_id, second.url_id, second.sha256)
    assert first.observed_at < second.observed_at


async def test_a_request_is_not_sent_when_the_process_stood_still_past_its_lease(
    engine: AsyncEngine, site: LoopbackHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process is stopped between any two lines: here before the page's request, when its connection stands."""
    site.default = Reply()
    async with rig_on(engine, deadline=5, lease_seconds=20) as rig:
        await rig.submit(site.url("/page"))
        (turn,) = await rig.frontier.turns(1, bulk=False)
        checks: list[str] = []
        real = rig.frontier.holding

        def stops_at_the_page(lease: HostLease, seconds: float) -> Callable[[], None]:
            check = real(lease, seconds)

            def stopped() -> None:
                checks.append("asked")
                if len(checks) == 2:  # robots.txt was the first
                    lease.until -= 16
                check()

            return stopped

        monkeypatch.setattr(rig.frontier, "holding", stops_at_the_page)
        with pytest.raises(LeaseLost):
            await rig.page_turn.take(turn, rig.sender)
        assert site.paths() == []
        assert [one.path for one in site.asked] == ["/robots.txt"]
        assert rig.broker.records == []
        assert (await rig.visit(state="queued")).tries == 0
