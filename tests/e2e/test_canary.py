"""A canary goes through all four services on a real Kafka, and nobody receives its claims."""

from __future__ import annotations

from claimstream.canary import push_canary
from claimstream.kafka import Broker
from services.fetcher.account_read import Account
from shared.contracts import topics
from shared.contracts.canary import is_canary_article
from tests.e2e.kafka_world import KafkaWorld
from tests.e2e.world import decoded


async def test_a_canary_comes_back_through_all_services_and_reaches_nobody(kafka_world: KafkaWorld) -> None:
    world = kafka_world
    answer = await push_canary(Broker(world.common, world.kafka), 60)
    assert answer.alive, answer
    assert answer.outcome is not None
    assert answer.outcome.claims == 3
    await world.quiet()
    assert is_canary_article(decoded(world.records[topics.EXTRACTIONS][0]).article_id)
    assert world.records[topics.CLAIMS] == []
    assert await world.letters() == []
    assert await world.account() == Account()
    assert await world.revisions() == {}


async def test_one_that_does_not_come_back_in_time_has_no_outcome(kafka_world: KafkaWorld) -> None:
    world = kafka_world
    world.board.hold("extractor.articles")
    answer = await push_canary(Broker(world.common, world.kafka), 2)
    assert answer.outcome is None
    assert not answer.alive
    world.board.release("extractor.articles")
    await world.quiet()
