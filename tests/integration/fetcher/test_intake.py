"""Submissions: recorded once, before anything else; each opens a visit, joins one, or is undecodable."""

from __future__ import annotations

import asyncio

import pytest

from services.fetcher.account_read import balance
from services.fetcher.frontier.tables import outcomes, submissions, visits
from shared.contracts import topics
from shared.contracts.enums import Fate
from shared.contracts.events import UrlOutcome
from shared.contracts.record import Record
from tests.integration.fetcher.loopback_site import LoopbackHost, Reply
from tests.integration.fetcher.rig import Rig, fate_of

A, B = "https://news.example/a", "https://news.example/b"


async def test_a_submission_opens_a_visit_and_the_next_one_joins_it(rig: Rig) -> None:
    assert await rig.submit(A, {"url": A, "ref": "mine"}, B) == ["emit", "emit", "emit"]
    account = await balance(rig.engine)
    assert (account.opened, account.joined, account.visits, account.open) == (2, 1, 2, 2)
    assert account.balances


async def test_a_redelivered_record_changes_nothing(rig: Rig) -> None:
    records = [rig.submission(A), rig.submission(B), rig.submission(b"\xff nonsense")]
    first = await rig.feed_in(records)
    before = await balance(rig.engine)
    assert await rig.feed_in(records) == first
    assert await rig.feed_in([records[1], records[1], records[0]]) == [first[1], first[1], first[0]]
    assert await balance(rig.engine) == before


async def test_the_same_event_is_one_submission_whatever_its_offset(rig: Rig) -> None:
    headers = [("ce_id", b"7"), ("ce_source", b"//desk"), ("ce_type", b"x")]
    await rig.feed_in([rig.submission(A, headers=headers)])
    await rig.feed_in([rig.submission(A, headers=headers), rig.submission(A, headers=[("ce_id", b"7")])])
    account = await balance(rig.engine)
    assert (account.opened, account.joined) == (1, 1)


async def test_an_undecodable_record_is_counted_and_goes_to_the_dead_letters(rig: Rig) -> None:
    results = await rig.submit(b'{"url": 3}', b"", "no url at all", A)
    assert results == ["dead:wrong-shape", "dead:empty-value", "dead:no-url", "emit"]
    account = await balance(rig.engine)
    assert (account.undecodable, account.opened, account.submissions) == (3, 1, 4)


async def test_an_undecodable_record_that_is_redriven_to_a_release_that_reads_it_becomes_a_submission(
    rig: Rig,
) -> None:
    broken = rig.submission(b"\xff")
    await rig.feed_in([broken])
    redriven = Record(
        topics.URLS,
        0,
        99,
        0,
        None,
        A.encode(),
        [("ce_origin", broken.coordinates.encode()), ("ce_attempt", b"2")],
    )
    assert await rig.feed_in([redriven]) == ["emit"]
    account = await balance(rig.engine)
    assert (account.undecodable, account.opened) == (0, 1)


async def test_a_url_that_is_never_fetched_is_rejected_at_once_with_an_answer(rig: Rig) -> None:
    await rig.submit(
        {"url": "ftp://news.example/a", "ref": "r1"},
        {"url": "https://user:secret@news.example/"},
        {"url": "https://news.example/" + "a" * 10_000},
        {"url": "https://news.example/\u0001"},
    )
    rows = await rig.rows(visits)
    assert sorted(row.code for row in rows) == [
        "url-control-character",
        "url-credentials",
        "url-scheme",
        "url-too-long",
    ]
    assert {row.fate for row in rows} == {"rejected"}
    assert len(await rig.rows(outcomes)) == 4
    assert await rig.queued() == 0
    assert (await balance(rig.engine)).fates == {"rejected": 4}


async def test_who_joins_a_visit_that_was_just_closed_gets_its_answer_at_once(
    rig: Rig, site: LoopbackHost
) -> None:
    site.pages["/a"] = Reply()
    await rig.submit({"url": site.url("/a"), "ref": "one"})
    await rig.crawl_all()
    await rig.say_of_all(Fate.STORED, claims=2)
    await rig.submit({"url": site.url("/a"), "ref": "two"})
    while await rig.outcomes.step(rig.broker) == 0.0:
        pass
    first, second = rig.broker.outcomes()
    assert [(one.revision, [ref.ref for ref in one.submissions]) for one in (first, second)] == [
        (1, ["one"]),
        (2, ["two"]),
    ]
    assert second.fate is Fate.STORED
    assert second.claims == 2
    assert len(site.paths()) == 1


