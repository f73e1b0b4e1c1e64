"""Hosts that refuse, fail, vanish or cannot be found, and our own network being away."""

from __future__ import annotations

from typing import Any

import pytest

from services.fetcher.account_read import balance
from services.fetcher.frontier.tables import outcomes, visits
from services.fetcher.http import NameNotFound, NameServerSilent
from shared.errors import NetworkAway
from tests.integration.fetcher.loopback_site import LoopbackHost, Reply
from tests.integration.fetcher.rig import QUICK, Rig, rig_on


@pytest.mark.parametrize(
    ("status", "code"),
    [(404, "http-not-found"), (410, "http-gone"), (403, "http-forbidden"), (418, "http-client-error")],
)
async def test_a_refusal_is_rejected_at_once(rig: Rig, site: LoopbackHost, status: int, code: str) -> None:
    site.pages["/a"] = Reply(status)
    await rig.submit({"url": site.url("/a"), "ref": "r"})
    await rig.crawl_all()
    assert (await rig.visit()).code == code
    assert len(await rig.rows(outcomes)) == 1
    assert site.paths() == ["/a"]


async def test_gone_at_two_visits_running_goes_to_pages_with_its_status(rig: Rig, site: LoopbackHost) -> None:
    site.pages["/a"] = Reply(410)
    await rig.submit(site.url("/a"))
    await rig.crawl_all()
    assert rig.broker.pages() == []
    await rig.submit({"url": site.url("/a"), "force": True})
    await rig.crawl_all()
    (page,) = rig.broker.pages()
    assert (page.status, page.size) == (410, 0)
    assert (await rig.visit(number=2)).state == "sent"


async def test_a_page_between_two_404_makes_them_two_slips(rig: Rig, site: LoopbackHost) -> None:
    for status in (404, 200, 404):
        site.pages["/a"] = Reply(status)
        await rig.submit({"url": site.url("/a"), "force": True})
        await rig.crawl_all()
    assert [page.status for page in rig.broker.pages()] == [200]


@pytest.mark.parametrize("status", [500, 503, 429])
async def test_a_host_in_trouble_is_tried_again_and_then_given_up(
    rig: Rig, site: LoopbackHost, status: int
) -> None:
    site.pages["/a"] = Reply(status)
    await rig.submit(site.url("/a"))
    await rig.crawl_all()
    visit = await rig.visit()
    assert (visit.fate, len(site.paths())) == ("rejected", QUICK.tries)


async def test_a_host_that_recovers_costs_nothing(rig: Rig, site: LoopbackHost) -> None:
    answers = [Reply(503), Reply(200)]
    site.pages["/a"] = lambda _: answers.pop(0)
    await rig.submit(site.url("/a"))
    await rig.crawl_all()
    assert [page.status for page in rig.broker.pages()] == [200]


async def test_retry_after_is_obeyed(rig: Rig, site: LoopbackHost) -> None:
    answers = [Reply(503, b"", (("Retry-After", "1"),)), Reply(200)]
    site.pages["/a"] = lambda _: answers.pop(0)
    await rig.submit(site.url("/a"))
    await rig.crawl_all()
    assert max(site.gaps()) >= 0.95


async def test_a_dead_host_is_given_up_with_all_that_waits_for_it(rig: Rig, site: LoopbackHost) -> None:
    await site.stop()
    await rig.submit(*(site.url(f"/{n}") for n in range(30)))
    await rig.crawl_all()
    account = await balance(rig.engine)
    assert account.fates == {"rejected": 30}
    assert {row.code for row in await rig.rows(visits)} == {"robots-unreachable"}


class NoNames:
    """A resolver for which no name exists."""

    async def resolve(self, host: str, port: int) -> list[Any]:
        raise NameNotFound(f"{host}:{port}")

    async def aclose(self) -> None:
        pass


async def test_a_name_that_does_not_exist_is_rejected_at_once_with_all_that_waits_for_it(engine: Any) -> None:
    async with rig_on(engine, resolver=NoNames()) as rig:
        await rig.submit(*(f"http://mistake.example/{n}" for n in range(20)))
        await rig.crawl_all()
        assert [(row.fate, row.code) for row in await rig.rows(visits)] == [("rejected", "name-unknown")] * 20


class AwayResolver(NoNames):
    """Our own resolver is down."""

    async def resolve(self, host: str, port: int) -> list[Any]:
        raise NameServerSilent(f"{host}:{port}")


async def test_our_own_network_being_away_costs_no_visit_anything(engine: Any) -> None:
    async with rig_on(engine, resolver=AwayResolver()) as rig:
        await rig.submit("http://news.example/a", "http://other.example/b")
        for _ in range(QUICK.tries + 2):
            with pytest.raises(NetworkAway):
                await rig.crawl_until(lambda: False)
            rig.now.seconds += 1
        assert [(row.fate, row.tries) for row in await rig.rows(visits)] == [(None, 0)] * 2


async def test_an_address_that_is_not_public_is_rejected(engine: Any, site: LoopbackHost) -> None:
    async with rig_on(engine, allow=()) as rig:
        await rig.submit(site.url("/a"))
        await rig.crawl_all()
        assert (await rig.visit()).code == "address-blocked"
    assert site.asked == []
