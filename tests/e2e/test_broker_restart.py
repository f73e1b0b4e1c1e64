"""A broker that goes away in the middle and comes back costs time, and nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from claimstream.devservices import Kafka
from claimstream.sample import SampleSite
from tests.e2e.crowd import FILLER, Crowd
from tests.e2e.kafka_world import KafkaWorld
from tests.e2e.site import ScenarioSite

SIZE = 24


@pytest.fixture
def broker(kafka: Kafka) -> Iterator[Kafka]:
    """The broker; it runs again when the test has ended, however that was."""
    yield kafka
    kafka.start()


async def test_a_broker_that_restarts_while_batches_are_under_way(
    served: SampleSite, broker: Kafka, kafka_world: KafkaWorld
) -> None:
    crowd = Crowd(kafka_world, ScenarioSite(served, FILLER), SIZE)
    kafka_world.board.hold("cleaner.pages")
    await crowd.publish()
    await kafka_world.board.until_held("cleaner.pages")
    await asyncio.to_thread(broker.stop)
    kafka_world.board.release("cleaner.pages")
    await kafka_world.until_away("cleaner.pages")
    await asyncio.to_thread(broker.start)
    await kafka_world.quiet(120)

    await crowd.publish()
    await kafka_world.board.until_handled("store.extractions", SIZE + 1)
    await asyncio.to_thread(broker.restart)
    await kafka_world.quiet(120)
    await crowd.check()
