"""The store on both databases (`database_url`): the same tests, the same results."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from services.store.app import migrate
from shared.database import open_database
from tests.integration.store.ledger import Ledger


@pytest.fixture
async def ledger(database_url: str) -> AsyncIterator[Ledger]:
    await migrate(database_url)
    engine = open_database(database_url)
    yield Ledger(engine)
    await engine.dispose()
