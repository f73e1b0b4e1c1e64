"""Reading and writing: every transaction goes through here, so that every failure has its owner."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from shared.database.engine import WRITE, is_sqlite
from shared.database.failures import Conflict, database_errors

T = TypeVar("T")

# Locks are taken in sorted order, so a deadlock is rare and the second try nearly always wins.
ATTEMPTS = 5
FIRST_PAUSE_SECONDS = 0.02

# SQLite's own waiting polls and is not fair: with three writers in a process one of them can starve.
_sqlite_queues: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[str, asyncio.Lock]] = WeakKeyDictionary()


@asynccontextmanager
async def read(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A connection to read with: one snapshot on SQLite; on PostgreSQL each statement sees what is committed when it
    begins, as READ COMMITTED has it anyway, so no transaction is begun and none rolled back: two round trips less.
    Raises :class:`~shared.errors.DatabaseAway` and its neighbours for a driver's errors."""
    with database_errors():
        async with engine.connect() as connection:
            if not is_sqlite(engine):
                await connection.execution_options(isolation_level="AUTOCOMMIT")
            yield connection


@asynccontextmanager
async def write(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A connection in a write transaction: committed at the end, rolled back by an exception.

    On SQLite it holds the only write lock from its first moment: await nothing in it that waits for another
    writer (a queue, a broker).
    """
    with database_errors():
        if not is_sqlite(engine):
            async with engine.begin() as connection:
                yield connection
            return
        async with _queue(engine), engine.connect() as connection:
            await connection.execution_options(**{WRITE: True})
            async with connection.begin():
                yield connection


async def transact(engine: AsyncEngine, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
    """Run ``work`` in a write transaction; after a deadlock or a serialisation failure, again, up to
    :data:`ATTEMPTS` times; then :class:`Conflict` (a dependency's error: the batch comes again)."""
    pause = FIRST_PAUSE_SECONDS
    for attempt in range(1, ATTEMPTS + 1):
        try:
            async with write(engine) as connection:
                return await work(connection)
        except Conflict:
            if attempt == ATTEMPTS:
                raise
        await asyncio.sleep(pause * random.uniform(0.5, 1.5))
        pause *= 2
    raise AssertionError("unreachable: the last attempt returns or raises")


def _queue(engine: AsyncEngine) -> asyncio.Lock:
    """The queue of this event loop's writers to one file."""
    queues = _sqlite_queues.setdefault(asyncio.get_running_loop(), {})
    return queues.setdefault(str(engine.url.database), asyncio.Lock())
