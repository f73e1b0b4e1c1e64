"""What ended long ago is deleted, what is open never; the account balances and knows what it has forgotten."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import update

from services.fetcher.account_read import balance
from services.fetcher.frontier.tables import fates, outcomes, submissions, urls, visits
from services.fetcher.retention import DAY, Retention, prune
from shared.contracts.enums import Fate
from shared.database import transact
from tests.integration.fetcher.loopback_site import LoopbackHost, Reply
from tests.integration.fetcher.rig import Rig

DAYS = 90
LATER = (DAYS + 1) * DAY


async def sent(rig: Rig, site: LoopbackHost, *paths: str) -> None:
    """Submitted twice each and fetched."""
    site.default = Reply()
    await rig.submit(*(site.url(path) for path in paths))
    await rig.submit(*(site.url(path) for path in paths))
    await rig.crawl_all()


async def no_revisits(rig: Rig) -> None:
    await transact(rig.engine, lambda c: c.execute(update(urls).values(revisit_at=None)))


async def answered(rig: Rig) -> None:
    while await rig.outcomes.step(rig.broker) == 0.0:
        pass


async def pruned(rig: Rig) -> int:
    return await transact(rig.engine, lambda c: prune(c, rig.now, DAYS))


async def rows(rig: Rig, *tables: Any) -> list[int]:
    return [len(await rig.rows(table)) for table in tables]


async def test_what_has_ended_goes_with_all_that_belongs_to_it_and_stays_in_the_sums(
    rig: Rig, site: LoopbackHost
) -> None:
    await sent(rig, site, "/a", "/b")
    await rig.say_of_all(Fate.STORED)
    await rig.submit(b"\xff no submission")
    await answered(rig)
    await no_revisits(rig)
    before = await balance(rig.engine)
    assert await pruned(rig) == 0, "nothing is old enough"
    rig.now.seconds = LATER
    assert await pruned(rig) == 3
    assert await rows(rig, visits, fates, outcomes, submissions) == [0, 0, 0, 0]
    after = await balance(rig.engine)
    assert after.balances
    assert (after.submissions, after.opened, after.joined, after.undecodable) == (5, 2, 2, 1)
    assert (after.visits, after.open, after.fates) == (before.visits, before.open, before.fates)
    assert after.pruned == 2
    assert after.pruned_through is not None
    assert await pruned(rig) == 0


async def test_what_is_open_stays_however_old_it_is(rig: Rig, site: LoopbackHost) -> None:
    await sent(rig, site, "/a")
    await rig.submit("https://queued.example/")
    await no_revisits(rig)
    rig.now.seconds = LATER
    assert await pruned(rig) == 0
    assert await rows(rig, visits, submissions) == [2, 3]


@pytest.mark.parametrize("why", ["unsent outcome", "revisit ahead", "joined lately"])
async def test_what_somebody_still_waits_for_stays(rig: Rig, site: LoopbackHost, why: str) -> None:
    await sent(rig, site, "/a")
    await rig.say_of_all(Fate.STORED)
    if why != "unsent outcome":
        await answered(rig)
    if why == "revisit ahead":
        await transact(rig.engine, lambda c: c.execute(update(urls).values(revisit_at=rig.now())))
    else:
        await no_revisits(rig)
    rig.now.seconds = LATER
    if why == "joined lately":
        await transact(rig.engine, lambda c: c.execute(update(submissions).values(at=rig.now())))
    assert await pruned(rig) == 0
    assert await rows(rig, visits) == [1]


async def test_a_url_that_was_forgotten_is_visited_anew_under_the_next_number(
    rig: Rig, site: LoopbackHost
) -> None:
    await sent(rig, site, "/a")
    await rig.say_of_all(Fate.STORED)
    await answered(rig)
    await no_revisits(rig)
    (first,) = await rig.rows(visits)
    rig.now.seconds = LATER
    assert await pruned(rig) == 1
    await rig.submit(site.url("/a"))
    (second,) = await rig.rows(visits)
    assert (second.number, second.fate) == (2, None)
    assert second.visit_id != first.visit_id
    account = await balance(rig.engine)
    assert (account.visits, account.open, account.balances) == (2, 1, True)


async def test_one_process_deletes_and_comes_again_when_nothing_is_left(rig: Rig, site: LoopbackHost) -> None:
    await sent(rig, site, "/a")
    await rig.say_of_all(Fate.STORED)
    await answered(rig)
    await no_revisits(rig)
    rig.now.seconds = LATER
    one, other = (Retention(rig.engine, days=DAYS, now=rig.now) for _ in range(2))
    try:
        assert await one.step(rig.sender) < 1
        assert await one.step(rig.sender) > 60
        assert await other.step(rig.sender) <= 60
        assert await rows(rig, visits) == [0]
    finally:
        await one.close()
        await other.close()
