"""Members join and leave in mid-batch: nothing is lost, and nothing is there twice."""

from __future__ import annotations

import asyncio

from claimstream.devservices import Kafka, Postgres
from claimstream.sample import SampleSite
from tests.e2e.crowd import FILLER, Crowd
from tests.e2e.kafka_world import KafkaWorld
from tests.e2e.site import ScenarioSite

SIZE = 24
STAGES = {"cleaner": "pages", "extractor": "articles", "store": "extractions"}


def hold_all(world: KafkaWorld) -> None:
    for service, stage in STAGES.items():
        world.board.hold(f"{service}.{stage}")


async def join_in_mid_batch(world: KafkaWorld, service: str) -> None:
    """A member joins while another has a batch in hand: the group waits for it."""
    stage = STAGES[service]
    await world.board.until_held(f"{service}.{stage}")
    joining = asyncio.create_task(world.join(service))
    await world.until_rebalancing(service, stage)
    world.board.release(f"{service}.{stage}")
    await joining


async def leave_in_mid_batch(world: KafkaWorld, service: str) -> None:
    """The oldest member is told to end while a batch of its service is in hand."""
    stage = f"{service}.{STAGES[service]}"
    await world.board.until_held(stage)
    leaving = asyncio.create_task(world.leave(service))
    await asyncio.sleep(0)
    world.board.release(stage)
    await leaving


async def test_three_members_that_join_and_leave_in_mid_batch(
    served: SampleSite, kafka: Kafka, postgres: Postgres, topic_prefix: str
) -> None:
    async with KafkaWorld(kafka, postgres, topic_prefix, partitions=6) as world:
        crowd = Crowd(world, ScenarioSite(served, FILLER), SIZE)
        hold_all(world)
        await crowd.publish()
        async with asyncio.TaskGroup() as group:
            group.create_task(world.join("fetcher"))
            for service in STAGES:
                group.create_task(join_in_mid_batch(world, service))
        await world.quiet()

        await asyncio.gather(*(world.join(service) for service in STAGES))
        hold_all(world)
        await crowd.publish()
        async with asyncio.TaskGroup() as group:
            group.create_task(world.leave("fetcher"))
            for service in STAGES:
                group.create_task(leave_in_mid_batch(world, service))
        await world.quiet()
        await crowd.check()
    assert served.overlaps() == []
