"""Whose tables a database holds: by service, how they are made and how one sees that they are of this release."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from claimstream.databases import Databases
from services.cleaner.memory import schema as cleaner
from services.cleaner.memory.tables import VERSION_TABLE as CLEANER_VERSIONS
from services.fetcher import app as fetcher
from services.fetcher.frontier.tables import VERSION_TABLE as FETCHER_VERSIONS
from services.store import app as store
from services.store.models import VERSION_TABLE as STORE_VERSIONS


class Schema(NamedTuple):
    """``migrate`` brings the database at a URL to this release; ``migrations`` and ``version_table`` are Alembic's."""

    migrate: Callable[[str], Awaitable[None]]
    migrations: Path
    version_table: str


SCHEMAS: Mapping[str, Schema] = {
    "fetcher": Schema(fetcher.migrate, fetcher.MIGRATIONS, FETCHER_VERSIONS),
    "store": Schema(store.migrate, store.MIGRATIONS, STORE_VERSIONS),
    "cleaner": Schema(cleaner.migrate, cleaner.MIGRATIONS, CLEANER_VERSIONS),
}


async def migrate(databases: Databases) -> None:
    """Bring all of them to this release's schema. Safe to run again."""
    for service, url in databases.urls.items():
        await SCHEMAS[service].migrate(url)
