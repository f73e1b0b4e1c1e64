"""Kafka was lost and begins anew: what stands at offsets that were given out before is read like anything new."""

from __future__ import annotations

import pytest

from services.fetcher.account_read import balance
from services.fetcher.frontier import lost_topics
from services.fetcher.frontier.lost_topics import forget_topics
from services.fetcher.frontier.tables import visits
from shared.contracts.enums import Fate
from tests.integration.fetcher.loopback_site import LoopbackHost, Reply
from tests.integration.fetcher.rig import Rig

A, B, C = (f"https://news.example/{name}" for name in "abc")
EVENT = [("ce_id", b"7"), ("ce_source", b"//desk"), ("ce_type", b"x")]


async def test_a_record_at_an_offset_of_the_lost_broker_is_taken_for_the_one_that_stood_there(
    rig: Rig,
) -> None:
    await rig.submit(A)
    rig.offset = 0
    await rig.submit(B)
    assert (await balance(rig.engine)).submissions == 1, "without forgetting, B is lost"


async def test_once_its_topics_are_forgotten_every_offset_is_new_again_and_events_stay_known(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lost_topics, "AT_ONCE", 2)
    await rig.submit(A, B, C)
    await rig.feed_in([rig.submission(A, headers=EVENT)])
    for times in (1, 2):
        assert await forget_topics(rig.engine, rig.now) == (3, 0)
        assert await forget_topics(rig.engine, rig.now) == (0, 0)
        rig.offset = 0
        await rig.submit(A, B, f"https://news.example/of-kafka-{times}")
        await rig.feed_in([rig.submission(A, headers=EVENT)])
        account = await balance(rig.engine)
        assert account.balances
        assert (account.submissions, account.opened) == (4 + 3 * times, 3 + times)


async def test_what_was_on_its_way_through_the_lost_broker_is_fetched_again_under_its_own_id(
    rig: Rig, site: LoopbackHost
) -> None:
    site.default = Reply()
    await rig.submit(site.url("/closed"))
    await rig.crawl_all()
    await rig.say_of_all(Fate.STORED)
    await rig.submit(site.url("/sent"))
    await rig.crawl_all()
    await rig.submit(site.url("/queued"))
    assert await forget_topics(rig.engine, rig.now) == (3, 1)
    states = {row.url.rpartition("/")[2]: row.state for row in await rig.rows(visits)}
    assert states == {"closed": "closed", "sent": "queued", "queued": "queued"}
    sent = await rig.visit(url=site.url("/sent"))
    await rig.crawl_all()
    assert [page.visit_id for page in rig.broker.pages()].count(sent.visit_id) == 2
