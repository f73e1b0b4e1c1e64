"""What the frontier does about a broker that was lost, and begins anew with empty topics.

A record of `urls` without a ``ce_id`` is known by its topic, partition and offset. The new topics give the same
offsets to other records: those would be taken for what is known already, and would be lost.
"""

from __future__ import annotations

from functools import partial

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.fetcher.frontier.now import Now, database_now
from services.fetcher.frontier.resume import refetch_open
from services.fetcher.frontier.tables import submissions, visits
from services.fetcher.frontier.visits import QUEUED
from shared.contracts.ids import coordinates_key, event_id
from shared.database import read, transact

AT_ONCE = 1_000  # rows of one transaction


async def forget_topics(engine: AsyncEngine, now: Now = database_now) -> tuple[int, int]:
    """No submission is known by a place on the lost broker any more, and every visit whose page or fate was there is
    fetched again under its own id. The numbers of both. Safe to run again; no fetcher may run meanwhile."""
    forgotten, after = 0, ""
    while True:
        found, after = await transact(engine, partial(_forget, now=now, behind=after))
        if not after:
            break
        forgotten += found
    before = await _queued(engine)
    await refetch_open(engine, now)
    return forgotten, await _queued(engine) - before


async def _forget(connection: AsyncConnection, *, now: Now, behind: str) -> tuple[int, str]:
    """The next rows by key. How many of them were known by their coordinates, and the last key; empty: no more."""
    rows = (
        await connection.execute(
            select(submissions.c.submission_key, submissions.c.coordinates)
            .where(submissions.c.submission_key > behind)
            .order_by(submissions.c.submission_key)
            .limit(AT_ONCE)
        )
    ).all()
    if not rows:
        return 0, ""
    at = int(await connection.scalar(select(now())) or 0)
    known = [
        {"of": row.submission_key, "other": event_id("forgotten", row.submission_key, at)}
        for row in rows
        if row.submission_key == coordinates_key(row.coordinates)
    ]
    if known:
        await connection.execute(
            update(submissions)
            .where(submissions.c.submission_key == bindparam("of"))
            .values(submission_key=bindparam("other")),
            known,
        )
    return len(known), rows[-1].submission_key


async def _queued(engine: AsyncEngine) -> int:
    async with read(engine) as connection:
        waiting = select(func.count()).select_from(visits).where(visits.c.state == QUEUED)
        return int(await connection.scalar(waiting) or 0)
