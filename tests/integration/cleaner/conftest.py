"""The memory of sites on both databases (`database_url`): the same tests, the same results."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from services.cleaner.memory.schema import migrate
from shared.database import open_database


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    await migrate(database_url)
    engine = open_database(database_url)
    yield engine
    await engine.dispose()
