"""A world of its own for each test: topics under a prefix that no other test shares."""

from __future__ import annotations

import pytest

from claimstream.devservices import Kafka
from tests.integration.pipeline.harness import World


@pytest.fixture
async def world(kafka: Kafka, topic_prefix: str) -> World:
    world = World(kafka, topic_prefix)
    await world.admit()
    return world
