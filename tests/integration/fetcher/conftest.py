"""The same tests on both databases (`database_url`)."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from services.fetcher.app import migrate
from shared.database import open_database
from tests.integration.fetcher.loopback_site import LoopbackHost
from tests.integration.fetcher.rig import Rig, rig_on


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    await migrate(database_url)
    engine = open_database(database_url)
    yield engine
    await engine.dispose()


@pytest.fixture
async def rig(engine: AsyncEngine) -> AsyncIterator[Rig]:
    async with rig_on(engine) as rig:
        yield rig


@pytest.fixture
async def site() -> AsyncIterator[LoopbackHost]:
    async with LoopbackHost() as host:
        yield host
