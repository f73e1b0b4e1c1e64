"""Members that join and leave while batches run: nothing is lost, nothing is handled twice."""

from __future__ import annotations

import asyncio
import itertools
from collections import Counter

import pytest
from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import CommitFailedError, IllegalStateError

from shared.pipeline.kafka import offsets, subscriber
from shared.pipeline.kafka.consumer import GuardedConsumer
from shared.pipeline.results import Result
from shared.pipeline.stage import Item
from tests.integration.pipeline.harness import World, echo, echo_stage, running, until

DRAIN = 4.0  # seconds that a batch takes; twice the plain member's session
SESSION_MS = 2_000
OUR_SESSION_MS = 4_000  # above the heartbeat's interval of 3 s, which a stage leaves as it is


class Draining(ConsumerRebalanceListener):  # type: ignore[misc]
    def __init__(self) -> None:
        self.idle = asyncio.Event()
        self.idle.set()

    async def on_partitions_revoked(self, revoked: set[TopicPartition]) -> None:
        await self.idle.wait()

    async def on_partitions_assigned(self, assigned: set[TopicPartition]) -> None:
        pass


async def test_a_plain_member_that_drains_for_longer_than_its_session_repeats_its_work(world: World) -> None:
    await world.create(partitions=2)
    await world.produce([b"%d" % number for number in range(10)])
    handled: Counter[bytes] = Counter()
    failed: list[CommitFailedError] = []
    begun, done = asyncio.Event(), asyncio.Event()

    async def member(seconds: float) -> None:
        listener = Draining()
        consumer = AIOKafkaConsumer(
            bootstrap_servers=world.bootstrap,
            group_id=world.group,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            session_timeout_ms=SESSION_MS,  # the rebalance timeout is the same by default
            heartbeat_interval_ms=300,
        )
        consumer.subscribe([world.topic("urls")], listener=listener)
        await consumer.start()
        try:
            while not done.is_set():
                got = await consumer.getmany(timeout_ms=200)
                listener.idle.clear()
                records = [record for part in got.values() for record in part]
                if records:
                    begun.set()
                    await asyncio.sleep(seconds)
                    handled.update(record.value for record in records)
                    try:
                        await consumer.commit()
                    except CommitFailedError as error:
                        failed.append(error)
                listener.idle.set()
        finally:
            listener.idle.set()
            await consumer.stop()

    first = asyncio.create_task(member(DRAIN))
    await begun.wait()
    second = asyncio.create_task(member(0.1))
    await until(lambda: _true(max(handled.values(), default=0) >= 2))
    done.set()
    await asyncio.gather(first, second)
    assert failed


async def test_ours_drains_for_longer_than_its_session_and_commits_before_another_takes_over(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subscriber, "SESSION_MS", OUR_SESSION_MS)
    await world.create(partitions=2)
    await world.produce([b"%d" % number for number in range(10)])
    handled: Counter[bytes] = Counter()
    begun = asyncio.Event()

    async def slow(item: Item[bytes]) -> Result:
        begun.set()
        await asyncio.sleep(1.5 * OUR_SESSION_MS / 1000)
        handled[item.value] += 1
        return await echo(item)

    async with running(world.service(echo_stage(slow, parallel=100))):
        await begun.wait()
        async with running(world.service(echo_stage(slow, parallel=100))):
            await world.until_committed(10)
    assert handled == {b"%d" % number: 1 for number in range(10)}
    assert await world.out() == handled


async def test_three_members_join_and_leave_and_every_record_comes_out_once(world: World) -> None:
    await world.create(partitions=6)
    total = 1_200
    await world.produce([b"%d" % number for number in range(total)])
    history: list[dict[int, int]] = []

    async def step(item: Item[bytes]) -> Result:
        await asyncio.sleep(0.01)
        return await echo(item)

    async def watch() -> None:
        while True:
            history.append(await world.committed())
            await asyncio.sleep(0.2)

    watching = asyncio.create_task(watch())
    async with running(world.service(echo_stage(step, parallel=4, batch=20))):
        await world.until_committed(50)
        async with running(world.service(echo_stage(step, parallel=4, batch=20))):
            await world.until_committed(200)
            async with running(world.service(echo_stage(step, parallel=4, batch=20))):
                await world.until_committed(500)
            await world.until_committed(600)
        await world.until_committed(total)
    watching.cancel()
    assert await world.out() == {b"%d" % number: 1 for number in range(total)}
    for earlier, later in itertools.pairwise(history):
        assert all(later[partition] >= offset for partition, offset in earlier.items())


async def test_one_unassigned_partition_fails_a_plain_commit_and_ours_leaves_it_out(world: World) -> None:
    await world.create(partitions=2)
    await world.produce([b"a"], partition=0)
    ours, theirs = (TopicPartition(world.topic("urls"), number) for number in range(2))
    consumer = GuardedConsumer(
        bootstrap_servers=world.bootstrap, group_id=world.group, enable_auto_commit=False
    )
    await consumer.start()
    consumer.assign([ours])
    try:
        with pytest.raises(IllegalStateError):
            await consumer.commit({ours: 1, theirs: 1})
        assert await world.committed() == {}
        await offsets.commit(consumer, {ours: 1, theirs: 1}, "echo.urls")
    finally:
        await consumer.stop()
    assert await world.committed() == {0: 1}


async def _true(value: bool) -> bool:
    return value
