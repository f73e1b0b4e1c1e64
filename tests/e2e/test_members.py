"""Members join and leave in mid-batch: nothing is lost, and nothing is there twice."""

from __future__ import annotations

import asyncio

from claimstream.devservices import Kafka, Postgres
from claimstream.sample import SampleSite
from tests.e2e.crowd import FILLER, Crowd
from tests.e2e.kafka_world import KafkaWorld
from tests.e2e.site import ScenarioSite
from tests.e2e.world import SERVICES

SIZE = 40
WORKERS = ("cleaner", "extractor", "store")
STAGES = {"cleaner": "cleaner.pages", "extractor": "extractor.articles", "store": "store.extractions"}


async def leave_in_mid_batch(world: KafkaWorld, service: str) -> None:
    """The oldest member ends while a batch of its service is in hand."""
    stage = STAGES[service]
    world.board.hold(stage)
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
        await crowd.publish()
        await world.board.until_handled("cleaner.pages", 3)
        await asyncio.gather(*(world.join(service) for service in SERVICES))
        await asyncio.gather(*(leave_in_mid_batch(world, service) for service in WORKERS))
        await world.quiet()

        await asyncio.gather(*(world.join(service) for service in WORKERS for _ in range(2)))
        await crowd.publish()
        await world.board.until_handled("store.extractions", SIZE + 5)
        await asyncio.gather(world.leave("fetcher"), *(leave_in_mid_batch(world, s) for s in WORKERS))
        await world.quiet()
        await crowd.check()
    assert served.overlaps() == []
