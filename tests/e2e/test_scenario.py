"""One story on both transports: memory with SQLite, and Kafka with PostgreSQL. The same result on both."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from claimstream.sample import SampleSite
from services.fetcher.account_read import unexplained
from tests.e2e.kafka_world import KafkaWorld
from tests.e2e.memory_world import MemoryWorld
from tests.e2e.proof import check_claims
from tests.e2e.site import ScenarioSite
from tests.e2e.story import Teller, load_scenario
from tests.e2e.world import World

SCENARIO = load_scenario(Path(__file__).parents[1] / "data" / "scenarios" / "first-light.toml")


async def test_first_light_on_memory_with_sqlite(served: SampleSite, memory_world: MemoryWorld) -> None:
    await check_story(served, memory_world)


async def test_first_light_on_kafka_with_postgresql(served: SampleSite, kafka_world: KafkaWorld) -> None:
    await check_story(served, kafka_world)


async def check_story(served: SampleSite, world: World) -> None:
    teller = Teller(world, ScenarioSite(served, SCENARIO.filler), SCENARIO)
    for step in SCENARIO.steps:
        assert await teller.play(step) == step.then, step.name
    account = await world.account()
    assert {name: asdict(account)[name] for name in SCENARIO.account} == SCENARIO.account
    assert account.balances
    assert await unexplained(world.frontier, 0.0, nothing_under_way) == []
    await check_claims(world)


async def nothing_under_way() -> float:
    """The age of the oldest uncommitted record, when all is quiet."""
    return 0.0
