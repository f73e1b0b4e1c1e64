"""How large the ledger's database is: what grows without end, and what a volume must have room for."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from services.store import metrics
from shared.database import is_sqlite, read
from shared.pipeline.source import Sender

LOOK_SECONDS = 60.0
_POSTGRESQL = text("SELECT pg_database_size(current_database())")
_SQLITE = text("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")


class DatabaseSize:
    """The source ``database-size``: produces nothing, keeps a gauge."""

    service = "store"
    name = "database-size"

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def step(self, _sender: Sender) -> float:
        async with read(self._engine) as connection:
            size = await connection.scalar(_SQLITE if is_sqlite(self._engine) else _POSTGRESQL)
        metrics.database_bytes.set(int(size or 0))
        return LOOK_SECONDS
