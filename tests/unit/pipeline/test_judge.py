"""What becomes of each record, without any transport."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from shared.clock import SystemClock
from shared.contracts import envelope
from shared.contracts.record import Headers, Outgoing, Record
from shared.errors import DatabaseAway, DeadLetterLimit, DeployBroken, RecordError, Undecodable
from shared.pipeline.attributes import LazyEnvelope
from shared.pipeline.judge import Decision, Judge
from shared.pipeline.limits import DeadLetterLimiter
from shared.pipeline.results import Dead, Emit, Reject, Result
from shared.pipeline.stage import Batch, Item, Stage, each

TRACE = b"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00"


def record(value: bytes, offset: int = 0, headers: Headers = ()) -> Record:
    return Record("urls", 0, offset, 0, b"k", value, headers)


def decode(item: Record, _envelope: object) -> bytes:
    if item.value == b"broken decoder":
        raise KeyError("surprise")
    if not item.value:
        raise Undecodable("empty")
    return item.value


async def echo(item: Item[bytes]) -> Result:
    return Emit((Outgoing("fates", item.record.key, item.value, [("ce_id", b"1")]),))


def judge(handle: Callable[[Batch[bytes]], Awaitable[None]], **options: Any) -> Judge[bytes]:
    limiter = options.pop("limiter", None)
    stage = Stage("echo", "urls", "urls", decode, handle, **options)
    return Judge(
        stage, max_bytes=lambda topic: 5_000 if "!" in topic else 1_000, clock=SystemClock(), limiter=limiter
    )


async def decide(judging: Judge[bytes], *records: Record, budget: float = 5) -> list[Decision | None]:
    return await judging.decide(records, budget)


def codes(decisions: list[Decision | None]) -> list[tuple[str, str] | None]:
    return [None if one is None else (one.result, one.code) for one in decisions]


async def test_each_record_gets_what_is_its_own() -> None:
    async def handle(item: Item[bytes]) -> Result:
        if item.value == b"reject":
            return Reject("not-wanted", "hint")
        if item.value == b"dead":
            return Dead("no-good", "hint")
        if item.value == b"known":
            raise RecordError("m", code="known-code")
        if item.value == b"bug":
            raise ZeroDivisionError
        return await echo(item)

    values = [b"fine", b"", b"reject", b"dead", b"known", b"bug", b"broken decoder", b"fine too"]
    decisions = await decide(judge(each(handle)), *[record(value, n) for n, value in enumerate(values)])
    assert codes(decisions) == [
        ("emit", ""),
        ("dead", "undecodable"),
        ("reject", "not-wanted"),
        ("dead", "no-good"),
        ("dead", "known-code"),
        ("dead", "handler-failed"),
        ("dead", "handler-failed"),
        ("emit", ""),
    ]
    letters = [one.outgoing[0] for one in decisions if one is not None and one.result == "dead"]
    assert {letter.topic for letter in letters} == {"urls!echo"}


async def test_a_rejection_and_a_dead_letter_tell_the_account() -> None:
    async def handle(item: Item[bytes]) -> Result:
        return Reject("not-wanted", "hint")

    stage = judge(each(handle), fate=lambda _r, _e, why: [Outgoing("fates", b"v", why.code.encode())])
    rejected, dead = await decide(stage, record(b"x"), record(b""))
    assert rejected is not None
    assert dead is not None
    assert [out.value for out in rejected.outgoing] == [b"not-wanted"]
    assert [out.topic for out in dead.outgoing] == ["urls!echo", "fates"]


async def test_a_whole_batch_that_fails_is_tried_one_by_one_without_what_was_settled() -> None:
    seen: list[list[bytes]] = []

    async def handle(batch: Batch[bytes]) -> None:
        seen.append([item.value for item in batch.items])
        if len(batch.items) > 1:
            batch.settle(0, Emit())
            raise RuntimeError("the batch is too much")
        if batch.items[0].value == b"guilty":
            raise RuntimeError("me")
        batch.settle(0, Emit())

    decisions = await decide(judge(handle), record(b"a"), record(b"guilty"), record(b"c"))
    assert codes(decisions) == [("emit", ""), ("dead", "handler-failed"), ("emit", "")]
    assert seen == [[b"a", b"guilty", b"c"], [b"guilty"], [b"c"]]


@pytest.mark.parametrize("error", [DatabaseAway("gone"), DeployBroken("broken")])
@pytest.mark.parametrize("parallel", [1, 3])
async def test_a_dependency_or_deploy_that_fails_costs_no_record(error: Exception, parallel: int) -> None:
    async def handle(item: Item[bytes]) -> Result:
        if item.value == b"b":
            raise error
        return Emit()

    with pytest.raises(type(error)):
        await decide(judge(each(handle, parallel=parallel)), record(b"a"), record(b"b"), record(b"c"))


async def test_what_is_not_settled_within_the_budget_stays_open() -> None:
    async def handle(item: Item[bytes]) -> Result:
        if item.value == b"slow":
            await asyncio.sleep(60)
        return Emit()

    decisions = await decide(judge(each(handle)), record(b"a"), record(b"slow"), record(b"c"), budget=0.05)
    assert codes(decisions) == [("emit", ""), None, None]


async def test_a_timeout_of_the_handlers_own_is_its_failure_and_not_the_budgets_end() -> None:
    async def handle(item: Item[bytes]) -> Result:
        raise TimeoutError("mine")

    assert codes(await decide(judge(each(handle)), record(b"a"))) == [("dead", "handler-failed")]


async def test_attempt_and_trace_are_copied_to_all_that_a_record_causes_and_nothing_else_is() -> None:
    headers = [("ce_attempt", b"2"), ("ce_to", b"echo"), ("traceparent", TRACE), ("ce_id", b"theirs")]
    emitted, dead = await decide(
        judge(each(echo)), record(b"a", headers=headers), record(b"", headers=headers)
    )
    assert emitted is not None
    assert dead is not None
    assert dict(emitted.outgoing[0].headers) == {"ce_id": b"1", "ce_attempt": b"2", "traceparent": TRACE}
    assert list(dead.outgoing[0].headers)[:4] == headers


async def test_a_record_for_another_service_is_passed_by_unread() -> None:
    other = record(b"", headers=[("ce_to", b"cleaner")])
    assert codes(await decide(judge(each(echo)), other)) == [("emit", "")]


async def test_what_a_record_causes_must_fit_its_topic() -> None:
    async def grow(item: Item[bytes]) -> Result:
        return Emit((Outgoing("fates", b"k", os.urandom(2_000)),))

    assert codes(await decide(judge(each(grow)), record(b"a"))) == [("dead", "record-too-large")]


async def test_the_limit_stops_before_anything_of_the_batch_is_given_up_and_counts_what_was_committed() -> (
    None
):
    judging = judge(each(echo), limiter=DeadLetterLimiter(in_a_row=2))
    for _ in range(3):
        decisions = await decide(judging, record(b""), record(b""))
    judging.count([one for one in decisions if one is not None])
    with pytest.raises(DeadLetterLimit):
        await decide(judging, record(b""))
    judging.count([Decision((), "emit")])
    await decide(judging, record(b""))


async def test_undecodable_records_of_strangers_do_not_count_but_our_own_defects_do() -> None:
    async def bug(item: Item[bytes]) -> Result:
        raise ZeroDivisionError

    judging = judge(each(bug), limiter=DeadLetterLimiter(in_a_row=2), trusted=False)
    await decide(judging, *[record(b"")] * 5)
    with pytest.raises(DeadLetterLimit):
        await decide(judging, *[record(b"x")] * 3)


def test_an_item_of_a_batch_is_settled_once() -> None:
    batch = Batch([Item(record(b"x"), envelope.Envelope(), b"x")])
    batch.settle(0, Emit())
    with pytest.raises(ValueError):
        batch.settle(0, Emit())


def test_a_lazy_envelope_is_the_parsed_one() -> None:
    headers = [
        ("ce_id", b"1"),
        ("ce_attempt", b"2"),
        ("odd", None),
        ("ce_visitid", b"v"),
        ("content-type", b"text/x"),
    ]
    lazy, parsed = LazyEnvelope(headers), envelope.parse(headers)
    assert (lazy.attempt, lazy.visit_id, lazy.to) == (2, "v", None)
    assert lazy == parsed == LazyEnvelope(headers)
    assert LazyEnvelope(headers) != envelope.parse(())
    with pytest.raises(AttributeError):
        lazy.nothing  # noqa: B018
