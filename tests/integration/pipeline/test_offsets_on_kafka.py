"""Where a stage begins to read, what is committed of a batch, and what retention took away."""

from __future__ import annotations

import asyncio
from collections import Counter

from aiokafka import AIOKafkaConsumer

from shared import metrics
from shared.pipeline.results import Result
from shared.pipeline.stage import Item
from tests.integration.pipeline.harness import World, counted, echo, echo_stage, running


async def test_a_new_plain_group_passes_over_what_is_there_and_ours_begins_at_the_beginning(
    world: World,
) -> None:
    await world.create(partitions=1)
    await world.produce([b"before"])
    plain = AIOKafkaConsumer(
        world.topic("urls"), bootstrap_servers=world.bootstrap, group_id="p" + world.prefix
    )
    await plain.start()
    try:
        assert await plain.getmany(timeout_ms=1_500) == {}
    finally:
        await plain.stop()
    async with running(world.service()):
        assert await world.until_out(1) == {b"before": 1}


async def test_records_that_expired_unread_are_counted_and_the_service_says_so(world: World) -> None:
    await world.create(partitions=1)
    await world.produce([b"%d" % number for number in range(10)])
    async with running(world.service()):
        await world.until_committed(10)
    await world.produce([b"%d" % number for number in range(10, 30)])
    await world.delete_before(0, 25)
    before = counted(metrics.expired, "echo.urls")
    async with running(world.service()) as service:
        await world.until_committed(30)
        assert "15 records expired" in (await service._ready())["echo.urls"]
    assert counted(metrics.expired, "echo.urls") == before + 15
    assert await world.out() == {b"%d" % number: 1 for number in [*range(10), *range(25, 30)]}


async def test_records_that_expire_while_the_stage_is_behind_are_counted_too(world: World) -> None:
    await world.create(partitions=1)
    gate = asyncio.Event()

    async def wait(item: Item[bytes]) -> Result:
        await gate.wait()
        return await echo(item)

    before = counted(metrics.expired, "echo.urls")
    async with running(world.service(echo_stage(wait, batch=1))) as service:
        await world.produce([b"first"])
        await asyncio.sleep(0.5)
        # More than one fetch brings, so that the rest has to be asked for after it has gone.
        for _ in range(6):
            await world.produce([b"x" * 250_000] * 5)
        await world.delete_before(0, 30)
        gate.set()
        await world.until_committed(31)
        assert "expired" in (await service._ready())["echo.urls"]
    lost = counted(metrics.expired, "echo.urls") - before
    assert lost > 0
    assert sum((await world.out()).values()) == 31 - lost


async def test_a_batch_over_its_budget_commits_the_finished_prefix_of_each_partition_and_repeats_the_rest(
    world: World,
) -> None:
    await world.create(partitions=2)
    await world.produce([b"a0", b"slow", b"a2"], partition=0)
    await world.produce([b"b0", b"b1"], partition=1)
    begun: Counter[bytes] = Counter()
    committed: list[dict[int, int]] = []

    async def once_slow(item: Item[bytes]) -> Result:
        begun[item.value] += 1
        if item.value == b"slow":
            if begun[b"slow"] > 1:
                committed.append(await world.committed())
            else:
                await asyncio.sleep(60)
        return await echo(item)

    async with running(world.service(echo_stage(once_slow, parallel=10), batch_seconds=1)):
        await world.until_committed(5)
    assert committed == [{0: 1, 1: 2}]
    assert begun == {b"a0": 1, b"slow": 2, b"a2": 2, b"b0": 1, b"b1": 1}
    assert await world.out() == dict.fromkeys(begun, 1)


async def test_a_stage_that_settles_nothing_within_its_budget_turns_unready_and_goes_on(world: World) -> None:
    await world.create(partitions=1)
    await world.produce([b"a"])
    gate = asyncio.Event()

    async def hang(item: Item[bytes]) -> Result:
        await gate.wait()
        return await echo(item)

    async with running(world.service(echo_stage(hang), batch_seconds=0.5)) as service:
        async with asyncio.timeout(10):
            while "batch-stalled" not in (await service._ready()).get("echo.urls", ""):
                await asyncio.sleep(0.1)
        gate.set()
        await world.until_committed(1)
        assert await service._ready() == {}
    assert await world.letters() == []


async def test_a_stop_in_mid_batch_commits_what_is_finished_and_the_rest_comes_next_time(
    world: World,
) -> None:
    await world.create(partitions=1)
    await world.produce([b"%d" % number for number in range(20)])
    handled: Counter[bytes] = Counter()

    async def steady(item: Item[bytes]) -> Result:
        await asyncio.sleep(0.1)
        handled[item.value] += 1
        return await echo(item)

    service = world.service(echo_stage(steady), batch_seconds=1)
    task = asyncio.create_task(service.run())
    while len(handled) < 3:
        await asyncio.sleep(0.05)
    service.stop()
    await task
    finished = sum((await world.committed()).values())
    assert 3 <= finished <= 12
    async with running(world.service(echo_stage(steady))):
        await world.until_committed(20)
    # Only the one that was under way when the budget ended may have been begun twice; none came out twice.
    assert await world.out() == {b"%d" % number: 1 for number in range(20)}
    assert sum(handled.values()) == 20
