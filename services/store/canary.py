"""The canary in the store (``shared.contracts.canary``): settled like any article, told its fate, and forgotten.

Its claims are decided and routed like others, but neither written nor sent, and its ledger stands nowhere; so it is in
no answer of the API. What it left is deleted in the transaction that tells its fate, and what a lost one left when
its URL comes round again.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Table, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.store import models
from services.store.ledger.decision import Told
from shared.clock import iso

# Two runs of one URL may be under way at once where somebody asked for one; what is older than that is nobody's.
STALE = timedelta(minutes=30)


async def forget(connection: AsyncConnection, article_id: str, told: Sequence[Told]) -> None:
    """Delete the rows of the runs that were ``told`` their fate, and of stale ones. The caller holds the article."""
    if not told:
        return
    newest = max(one.sighting.article.observed_at for one in told)
    limit = iso(datetime.fromisoformat(newest) - STALE)
    gone = {one.sighting.article.version for one in told}
    s, e = models.sighting.c, models.extraction.c
    seen = await connection.execute(select(s.version, s.observed_at).where(s.article_id == article_id))
    gone |= {row.version for row in seen if row.observed_at < limit}
    made = await connection.execute(select(e.version, e.record).where(e.article_id == article_id))
    gone |= {row.version for row in made if json.loads(row.record)["observed_at"] < limit}
    for table in (models.sighting, models.extraction, models.article_version):
        await _delete(connection, table, article_id, sorted(gone))


async def _delete(connection: AsyncConnection, table: Table, article_id: str, versions: list[str]) -> None:
    await connection.execute(
        delete(table).where(table.c.article_id == article_id, table.c.version.in_(versions))
    )
