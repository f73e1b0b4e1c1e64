"""A database that is away at the start and in the middle costs time, and nothing else."""

from __future__ import annotations

import asyncio

from claimstream.devservices import Kafka, Postgres
from claimstream.sample import SampleSite
from tests.e2e.crowd import FILLER, Crowd
from tests.e2e.kafka_world import KafkaWorld
from tests.e2e.site import ScenarioSite
from tests.e2e.world import SERVICES

SIZE = 24


async def test_a_database_that_is_away_at_the_start_and_in_the_middle(
    served: SampleSite, kafka: Kafka, postgres: Postgres, topic_prefix: str
) -> None:
    async with KafkaWorld(kafka, postgres, topic_prefix, start=()) as world:
        crowd = Crowd(world, ScenarioSite(served, FILLER), SIZE)
        await asyncio.to_thread(postgres.stop)
        await asyncio.gather(*(world.join(service) for service in SERVICES))
        world.board.hold("store.articles")
        await crowd.publish()
        await world.until_away("fetcher.intake")
        await asyncio.to_thread(postgres.start)

        await world.board.until_held("store.articles")
        await asyncio.to_thread(postgres.stop)
        world.board.release("store.articles")
        await world.until_away("store.articles")
        await asyncio.to_thread(postgres.start)
        await world.quiet(120)
        await crowd.publish()
        await world.quiet(120)
        await crowd.check()
