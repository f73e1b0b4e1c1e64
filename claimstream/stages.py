"""What every stage has read and written: from the broker's offsets, or in one process from the tables."""

from __future__ import annotations

import math
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from claimstream import kafka
from claimstream.local import LocalTables
from claimstream.readers import READERS
from services.fetcher.frontier import tables
from services.store.outbox import oldest_unsent
from services.store.read import counts
from shared.contracts.topics import URLS
from shared.database import read
from shared.pipeline.kafka.groups import lags
from shared.pipeline.kafka.topics import require_topics


@dataclass(frozen=True, slots=True)
class StageLine:
    """``records_out`` None: it writes to a database. ``lag`` is records; ``oldest`` the age of the oldest, seconds."""

    name: str
    records_in: int
    records_out: int | None
    lag: int
    oldest: float = 0.0

    def text(self) -> str:
        out = "" if self.records_out is None else f", out {self.records_out}"
        age = ""
        if self.lag:
            age = (
                f", oldest {self.oldest:.0f} s" if math.isfinite(self.oldest) else ", for how long is unknown"
            )
        return f"in {self.records_in}{out}, lag {self.lag}{age}"


async def of_broker(store: AsyncEngine) -> tuple[list[StageLine], float | None]:
    """Stages by their groups' committed offsets, and the age of the oldest record that waits anywhere. Raises
    TopicMissing where the topics were never applied."""
    broker = kafka.from_environment()
    # Under a prefix that nobody has, every stage would have nothing to do.
    await require_topics(broker.options, broker.prefix, [URLS])
    found = await lags(broker.options, broker.prefix, list(READERS))
    written = {lag.reader.topic: lag.committed + lag.behind for lag in found}
    lines = []
    for lag in found:
        out = READERS[lag.reader]
        name = f"{lag.reader.service}.{lag.reader.stage}"
        lines.append(
            StageLine(name, lag.committed, written.get(out) if out else None, lag.behind, lag.oldest)
        )
    oldest = max([lag.oldest for lag in found] + [await oldest_unsent(store) or 0.0])
    return lines, oldest


async def of_file(fetcher: AsyncEngine, store: AsyncEngine) -> tuple[list[StageLine], float | None]:
    """One process keeps no offsets: what its tables show of each stage. What is not done now waits for nobody."""
    async with read(fetcher) as connection:
        submitted = await connection.scalar(select(func.count()).select_from(tables.submissions)) or 0
        visits = await connection.scalar(select(func.count()).select_from(tables.visits)) or 0
        sent = await connection.scalar(select(func.count()).where(tables.visits.c.sent_at.is_not(None))) or 0
        fates = await connection.scalar(select(func.count()).select_from(tables.fates)) or 0
        outcomes = await connection.scalar(select(func.count()).select_from(tables.outcomes)) or 0
        unsent = await connection.scalar(select(func.count()).where(tables.outcomes.c.sent_at.is_(None))) or 0
    stored = await counts(store)
    local = LocalTables(fetcher)
    await local.create()
    letters = [letter for letter in await local.letters() if not letter.redriven]
    lines = [
        StageLine("fetcher.urls", submitted, visits, 0),
        StageLine("fetcher.crawl", visits, sent, 0),
        StageLine("cleaner.pages", sent, stored.sightings, 0),
        StageLine("extractor.articles", stored.versions, stored.extractions, 0),
        StageLine("store", stored.sightings, stored.revisions, stored.waiting, stored.oldest_unsent or 0.0),
        StageLine("fetcher.fates", fates, outcomes - unsent, unsent),
        StageLine("dead letters", len(letters), None, 0),
    ]
    return lines, await oldest_unsent(store) or 0.0