async def test_an_hour_later_a_submission_opens_a_visit_of_its_own(rig: Rig, site: LoopbackHost) -> None:
    site.pages["/a"] = Reply()
    await rig.submit(site.url("/a"))
    await rig.crawl_all()
    await rig.say_of_all(Fate.STORED)
    rig.now.seconds = 3590
    await rig.submit(site.url("/a"))
    rig.now.seconds = 3700
    await rig.submit(site.url("/a"))
    account = await balance(rig.engine)
    assert (account.opened, account.joined) == (2, 1)


async def test_force_opens_a_visit_in_any_case(rig: Rig) -> None:
    await rig.submit(A, {"url": A, "force": True}, {"url": A, "force": True})
    assert sorted(row.number for row in await rig.rows(visits)) == [1, 2, 3]


async def test_a_ref_may_be_of_any_length(rig: Rig) -> None:
    ref = "r" * 20_000
    await rig.submit({"url": A, "ref": ref})
    (row,) = await rig.rows(submissions)
    await rig.say(fate_of(row.visit_id, Fate.DEAD, code="handler-failed"))
    (outcome,) = await rig.rows(outcomes)
    assert UrlOutcome.model_validate_json(outcome.body).submissions[0].ref == ref


async def test_a_flood_on_one_url_that_is_closed_answers_each_submission_once(
    rig: Rig, site: LoopbackHost
) -> None:
    site.pages["/a"] = Reply()
    await rig.submit(site.url("/a"))
    await rig.crawl_all()
    await rig.say_of_all(Fate.STORED)
    for start in range(0, 30, 3):
        await rig.submit(*({"url": site.url("/a"), "ref": str(n)} for n in range(start, start + 3)))
    told = [UrlOutcome.model_validate_json(row.body) for row in await rig.rows(outcomes)]
    assert len(told) == 11
    assert sorted(ref.ref or "" for one in told for ref in one.submissions) == sorted(
        ["", *map(str, range(30))]
    )
    assert (await rig.visit()).revision == 11


async def test_who_joins_from_urls_makes_a_backfill_urgent(rig: Rig) -> None:
    await rig.submit(A, topic=topics.URLS_BULK)
    assert (await rig.visit()).bulk is True
    await rig.submit({"url": A, "priority": 5})
    visit = await rig.visit()
    assert (visit.bulk, visit.priority, visit.rank) == (False, 5, 5)


async def test_who_joins_a_visit_in_the_moment_of_its_end_is_answered(
    rig: Rig, site: LoopbackHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.default = Reply()
    await rig.submit({"url": site.url("/a"), "ref": "one"})
    await rig.crawl_all()
    visit = await rig.visit()

    async def slow(*_: object) -> None:
        await asyncio.sleep(
            0.4
        )  # the intake's transaction stays open, its submission written and not committed

    monkeypatch.setattr("services.fetcher.frontier.submissions.answer_late", slow)
    joining = asyncio.create_task(rig.submit({"url": site.url("/a"), "ref": "two"}))
    await asyncio.sleep(0.15)
    await rig.say(fate_of(visit.visit_id, Fate.STORED))
    await joining
    last = max(await rig.rows(outcomes), key=lambda row: row.revision)
    refs = [one.ref for one in UrlOutcome.model_validate_json(last.body).submissions]
    assert refs == ["one", "two"]


async def test_two_replicas_that_read_the_same_records_record_them_once(rig: Rig) -> None:
    records = [rig.submission(f"https://news.example/{n % 7}") for n in range(40)]
    orders = [records, records[::-1], records[::2] + records[1::2]]
    await asyncio.gather(*(rig.feed_in(order) for order in orders))
    account = await balance(rig.engine)
    assert (account.submissions, account.opened, account.joined) == (40, 7, 33)
