"""A broker that restarts in the middle costs time, and nothing else."""

from __future__ import annotations

import asyncio

from claimstream.devservices import Kafka
from claimstream.sample import SampleSite
from tests.e2e.crowd import FILLER, Crowd
from tests.e2e.kafka_world import KafkaWorld
from tests.e2e.site import ScenarioSite

SIZE = 24


async def test_a_broker_that_restarts_in_the_middle(
    served: SampleSite, kafka: Kafka, kafka_world: KafkaWorld
) -> None:
    crowd = Crowd(kafka_world, ScenarioSite(served, FILLER), SIZE)
    await crowd.publish()
    await kafka_world.board.until_handled("cleaner.pages", 3)
    await asyncio.to_thread(kafka.restart)
    await kafka_world.quiet(120)
    await crowd.publish()
    await kafka_world.board.until_handled("store.extractions", SIZE + 1)
    await asyncio.to_thread(kafka.restart)
    await kafka_world.quiet(120)
    await crowd.check()
