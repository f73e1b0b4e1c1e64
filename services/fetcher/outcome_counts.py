"""What the answers to submissions say of the whole: fates, claims an article, and the time from URL to claims.

Counted where they are sent, a batch at a time: every fate passes there, whoever said it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from services.fetcher import metrics
from services.fetcher.frontier.now import SECOND
from services.fetcher.frontier.tables import visits
from shared.contracts.enums import Fate
from shared.contracts.events import UrlOutcome
from shared.database import read, to_us


async def count_outcomes(engine: AsyncEngine, sent: Sequence[UrlOutcome]) -> None:
    """Count what was sent. A canary's answer is in no sum: it has no visit."""
    async with read(engine) as connection:
        rows = await connection.execute(
            select(visits.c.visit_id, visits.c.opened_at).where(
                visits.c.visit_id.in_(sorted({one.visit_id for one in sent}))
            )
        )
        opened = {row.visit_id: row.opened_at for row in rows}
    ours = [one for one in sent if one.visit_id in opened]
    for (fate, code), number in Counter((one.fate.value, one.code or "") for one in ours).items():
        metrics.fates.labels(fate, code).inc(number)
    for one in ours:
        if one.revision == 1:  # a later one answers again: somebody who joined, or a redrive
            seconds = (to_us(datetime.fromisoformat(one.decided_at)) - opened[one.visit_id]) / SECOND
            metrics.visit_seconds.labels(one.fate.value).observe(max(0.0, seconds))
            if one.fate is Fate.STORED and one.claims is not None:
                metrics.article_claims.observe(one.claims)
