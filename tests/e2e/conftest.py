"""The two worlds and the site that they read."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from claimstream.devservices import Kafka, Postgres
from claimstream.sample import SampleSite
from tests.e2e.kafka_world import KafkaWorld
from tests.e2e.memory_world import MemoryWorld


@pytest.fixture
async def served() -> AsyncIterator[SampleSite]:
    """The sample site, with hosts for pages of the tests' own."""
    async with SampleSite() as site:
        yield site


@pytest.fixture
async def memory_world(tmp_path: Path) -> AsyncIterator[MemoryWorld]:
    async with MemoryWorld(tmp_path / "world.db") as world:
        yield world


@pytest.fixture
async def kafka_world(kafka: Kafka, postgres: Postgres, topic_prefix: str) -> AsyncIterator[KafkaWorld]:
    async with KafkaWorld(kafka, postgres, topic_prefix) as world:
        yield world
