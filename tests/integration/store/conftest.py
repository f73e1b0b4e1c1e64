"""The store on both databases: the same tests, the same results."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from services.store.app import migrate
from shared.database import open_database
from tests.integration.store.ledger import Ledger


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database of this test's own."""
    if request.param == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path / 'store.db'}"
    else:
        yield request.getfixturevalue("database")


@pytest.fixture
async def ledger(database_url: str) -> AsyncIterator[Ledger]:
    await migrate(database_url)
    engine = open_database(database_url)
    yield Ledger(engine)
    await engine.dispose()
