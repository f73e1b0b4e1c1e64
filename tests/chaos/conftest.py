"""The site of a chaos run and the world around it; the broker and the server are the session's."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from claimstream.devservices import Kafka, Postgres
from claimstream.sample import SampleSite
from tests.chaos.process_world import ProcessWorld


@pytest.fixture
async def site() -> AsyncIterator[SampleSite]:
    async with SampleSite() as site:
        yield site


@pytest.fixture
async def world(
    kafka: Kafka, postgres: Postgres, topic_prefix: str, site: SampleSite, tmp_path: Path
) -> AsyncIterator[ProcessWorld]:
    world = ProcessWorld(kafka, postgres, topic_prefix, site, tmp_path, wired=False)
    async with world:
        yield world
