"""The canary's runs: planned by one process, sent without asking any host, back as a fate, and in nobody's account."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from services.fetcher import metrics
from services.fetcher.account_read import Account, balance, open_count
from services.fetcher.canary.runs import MAX_WAITING, last_success
from services.fetcher.canary.source import CanarySource
from services.fetcher.frontier.tables import canaries, hosts, outcomes, submissions, visits
from shared.contracts import codec, topics
from shared.contracts.canary import is_canary_article, is_canary_url
from shared.contracts.enums import Fate
from shared.contracts.envelope import parse
from shared.contracts.events import UrlOutcome
from shared.contracts.ids import article_id
from tests.integration.fetcher.rig import Rig, fate_of, record_of

EVERY, LOST_AFTER = 60.0, 600.0


@pytest.fixture
def canary(rig: Rig) -> CanarySource:
    return CanarySource(rig.engine, every=EVERY, lost_after=LOST_AFTER, now=rig.now)


def pages(rig: Rig) -> list[Any]:
    sent = [record for record in rig.broker.records if record.topic == topics.PAGES]
    return [codec.decode_page(record_of(r), parse(record_of(r).headers)).page for r in sent]


async def test_a_run_is_sent_when_it_is_due_and_no_host_is_asked(rig: Rig, canary: CanarySource) -> None:
    await canary.step(rig.sender)
    await canary.step(rig.sender)
    (page,) = pages(rig)
    assert is_canary_url(page.final_url)
    assert is_canary_article(article_id(page.final_url))
    rig.now.seconds += EVERY
    other = CanarySource(rig.engine, every=EVERY, lost_after=LOST_AFTER, now=rig.now)
    await canary.close()
    await other.step(rig.sender)
    await other.close()
    first, second = pages(rig)
    assert first.visit_id != second.visit_id
    assert await rig.rows(hosts) == []
    assert await rig.rows(visits) == []


async def test_one_process_sends_and_the_others_stand_by(rig: Rig, canary: CanarySource) -> None:
    other = CanarySource(rig.engine, every=EVERY, lost_after=LOST_AFTER, now=rig.now)
    await canary.step(rig.sender)
    assert await other.step(rig.sender) > 1
    await canary.close()
    await other.close()
    assert len(pages(rig)) == 1


async def test_a_run_that_was_not_noted_as_sent_comes_again_with_the_same_bytes(
    rig: Rig, canary: CanarySource
) -> None:
    rig.broker.away = True
    with pytest.raises(Exception, match="switched off"):
        await canary.step(rig.sender)
    rig.broker.away = False
    await canary.step(rig.sender)
    await canary.step(rig.sender)
    await canary.close()
    assert len(pages(rig)) == 1


async def test_its_fate_is_measured_and_is_in_no_sum_of_the_account(rig: Rig, canary: CanarySource) -> None:
    await canary.step(rig.sender)
    (page,) = pages(rig)
    before = metrics.canary_runs.labels("ok")._value.get()
    rig.now.seconds += 3
    said = fate_of(page.visit_id, Fate.STORED, claims=2, article_id=article_id(page.final_url))
    assert await rig.say(said) == ["emit"]
    assert await rig.say(said) == ["emit"], "a repeat is known"
    assert metrics.canary_runs.labels("ok")._value.get() == before + 1
    last = await last_success(rig.engine)
    assert last is not None
    assert 3 <= last[1] < 60
    assert await balance(rig.engine) == Account()
    assert await rig.rows(outcomes) == []
    await canary.close()


async def test_without_claims_or_with_a_wrong_end_it_did_not_come_through(
    rig: Rig, canary: CanarySource
) -> None:
    await canary.step(rig.sender)
    (page,) = pages(rig)
    before = metrics.canary_runs.labels("failed")._value.get()
    await rig.say(fate_of(page.visit_id, Fate.STORED, claims=0))
    assert metrics.canary_runs.labels("failed")._value.get() == before + 1
    assert await last_success(rig.engine) is None
    await canary.close()


async def test_a_lost_one_is_counted_and_leaves_no_visit_open_and_may_still_come_back(
    rig: Rig, canary: CanarySource
) -> None:
    await canary.step(rig.sender)
    (page,) = pages(rig)
    before = metrics.canary_runs.labels("lost")._value.get()
    rig.now.seconds += LOST_AFTER + 1
    await canary.close()
    again = CanarySource(rig.engine, every=EVERY, lost_after=LOST_AFTER, now=rig.now)
    await again.step(rig.sender)
    await again.close()
    assert metrics.canary_runs.labels("lost")._value.get() == before + 1
    assert await open_count(rig.engine) == 0
    await rig.say(fate_of(page.visit_id, Fate.STORED, claims=2))
    assert await last_success(rig.engine) is not None


async def test_who_asks_for_one_gets_its_outcome_and_is_no_submission_of_the_account(rig: Rig) -> None:
    quiet = CanarySource(rig.engine, every=0, lost_after=LOST_AFTER, now=rig.now)
    await quiet.step(rig.sender)
    assert pages(rig) == []
    assert await rig.submit({"url": "https://Canary.invalid/#now", "ref": "doctor"}) == ["emit"]
    await quiet.step(rig.sender)
    (page,) = pages(rig)
    await rig.say(fate_of(page.visit_id, Fate.STORED, claims=2))
    (row,) = await rig.rows(outcomes)
    outcome = UrlOutcome.model_validate_json(row.body)
    assert (outcome.fate, outcome.claims, outcome.submissions[0].ref) == (Fate.STORED, 2, "doctor")
    assert await rig.rows(submissions) == []
    assert await rig.rows(visits) == []
    await quiet.close()


async def test_too_many_that_ask_are_told_to_come_again(rig: Rig) -> None:
    asked = [{"url": "https://canary.invalid/", "ref": str(n)} for n in range(MAX_WAITING + 2)]
    await rig.submit(*asked)
    told = [UrlOutcome.model_validate_json(row.body) for row in await rig.rows(outcomes)]
    assert {(one.fate, one.code) for one in told} == {(Fate.REJECTED, "canary-busy")}
    assert len(told) == 2
    assert len([row for row in await rig.rows(canaries) if row.fate is None]) == MAX_WAITING


async def test_a_fate_of_a_canary_that_is_forgotten_is_no_dead_letter(engine: AsyncEngine, rig: Rig) -> None:
    home = article_id("https://canary.invalid/5")
    said = fate_of("00000000-0000-5000-8000-000000000000", Fate.STORED, article_id=home)
    assert await rig.say(said) == ["emit"]
