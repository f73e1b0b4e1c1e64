"""The memory transport: the same judge, bounded queues, taps, and a failure that is told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest

from shared.contracts.record import Outgoing
from shared.errors import DatabaseAway, DeadLetterLimit, RecordTooLarge, Undecodable
from shared.pipeline.memory import MemoryTransport
from shared.pipeline.results import Emit, Result
from shared.pipeline.service import Service
from shared.pipeline.source import Sender
from shared.pipeline.stage import Item, Stage, each


class Kept:
    def __init__(self) -> None:
        self.dead: list[Outgoing] = []
        self.out: list[Outgoing] = []

    async def keep_dead(self, letter: Outgoing) -> None:
        self.dead.append(letter)

    async def keep_out(self, record: Outgoing) -> None:
        self.out.append(record)


@pytest.fixture
def kept() -> Kept:
    return Kept()


@pytest.fixture
async def transport(kept: Kept) -> AsyncIterator[MemoryTransport]:
    made = MemoryTransport(
        max_bytes=lambda _topic: 10_000, keep_dead=kept.keep_dead, batch_seconds=0.2, queue_records=5
    )
    made.tap("fates", kept.keep_out)
    yield made
    await made.close()


def stage(handle_one: Any, name: str = "urls", **options: Any) -> Service:
    def decode(record: Any, _envelope: Any) -> bytes:
        if not record.value:
            raise Undecodable("empty")
        return bytes(record.value)

    return Service("echo", stages=[Stage("echo", name, "urls", decode, each(handle_one), **options)])


async def echo(item: Item[bytes]) -> Result:
    return Emit((Outgoing("fates", item.record.key, item.value),))


def urls(*values: bytes) -> Sequence[Outgoing]:
    return [Outgoing("urls", b"k", value) for value in values]


async def quiet(transport: MemoryTransport) -> None:
    async with asyncio.timeout(10):
        while not transport.idle:
            transport.raise_failure()
            await asyncio.sleep(0.01)


async def test_records_go_through_and_the_undecodable_one_is_kept(
    transport: MemoryTransport, kept: Kept
) -> None:
    transport.add(stage(echo))
    await transport.send(urls(b"a", b"", b"c"))
    await quiet(transport)
    assert [out.value for out in kept.out] == [b"a", b"c"]
    assert [dict(letter.headers)["dead_code"] for letter in kept.dead] == [b"undecodable"]


async def test_every_stage_of_a_topic_sees_every_record(transport: MemoryTransport, kept: Kept) -> None:
    transport.add(stage(echo, "one"))
    transport.add(stage(echo, "two"))
    await transport.send(urls(b"a", b"b"))
    await quiet(transport)
    assert sorted(out.value or b"" for out in kept.out) == [b"a", b"a", b"b", b"b"]


async def test_a_producer_waits_when_its_consumer_is_slower(transport: MemoryTransport) -> None:
    gate = asyncio.Event()

    async def wait(item: Item[bytes]) -> Result:
        await gate.wait()
        return Emit()

    transport.add(stage(wait, batch=1))
    sending = asyncio.create_task(transport.send(urls(*[b"x"] * 20)))
    await asyncio.sleep(0.1)
    assert not sending.done()
    gate.set()
    await asyncio.wait_for(sending, 10)


async def test_a_dependency_that_is_away_costs_nothing_and_what_was_open_comes_again(
    transport: MemoryTransport, kept: Kept
) -> None:
    tries = 0

    async def away_at_first(item: Item[bytes]) -> Result:
        nonlocal tries
        tries += 1
        if tries < 3:
            raise DatabaseAway("gone")
        return await echo(item)

    transport.add(stage(away_at_first))
    await transport.send(urls(b"a", b"b"))
    await quiet(transport)
    assert [out.value for out in kept.out] == [b"a", b"b"]
    assert kept.dead == []


async def test_a_batch_over_its_budget_repeats_only_what_was_not_settled(
    transport: MemoryTransport, kept: Kept
) -> None:
    seen: list[bytes] = []

    async def slow_once(item: Item[bytes]) -> Result:
        seen.append(item.value)
        if item.value == b"slow" and seen.count(b"slow") == 1:
            await asyncio.sleep(60)
        return await echo(item)

    transport.add(stage(slow_once))
    await transport.send(urls(b"a", b"slow", b"c"))
    await quiet(transport)
    assert seen == [b"a", b"slow", b"slow", b"c"]
    assert sorted(out.value or b"" for out in kept.out) == [b"a", b"c", b"slow"]


async def test_a_broken_deploy_ends_the_stage_and_the_transport_says_so(transport: MemoryTransport) -> None:
    async def broken(item: Item[bytes]) -> Result:
        raise ImportError("numpy")

    transport.add(stage(broken))
    sending = asyncio.create_task(transport.send(urls(*[b"x"] * 100)))
    async with asyncio.timeout(10):
        while transport.failure is None:
            await asyncio.sleep(0.01)
    with pytest.raises(DeadLetterLimit):
        transport.raise_failure()
    sending.cancel()


async def test_nobody_waits_for_a_stage_that_has_stopped(transport: MemoryTransport) -> None:
    async def broken(_item: Item[bytes]) -> Result:
        raise DeadLetterLimit("every record fails")

    transport.add(stage(broken))
    many = urls(*[b"%d" % number for number in range(100)])  # more than the queue takes
    with pytest.raises(DeadLetterLimit):
        await asyncio.wait_for(transport.send(many), 5)


async def test_what_does_not_fit_its_topic_is_refused_before_anything_is_delivered(
    transport: MemoryTransport, kept: Kept
) -> None:
    with pytest.raises(RecordTooLarge):
        await transport.send([Outgoing("fates", b"k", b"small"), Outgoing("fates", b"k", b"x" * 20_000)])
    assert kept.out == []


async def test_a_source_is_asked_again_and_backs_off_while_its_database_is_away(
    transport: MemoryTransport, kept: Kept
) -> None:
    class Due:
        service, name = "echo", "due"
        steps = 0

        async def step(self, sender: Sender) -> float:
            self.steps += 1
            if self.steps == 1:
                raise DatabaseAway("gone")
            await sender.send([Outgoing("fates", b"k", b"%d" % self.steps)])
            return 0.01

    transport.add(Service("echo", sources=[Due()]))
    async with asyncio.timeout(10):
        while len(kept.out) < 3:
            await asyncio.sleep(0.01)
    assert [out.value for out in kept.out][:3] == [b"2", b"3", b"4"]
