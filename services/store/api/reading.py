"""The database as the API sees it: read-only, one snapshot a question, and no question for longer than it may take."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.store.api.refusals import QueryTooSlow
from shared.database import is_sqlite, open_database, read

AGAIN_SECONDS = 0.1  # between two interruptions of one question


def open_read_only(url: str, *, program: str = "claimstream-api") -> AsyncEngine:
    """An engine that refuses to write, whatever its user may do. Errors as of ``open_database``."""
    engine = open_database(url, program=program)
    if not is_sqlite(engine):

        @event.listens_for(engine.sync_engine, "do_connect")
        def on_do_connect(_dialect: Any, _record: Any, _arguments: Any, options: dict[str, Any]) -> None:
            options["server_settings"] = {**options["server_settings"], "default_transaction_read_only": "on"}

        return engine

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
        limit = Limit(self._seconds)
        # SQLite's statements end by the interruption; this is for what comes before them, a connection of the pool.
        patience = self._seconds + (AGAIN_SECONDS * 10 if is_sqlite(self.engine) else 0)
        try:
            async with asyncio.timeout(patience), read(self.engine) as connection:
                if not is_sqlite(self.engine):
                    # Two statements of one answer speak of one state.
                    await connection.execution_options(isolation_level="REPEATABLE READ")
                with limit.over(connection):
                    yield connection
        except TimeoutError:
            raise QueryTooSlow(f"no answer within {self._seconds:g} s") from None
        except Exception:
            if limit.reached:
                raise QueryTooSlow(f"no answer within {self._seconds:g} s") from None
            raise


class Limit:
    """The time of one question. asyncpg tells its server that nobody waits any more. SQLite works in a thread, which a
    cancelled statement is waited for, to roll it back: it has to be interrupted first, from here."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self.reached = False

    @contextmanager
    def over(self, connection: AsyncConnection) -> Iterator[None]:
        if connection.dialect.name != "sqlite" or connection.sync_connection is None:
            yield
            return
        driver: Any = connection.sync_connection.connection.driver_connection
        loop = asyncio.get_running_loop()

        timers: list[asyncio.TimerHandle] = []

        def end() -> None:
            self.reached = True
            driver._conn.interrupt()
            # Between two statements it interrupts nothing: the next one is met by the next time.
            timers[:] = [loop.call_later(AGAIN_SECONDS, end)]

        timers.append(loop.call_later(self._seconds, end))
        try:
            yield
        finally:
            timers[0].cancel()
