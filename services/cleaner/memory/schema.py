"""The memory's tables in a database: made, and looked for. Apart from the wiring, which loads all of the cleaner."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine

from services.cleaner.memory.tables import VERSION_TABLE
from shared.database import check_schema
from shared.database import migrate as migrate_database

MIGRATIONS = Path(__file__).parents[1] / "migrations"


async def migrate(url: str) -> None:
    """Bring the cleaner's tables in the database at ``url`` to this release's schema."""
    await migrate_database(url, MIGRATIONS, VERSION_TABLE)


async def check(engine: AsyncEngine) -> None:
    """Raises :class:`~shared.errors.SchemaMissing` unless the tables are there."""
    await check_schema(engine, MIGRATIONS, VERSION_TABLE)
