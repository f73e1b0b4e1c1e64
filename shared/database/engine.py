"""Opening a database: ``sqlite+aiosqlite:///path`` or ``postgresql+asyncpg://user:password@host/name``."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from shared.database.failures import database_errors
from shared.errors import NotOurDatabase, SettingsInvalid

# In the file's header, so that `file` and we know whose it is: "clms".
APPLICATION_ID = 0x636C6D73
# The writers of one process queue on a lock of ours; only another process is waited for here.
BUSY_SECONDS = 30
# Stage, relay and API each hold a few at once; PostgreSQL's default allows 100 in all.
POOL_SIZE = 10
CONNECT_SECONDS = 10
# Far above any statement of ours; one that runs longer waits for somebody who will not come.
STATEMENT_SECONDS = 120
# What a client leaves behind that vanished without a word (a host that lost its power, a cable) or stands still (a
# stopped process): its locks. The server asks after a silent one and ends its session, which by default takes it two
# hours, or for ever: until then no relay takes over, and every batch with one of its articles waits.
SERVER_SETTINGS = {
    "tcp_keepalives_idle": "30",
    "tcp_keepalives_interval": "10",
    "tcp_keepalives_count": "3",
    "idle_in_transaction_session_timeout": "60s",  # none of ours waits for anything but the database
}

WRITE = "claimstream_write"


def open_database(url: str, *, program: str = "claimstream") -> AsyncEngine:
    """An engine for ``url``. SQLite: makes the file, stamps it as ours, and refuses another program's.

    ``program`` is what PostgreSQL shows as ``application_name``. PostgreSQL is not contacted here: it may be away
    at start. Raises :class:`SettingsInvalid` for a URL that names neither, :class:`NotOurDatabase` for a file that
    is another program's or no database, :class:`DatabaseAway` when the file is locked.
    """
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise SettingsInvalid(f"the database's URL cannot be read: {error}", hint=_URL_HINT) from error
    if parsed.drivername == "sqlite+aiosqlite":
        return _open_sqlite(parsed)
    if parsed.drivername == "postgresql+asyncpg":
        return create_async_engine(
            parsed,
            pool_size=POOL_SIZE,
            max_overflow=POOL_SIZE,
            pool_timeout=CONNECT_SECONDS,
            connect_args={
                "timeout": CONNECT_SECONDS,
                "command_timeout": STATEMENT_SECONDS,
                "server_settings": {"application_name": program, **SERVER_SETTINGS},
            },
        )
    raise SettingsInvalid(f"the database's URL begins with {parsed.drivername}://", hint=_URL_HINT)


_URL_HINT = "Say sqlite+aiosqlite:///path/to/file.db or postgresql+asyncpg://user:password@host/name."


def is_sqlite(engine: AsyncEngine) -> bool:
    return engine.dialect.name == "sqlite"


def _open_sqlite(url: URL) -> AsyncEngine:
    if not url.database or url.database.startswith((":memory:", "file:")):
        raise SettingsInvalid(
            "the database's URL names no file",
            hint=_URL_HINT + " A database in memory would lose everything.",
        )
    with database_errors():
        _claim_file(Path(url.database))
    engine = create_async_engine(
        url,
        connect_args={"timeout": BUSY_SECONDS, "factory": _Connection},
        pool_timeout=BUSY_SECONDS,
    )

    @event.listens_for(engine.sync_engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        # None: the driver begins nothing by itself; `on_begin` does.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA foreign_keys = ON")
        # With WAL, a power cut may take the last transactions, whole and in order; what they held is fetched
        # or read again at the next start. FULL would cost a disk flush a transaction.
        cursor.execute("PRAGMA synchronous = NORMAL")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def on_begin(connection: Connection) -> None:
        # A deferred transaction that reads, then writes, works on what may be stale by then: updates are lost.
        writes = connection.get_execution_options().get(WRITE, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


class _Connection(sqlite3.Connection):
    """SQLite keeps a closed connection's transaction, and with it the file's only write lock, for as long as a cursor
    of it is referred to; a cancelled task's traceback may do that for the rest of the process."""

    def close(self) -> None:
        if self.in_transaction:
            self.rollback()
        super().close()


def _claim_file(path: Path) -> None:
    """Make the file if there is none, and stamp an empty one; raises when it belongs to somebody else."""
    if path.is_dir() or not path.parent.is_dir():
        what = "is a folder" if path.is_dir() else "lies in a folder that does not exist"
        raise SettingsInvalid(f"{path} {what}", hint="Name a database file in a folder that exists.")
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
    try:
        try:
            (application,) = connection.execute("PRAGMA application_id").fetchone()
            (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlite3.DatabaseError as error:
            if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_NOTADB:
                raise NotOurDatabase(f"{path} is no SQLite database") from error
            raise
        if application != APPLICATION_ID and (application or tables):
            raise NotOurDatabase(f"{path} is a database of another program")
        if application != APPLICATION_ID:
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute("PRAGMA journal_mode = WAL").fetchone()
    finally:
        connection.close()
