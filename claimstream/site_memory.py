"""What the memory of sites in a database would say of a page, without its being remembered."""

from __future__ import annotations

from services.cleaner.memory.database import SiteMemories
from services.cleaner.memory.schema import check
from services.cleaner.memory.seen import Seen
from shared.contracts.site_memory import SiteMemory
from shared.database import open_database


async def peek(url: str, page: Seen) -> SiteMemory:
    """Raises :class:`~shared.errors.SchemaMissing`, :class:`~shared.errors.DatabaseAway` and what
    :func:`~shared.database.open_database` raises."""
    engine = open_database(url)
    try:
        await check(engine)
        return await SiteMemories(engine).peek(page)
    finally:
        await engine.dispose()
