"""A database that is away, at the start or in the middle, costs time and nothing else."""

from __future__ import annotations

import asyncio

from claimstream.devservices import Kafka, Postgres
from claimstream.sample import SampleSite
from shared.contracts import topics
from tests.e2e.crowd import FILLER, Crowd
from tests.e2e.kafka_world import KafkaWorld
from tests.e2e.site import ScenarioSite
from tests.e2e.world import SERVICES

SIZE = 16


async def cut_off(world: KafkaWorld, postgres: Postgres, held: str) -> None:
    """The database goes away while a stage has a batch, or a source has sent and not yet noted it; and comes back."""
    await world.board.until_held(held)
    await asyncio.to_thread(postgres.stop)
    world.board.release(held)
    await world.until_away(held)
    await asyncio.to_thread(postgres.start)


async def test_a_database_that_is_away_at_the_start_and_in_the_middle_of_a_batch(
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
        await cut_off(world, postgres, "store.articles")
        await world.quiet(120)
        assert await crowd.check() == 0


async def test_what_was_sent_and_not_noted_is_sent_again_and_changes_nothing(
    served: SampleSite, postgres: Postgres, kafka_world: KafkaWorld
) -> None:
    crowd = Crowd(kafka_world, ScenarioSite(served, FILLER), SIZE)
    kafka_world.board.hold("fetcher.crawl")
    kafka_world.board.hold("cleaner.pages")
    await crowd.publish()
    await cut_off(kafka_world, postgres, "fetcher.crawl")
    await kafka_world.until_seen(topics.PAGES, SIZE + 1)
    kafka_world.board.release("cleaner.pages")
    await kafka_world.quiet(120)

    kafka_world.board.hold("store.relay")
    await crowd.publish()
    await cut_off(kafka_world, postgres, "store.relay")
    await kafka_world.quiet(120)
    assert await crowd.check() > 0, "no claim was sent twice"
