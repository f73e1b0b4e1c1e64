"""Every failure has an owner: the broker's, the database's, the deploy's, and a client that has died."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

import pytest

from claimstream.devservices import Kafka
from shared import metrics
from shared.errors import DatabaseAway, StageStuck, TopicMissing
from shared.pipeline.kafka import service as service_module
from shared.pipeline.kafka import stage as stage_module
from shared.pipeline.kafka.consumer import GuardedConsumer
from shared.pipeline.limits import IN_A_ROW
from shared.pipeline.results import Result
from shared.pipeline.stage import Item
from tests.integration.pipeline.harness import World, counted, echo, echo_stage, running, until


async def test_a_broker_that_goes_away_costs_no_record_no_dead_letter_and_no_membership(
    kafka: Kafka, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service_module, "LOOK_SECONDS", 0.5)
    await world.create()
    total = 300
    await world.produce([b"%d" % number for number in range(total)])

    async def steady(item: Item[bytes]) -> Result:
        await asyncio.sleep(0.01)
        return await echo(item)

    rebalances = counted(metrics.rebalances, "echo.urls")
    async with running(world.service(echo_stage(steady, batch=10), send_seconds=5)) as service:
        await world.until_committed(50)
        await asyncio.to_thread(kafka.stop)
        try:
            async with asyncio.timeout(20):
                while "broker-away" not in (await service._ready()).get("echo.urls", ""):
                    await asyncio.sleep(0.1)
            assert await service._live() == {}
            await asyncio.sleep(1)
        finally:
            await asyncio.to_thread(kafka.start)
        await world.until_committed(total, seconds=60)
        assert await service._ready() == {}
    out = await world.out()
    assert set(out) == {b"%d" % number for number in range(total)}
    # What was acknowledged and not yet committed when the broker went comes again: one batch, once for each time that a
    # broker which is slow to come back takes it and does not say so within the deadline.
    assert sum(count > 1 for count in out.values()) <= 10
    assert await world.letters() == []
    assert counted(metrics.rebalances, "echo.urls") == rebalances + 1


async def test_a_service_that_starts_before_its_broker_waits_for_it(kafka: Kafka, world: World) -> None:
    await world.create()
    await world.produce([b"early"])
    await asyncio.to_thread(kafka.kill)
    try:
        task = asyncio.create_task((service := world.service()).run())
        async with asyncio.timeout(20):
            while service.health is None or "broker-away" not in (await service._ready()).get("start", ""):
                await asyncio.sleep(0.1)
    finally:
        await asyncio.to_thread(kafka.start)
    assert await world.until_out(1, seconds=60) == {b"early": 1}
    service.stop()
    await task


async def test_a_database_that_is_away_pauses_the_stage_without_limit_and_costs_nothing(world: World) -> None:
    await world.create(partitions=1)
    await world.produce([b"%d" % number for number in range(3)])
    tries: Counter[bytes] = Counter()

    async def away_at_first(item: Item[bytes]) -> Result:
        tries[item.value] += 1
        if item.value == b"1" and tries[b"1"] < 4:
            raise DatabaseAway("connection refused")
        return await echo(item)

    before = counted(metrics.pauses, "echo.urls", "database-away")
    async with running(world.service(echo_stage(away_at_first))) as service:
        async with asyncio.timeout(10):
            while "database-away" not in (await service._ready()).get("echo.urls", ""):
                await asyncio.sleep(0.02)
        await world.until_committed(3)
        assert await service._ready() == {}
    assert counted(metrics.pauses, "echo.urls", "database-away") == before + 3
    assert await world.out() == {b"0": 1, b"1": 1, b"2": 1}
    assert await world.letters() == []


async def test_a_broken_deploy_stops_at_the_limit_says_so_and_the_next_release_goes_on_from_there(
    world: World,
) -> None:
    await world.create(partitions=1)
    total = IN_A_ROW + 25
    await world.produce([b"%d" % number for number in range(total)])

    async def broken(_item: Item[bytes]) -> Result:
        raise ImportError("no module named numpy")

    async with running(world.service(echo_stage(broken, batch=10))) as service:
        async with asyncio.timeout(20):
            while "dead-letter-limit" not in (await service._ready()).get("echo.urls", ""):
                await asyncio.sleep(0.1)
        await asyncio.sleep(0.5)
        assert await service._live() == {}
    assert len(await world.letters()) == IN_A_ROW
    assert await world.committed() == {0: IN_A_ROW}
    async with running(world.service()):
        await world.until_committed(total)
    assert await world.out() == {b"%d" % number: 1 for number in range(IN_A_ROW, total)}


async def test_records_of_strangers_that_cannot_be_decoded_never_stop_the_stage(world: World) -> None:
    await world.create(partitions=1)
    await world.produce([b""] * (IN_A_ROW + 25))
    async with running(world.service(echo_stage(trusted=False))) as service:
        await world.until_committed(IN_A_ROW + 25)
        assert await service._ready() == {}
    assert len(await world.letters()) == IN_A_ROW + 25


@pytest.fixture
def watchful(monkeypatch: pytest.MonkeyPatch) -> None:
    """The watchdog ends within seconds what it ends within minutes otherwise."""
    monkeypatch.setattr(stage_module, "STUCK_SECONDS", 1.5)
    monkeypatch.setattr(service_module, "WATCH_SECONDS", 0.1)
    monkeypatch.setattr(service_module, "LOOK_SECONDS", 0.2)


@pytest.mark.usefixtures("watchful")
async def test_a_poll_that_hangs_ends_the_process_by_the_watchdog(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.create(partitions=1)

    async def hang(*_: Any, **__: Any) -> None:
        await asyncio.Event().wait()

    service = world.service()
    task = asyncio.create_task(service.run())
    await until(_has_polled(service), 10)
    monkeypatch.setattr(GuardedConsumer, "getmany", hang)
    with pytest.raises(StageStuck, match="no sign of life"):
        await asyncio.wait_for(task, 20)


async def test_a_client_whose_fetcher_has_died_ends_the_process_though_it_still_polls(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.create(partitions=1)
    monkeypatch.setattr(service_module, "WATCH_SECONDS", 0.1)
    service = world.service()
    task = asyncio.create_task(service.run())
    await until(_has_polled(service), 10)
    fetching = service.stages[0].consumer._fetcher._fetch_task
    fetching.cancel()
    with pytest.raises(StageStuck, match="fetcher"):
        await asyncio.wait_for(task, 20)


@pytest.mark.usefixtures("watchful")
async def test_a_partition_that_stands_still_although_records_wait_ends_the_process(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.create(partitions=1)

    async def nothing(self: GuardedConsumer, *_: Any, **__: Any) -> dict[Any, Any]:
        await asyncio.sleep(0.1)
        self.turned = asyncio.get_running_loop().time()
        return {}

    service = world.service()
    task = asyncio.create_task(service.run())
    await until(_has_polled(service), 10)
    monkeypatch.setattr(GuardedConsumer, "getmany", nothing)
    await asyncio.sleep(0.5)  # the poll that is under way still hands over
    await world.produce([b"waits"])
    with pytest.raises(StageStuck, match="although some wait"):
        await asyncio.wait_for(task, 20)


@pytest.mark.usefixtures("watchful")
async def test_a_partition_that_waits_its_turn_behind_a_slow_handler_ends_no_process(world: World) -> None:
    await world.create(partitions=2)
    for partition in (0, 1):
        await world.produce([b"%d" % number for number in range(100)], partition=partition)

    async def slow(item: Item[bytes]) -> Result:
        await asyncio.sleep(0.05)  # a partition is done after five seconds, the other one begins then
        return await echo(item)

    async with running(world.service(echo_stage(slow, batch=10))):
        await world.until_committed(200, seconds=60)


async def test_a_service_without_its_topics_says_which_and_what_to_do(world: World) -> None:
    with pytest.raises(TopicMissing, match="urls") as missing:
        await world.service().run()
    assert "topics apply" in missing.value.hint


def _has_polled(service: Any) -> Any:
    async def polled() -> bool:
        return bool(service.stages) and bool(service.stages[0].consumer.assignment())

    return polled
