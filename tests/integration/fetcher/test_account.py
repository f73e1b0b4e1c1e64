"""The account: one fate a visit, an answer for every submission, and nothing that is not counted."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from services.fetcher.account_history import fate_of as history_of
from services.fetcher.account_read import balance, pulse, unexplained
from services.fetcher.frontier.feeds import feed_counts
from services.fetcher.frontier.tables import fates, outcomes
from services.fetcher.heartbeat import HeartbeatSource
from services.fetcher.resolution import NothingKnown, NothingOpen, close, refetch
from shared.contracts import codec, topics
from shared.contracts.enums import Fate
from shared.contracts.events import FeedCounts, Heartbeat
from shared.errors import BrokerAway, DatabaseAway
from tests.integration.fetcher.loopback_site import LoopbackHost, Reply
from tests.integration.fetcher.rig import Rig, fate_of, record_of, rig_on


async def fetched(rig: Rig, site: LoopbackHost, *paths: str) -> None:
    site.default = Reply()
    await rig.submit(*({"url": site.url(path), "ref": path} for path in paths))
    await rig.crawl_all()


async def nothing_under_way() -> float | None:
    return 0.0


async def test_a_fate_closes_the_visit_and_answers_its_submissions(rig: Rig, site: LoopbackHost) -> None:
    await fetched(rig, site, "/a")
    visit = await rig.visit()
    said = fate_of(visit.visit_id, Fate.STORED, article_id="a", version="v", claims=3)
    assert await rig.say(said, said) == ["emit", "emit"]
    assert await rig.outcomes.step(rig.broker) == 0.0
    assert await rig.outcomes.step(rig.broker) > 0
    (outcome,) = rig.broker.outcomes()
    assert (outcome.fate, outcome.article_id, outcome.version, outcome.claims, outcome.revision) == (
        Fate.STORED,
        "a",
        "v",
        3,
        1,
    )
    assert outcome.submissions[0].ref == "/a"
    assert rig.broker.on(topics.OUTCOMES)[0].key == visit.url_id.encode()


async def test_an_outcome_that_was_sent_and_not_marked_is_repeated_with_the_same_bytes(
    rig: Rig, site: LoopbackHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fetched(rig, site, "/a")
    await rig.say_of_all(Fate.STORED)

    async def crash(*_: object) -> None:
        raise ConnectionResetError

    with monkeypatch.context() as patched:
        patched.setattr("services.fetcher.account.mark_outcomes_sent", crash)
        with pytest.raises(DatabaseAway):
            await rig.outcomes.step(rig.broker)
    await rig.outcomes.step(rig.broker)
    first, second = rig.broker.on(topics.OUTCOMES)
    assert first == second


async def test_a_later_fate_that_counts_is_a_new_revision_and_one_that_does_not_is_history(
    rig: Rig, site: LoopbackHost
) -> None:
    await fetched(rig, site, "/a")
    key = (await rig.visit()).visit_id
    await rig.say(fate_of(key, Fate.DEAD, code="handler-failed"))
    await rig.say(fate_of(key, Fate.REJECTED, attempt=2, code="no-article"))
    await rig.say(fate_of(key, Fate.DEAD, attempt=1, code="late"))
    await rig.say(fate_of(key, Fate.STORED, attempt=3))
    await rig.say(fate_of(key, Fate.DEAD, attempt=9))
    bodies = [json.loads(row.body) for row in sorted(await rig.rows(outcomes), key=lambda row: row.revision)]
    assert [(body["revision"], body["fate"], body["attempt"]) for body in bodies] == [
        (1, "dead", 1),
        (2, "rejected", 2),
        (3, "stored", 3),
    ]
    assert [row.counted for row in sorted(await rig.rows(fates), key=lambda row: row.at)].count(True) == 3
    (history,) = await history_of(rig.engine, site.url("/a"))
    assert history.fate == "stored"
    assert len(history.said) == 4  # the repeat of dead, attempt 1, has no line of its own


async def test_a_fate_of_a_visit_that_nobody_knows_goes_to_the_dead_letters(rig: Rig) -> None:
    stranger = fate_of("00000000-0000-5000-8000-000000000000", Fate.STORED)
    assert await rig.say(stranger) == ["dead:visit-unknown"]


async def test_after_a_restore_the_fates_of_visits_that_are_not_in_the_backup_are_passed_by(
    engine: AsyncEngine, site: LoopbackHost
) -> None:
    lost = [fate_of(f"00000000-0000-5000-8000-{number:012}", Fate.STORED) for number in range(60)]
    async with rig_on(engine, epoch=2) as restored:
        await fetched(restored, site, "/a")
        known = fate_of((await restored.visit()).visit_id, Fate.STORED)
        # More of them in a row than a stage gives up before it stops.
        assert await restored.say(*lost, known) == ["emit"] * 61
        account = await balance(restored.engine)
    assert (account.visits, account.fates, account.open) == (1, {"stored": 1}, 0)


async def test_a_fate_that_a_newer_release_invented_closes_the_visit_and_yields_to_any_other(
    rig: Rig, site: LoopbackHost
) -> None:
    await fetched(rig, site, "/a")
    key = (await rig.visit()).visit_id
    known = codec.fates(fate_of(key, Fate.DEAD))
    value = (known.value or b"").replace(b'"dead"', b'"archived"')
    assert await rig.feed_in([record_of(replace(known, value=value))]) == ["emit"]
    assert (await balance(rig.engine)).fates == {"other": 1}
    await rig.say(fate_of(key, Fate.REJECTED, code="no-article"))
    assert (await balance(rig.engine)).fates == {"rejected": 1}


async def test_a_fate_that_comes_before_the_page_is_marked_as_sent_stays(
    rig: Rig, site: LoopbackHost
) -> None:
    site.pages["/a"] = Reply()
    await rig.submit(site.url("/a"))
    (turn,) = await rig.frontier.turns(1, bulk=False)
    await rig.say(fate_of(turn.visit.visit_id, Fate.STORED))
    await rig.frontier.release(turn.lease, wait=0)
    await rig.crawl_all()
    visit = await rig.visit()
    assert (visit.state, visit.fate) == ("closed", "stored")
    assert site.asked == []


async def test_unexplained_is_one_when_one_record_was_dropped_and_nothing_is_under_way(
    rig: Rig, site: LoopbackHost
) -> None:
    await fetched(rig, site, "/a", "/b")
    dropped, kept = rig.broker.pages()
    await rig.say(fate_of(kept.visit_id, Fate.STORED))
    assert await unexplained(rig.engine, 600, nothing_under_way, now=rig.now) == []
    rig.now.seconds = 601
    assert await unexplained(rig.engine, 600, nothing_under_way, now=rig.now) == [dropped.visit_id]


async def test_unexplained_is_unknown_while_something_has_been_under_way_for_long(
    rig: Rig, site: LoopbackHost
) -> None:
    await fetched(rig, site, "/a")
    rig.now.seconds = 601

    async def old() -> float | None:
        return 101.0

    async def young() -> float | None:
        return 99.0

    async def unknown() -> float | None:
        return None

    assert await unexplained(rig.engine, 600, old, now=rig.now) is None
    assert await unexplained(rig.engine, 600, unknown, now=rig.now) is None
    assert len(await unexplained(rig.engine, 600, young, now=rig.now) or ()) == 1
    await rig.say_of_all(Fate.STORED)
    assert await unexplained(rig.engine, 600, unknown, now=rig.now) == []


async def test_a_lost_visit_is_closed_by_an_operator(rig: Rig, site: LoopbackHost) -> None:
    await fetched(rig, site, "/a")
    key = (await rig.visit()).visit_id
    assert await close(rig.engine, site.url("/a")) == [key]
    assert (await balance(rig.engine)).fates == {"dead": 1}
    (history,) = await history_of(rig.engine, "/a")
    assert (history.fate, history.code, history.service) == ("dead", "lost", "operator")
    with pytest.raises(NothingOpen):
        await close(rig.engine, site.url("/a"))


async def test_a_lost_visit_is_fetched_again_whole_under_its_id(rig: Rig, site: LoopbackHost) -> None:
    await fetched(rig, site, "/a")
    key = (await rig.visit()).visit_id
    assert await refetch(rig.engine, site.url("/a")) == key
    await rig.crawl_all()
    first, second = rig.broker.pages()
    assert first.visit_id == second.visit_id
    assert first.observed_at < second.observed_at
    await rig.say_of_all(Fate.STORED)
    assert await refetch(rig.engine, key) != key
    assert (await balance(rig.engine)).visits == 2


async def test_what_the_account_never_saw_cannot_be_fetched_again_or_closed(rig: Rig) -> None:
    for act in (refetch, close):
        with pytest.raises(NothingKnown):
            await act(rig.engine, "https://news.example/never")
    assert await history_of(rig.engine, "https://news.example/never") == []


@pytest.mark.parametrize("by", ["url", "ref", "visit", "url id"])
async def test_a_fate_is_found_by_url_ref_visit_and_url_id(rig: Rig, by: str) -> None:
    await rig.submit({"url": "https://News.example/a?utm_source=x", "ref": "r-1"})
    visit = await rig.visit()
    target = {
        "url": "https://news.example/a",
        "ref": "r-1",
        "visit": visit.visit_id,
        "url id": visit.url_id,
    }[by]
    (history,) = await history_of(rig.engine, target)
    assert history.visit_id == visit.visit_id
    assert history.where.startswith("queued for news.example, not before ")
    assert history.submissions[0].ref == "r-1"


async def test_the_heartbeat_says_how_far_the_account_is_complete(rig: Rig, site: LoopbackHost) -> None:
    async def feeds() -> FeedCounts:
        return await feed_counts(rig.engine)

    source = HeartbeatSource(
        rig.engine,
        interval=30,
        unexplained_after=600,
        probe=nothing_under_way,
        feeds=feeds,
        now=rig.now,
    )
    try:
        await fetched(rig, site, "/a", "/b")
        first, second = rig.broker.pages()
        rig.now.seconds = 700
        assert 0 < await source.step(rig.broker) <= 30
        beat = Heartbeat.model_validate_json(rig.broker.on(topics.HEARTBEAT)[0].value or b"")
        assert beat.complete_through == first.observed_at
        assert (beat.open, beat.unexplained) == (2, (first.visit_id, second.visit_id))
        await rig.say(fate_of(first.visit_id, Fate.STORED))
        assert (await source.beat()).complete_through == second.observed_at
        await rig.say(fate_of(second.visit_id, Fate.STORED))
        quiet = await source.beat()
        assert (quiet.open, quiet.oldest_open_seconds, quiet.unexplained) == (0, None, ())
        assert quiet.complete_through > second.observed_at
    finally:
        await source.close()


async def test_nothing_is_complete_past_a_page_that_waits_for_the_broker(
    rig: Rig, site: LoopbackHost
) -> None:
    site.default = Reply()
    await rig.submit(site.url("/a"))
    rig.broker.away = True
    with pytest.raises(BrokerAway):
        await rig.crawl_until(lambda: False)
    waiting = await rig.visit()
    rig.now.seconds = 3600
    assert (await pulse(rig.engine, now=rig.now)).complete_through == waiting.observed_at
    rig.broker.away = False


async def test_only_one_of_two_processes_sends_outcomes(rig: Rig, site: LoopbackHost) -> None:
    async with rig_on(rig.engine) as other:
        await fetched(rig, site, "/a")
        await rig.say_of_all(Fate.STORED)
        assert await rig.outcomes.step(rig.broker) == 0.0
        assert await other.outcomes.step(other.broker) > 0
        assert (len(rig.broker.outcomes()), len(other.broker.outcomes())) == (1, 0)


async def test_the_account_since_a_moment_leaves_out_what_was_before(rig: Rig) -> None:
    await rig.submit("https://news.example/a")
    account = await balance(rig.engine, datetime(2100, 1, 1, tzinfo=UTC))
    assert (account.submissions, account.visits) == (0, 0)
    assert (await pulse(rig.engine)).open == 1
