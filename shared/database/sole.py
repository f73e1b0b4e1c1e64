"""One holder over all processes: the outbox relay, of which one may be active."""

from __future__ import annotations

import fcntl
import hashlib
from io import TextIOWrapper
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from shared.database.engine import is_sqlite
from shared.database.failures import database_errors
from shared.errors import DatabaseAway


class Sole:
    """Being the only holder of a name in one database.

    PostgreSQL: an advisory lock of a session of its own, free again when that session ends, however it ends.
    SQLite: a lock on a file beside the database, which the kernel frees with the process (a lease row would have
    to expire first).
    """

    def __init__(self, engine: AsyncEngine, name: str) -> None:
        self._engine = engine
        self._name = name
        # Advisory locks are 64-bit numbers of the whole database: derived, so that two names do not meet.
        digest = hashlib.sha256(f"claimstream:{name}".encode()).digest()
        self._key = int.from_bytes(digest[:8], "big", signed=True)
        self._session: AsyncConnection | None = None
        self._file: TextIOWrapper | None = None

    async def held(self) -> bool:
        """Take it if it is free; whether we hold it now. Asked before each piece of work: a session that was lost
        meanwhile shows here, as False once, and may be somebody else's by then."""
        with database_errors():
            if is_sqlite(self._engine):
                return self._hold_file()
            return await self._hold_session()

    async def release(self) -> None:
        """Give it up; harmless when it is not held."""
        if self._file is not None:
            self._file.close()
            self._file = None
        if self._session is not None:
            session, self._session = self._session, None
            # Not back to the pool: there the session would go on and keep the lock.
            await session.invalidate()
            await session.close()

    async def _hold_session(self) -> bool:
        if self._session is not None:
            try:
                with database_errors():
                    await self._session.execute(text("SELECT 1"))
            except DatabaseAway:
                await self.release()
                return False
            return True
        session = await self._engine.connect()
        try:
            await session.execution_options(isolation_level="AUTOCOMMIT")
            got = bool(await session.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": self._key}))
        except BaseException:
            await session.close()
            raise
        if not got:
            await session.close()
            return False
        self._session = session
        return True

    def _hold_file(self) -> bool:
        if self._file is None:
            path = Path(f"{self._engine.url.database}.{self._name}.lock")
            file = path.open("a")
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                file.close()
                return False
            self._file = file
        return True
