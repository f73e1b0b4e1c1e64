"""The database as the API sees it: read-only, one snapshot a question, and no question for longer than it may take."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from shared.database import is_sqlite, open_database, read
from shared.errors import QueryTooSlow


def open_read_only(url: str, *, program: str = "claimstream-api") -> AsyncEngine:
    """An engine that refuses to write, whatever its user may do. Errors as of ``open_database``."""
    engine = open_database(url, program=program)
    if not is_sqlite(engine):
        # Repeatable: two statements of one answer speak of one state.
        return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)

    @event.listens_for(engine.sync_engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA query_only = ON")
        cursor.close()

    return engine


class Reader:
    """``seconds``: how long one question may take, connecting included."""

    def __init__(self, engine: AsyncEngine, seconds: float) -> None:
        self.engine = engine
        self._seconds = seconds

    @property
    def dialect(self) -> str:
        return self.engine.dialect.name

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[AsyncConnection]:
        """Raises QueryTooSlow and DatabaseAway. Await nothing else in it: its time runs."""
        try:
            async with asyncio.timeout(self._seconds), read(self.engine) as connection:
                try:
                    yield connection
                except asyncio.CancelledError:
                    _interrupt(connection)
                    raise
        except TimeoutError:
            raise QueryTooSlow(f"no answer within {self._seconds:g} s") from None


def _interrupt(connection: AsyncConnection) -> None:
    """asyncpg tells its server that nobody waits any more; SQLite works in a thread that has to be told."""
    if connection.dialect.name == "sqlite" and connection.sync_connection is not None:
        driver: Any = connection.sync_connection.connection.driver_connection
        driver._conn.interrupt()
