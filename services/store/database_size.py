"""How large the ledger's database is, and how much room it has left: it grows without end, its volume does not.

PostgreSQL tells nobody how much is free on its volume. Where that volume can be reached, a folder on it says so:
SQLite's is its file's, and in compose the relay has PostgreSQL's volume, whose files it cannot read. Elsewhere it stays
unknown, and whoever runs that database watches its room.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from services.store import metrics
from shared.database import is_sqlite, read
from shared.pipeline.source import Sender
from shared.telemetry import logger

log = logger("store.database-size")

LOOK_SECONDS = 60.0
HINT = "CLAIMSTREAM_STORE_DATABASE_FOLDER names a folder on PostgreSQL's volume that this process can see."
_POSTGRESQL = text("SELECT pg_database_size(current_database())")
_SQLITE = text("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")


class DatabaseSize:
    """The source ``database-size``: produces nothing, keeps three gauges. ``folder``: on the database's volume; None:
    where SQLite's file lies, and nowhere for PostgreSQL. What it cannot learn stops nobody's work."""

    service = "store"
    name = "database-size"

    def __init__(self, engine: AsyncEngine, folder: Path | None = None) -> None:
        self._engine = engine
        if folder is None and is_sqlite(engine):
            folder = Path(engine.url.database or "").absolute().parent
        self._folder = folder
        self._told = False

    async def step(self, _sender: Sender) -> float:
        async with read(self._engine) as connection:
            size = await connection.scalar(_SQLITE if is_sqlite(self._engine) else _POSTGRESQL)
        metrics.database_bytes.set(int(size or 0))
        free, total = self._room()
        metrics.database_disk_free.set(free)
        metrics.database_disk.set(total)
        return LOOK_SECONDS

    def _room(self) -> tuple[int, int]:
        """Free and all bytes of the volume; zeros where nobody can say."""
        if self._folder is None:
            return 0, 0
        try:
            usage = shutil.disk_usage(self._folder)
        except OSError as error:
            if not self._told:
                log.warning("free space of the database is unknown", error=repr(error), hint=HINT)
            self._told = True
            return 0, 0
        self._told = False
        return usage.free, usage.total
