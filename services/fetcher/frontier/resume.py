"""What one process asks of the frontier that replicas never do: go on after a stop, and poll now.

Its queues keep nothing, so whatever was sent on and has no fate must be fetched again, whole, under its own id.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.fetcher.frontier.hosts import Work, announce
from services.fetcher.frontier.now import SECOND, Now, database_now, later_of, us
from services.fetcher.frontier.tables import feeds, hosts, outcomes, visits
from services.fetcher.frontier.visits import QUEUED, SENT
from shared.contracts.canonical import canonical_url, host_key
from shared.database import read, transact

FILE = "file"
LATER_SECONDS = 10 * 365 * 86_400.0  # a feed that this run was not asked to poll


async def refetch_open(engine: AsyncEngine, now: Now = database_now) -> list[str]:
    """Queue again every fetched visit that was sent on and has no fate; free the leases of the stopped process.

    Returns the ids of the open visits of files: those are read, not fetched.
    """

    async def work(connection: AsyncConnection) -> list[str]:
        at = int(await connection.scalar(select(now())) or 0)
        # Nobody else works on this file: leases that are there belong to a process that is gone.
        await connection.execute(update(hosts).values(lease_until=0))
        await connection.execute(update(feeds).values(lease_until=0))
        rows = (
            await connection.execute(
                select(visits.c.visit_id, visits.c.url, visits.c.origin, visits.c.bulk, visits.c.priority)
                .where(visits.c.fate.is_(None), visits.c.state == SENT)
                .order_by(visits.c.due_at, visits.c.visit_id)
            )
        ).all()
        again = [row for row in rows if row.origin != FILE]
        if again:
            await connection.execute(
                update(visits)
                .where(visits.c.visit_id == bindparam("of"))
                .values(
                    state=QUEUED,
                    whole=True,
                    trail="[]",
                    tries=0,
                    due_at=bindparam("its_due"),
                    next_url=visits.c.url,
                    host=bindparam("its_host"),
                    rank=visits.c.priority,
                ),
                [
                    {"of": row.visit_id, "its_host": host_key(row.url), "its_due": at + index}
                    for index, row in enumerate(again)
                ],
            )
            await announce(connection, [Work(host_key(row.url), row.bulk, at, row.priority) for row in again])
        return [row.visit_id for row in rows if row.origin == FILE]

    return await transact(engine, work)


async def poll_only(engine: AsyncEngine, wanted: Sequence[str], now: Now = database_now) -> set[str]:
    """Make these feeds due now and all others not at all. Returns their canonical URLs."""
    urls = {canonical_url(url) for url in wanted}

    async def work(connection: AsyncConnection) -> None:
        await connection.execute(update(feeds).values(next_at=now() + us(LATER_SECONDS)))
        await connection.execute(
            update(feeds).where(feeds.c.url.in_(sorted(urls))).values(next_at=0, lease_until=0)
        )

    await transact(engine, work)
    return urls


async def feeds_due(engine: AsyncEngine, urls: set[str], now: Now = database_now) -> int:
    """How many of these feeds have not been polled yet."""
    async with read(engine) as connection:
        due = (
            select(func.count())
            .select_from(feeds)
            .where(feeds.c.url.in_(sorted(urls)), feeds.c.next_at <= now() + us(5.0))
        )
        return int(await connection.scalar(due) or 0)


@dataclass(frozen=True, slots=True)
class Queue:
    """``queued`` visits wait to be fetched; the next of them asks ``host`` in ``seconds``, after ``tries`` requests
    that failed."""

    queued: int = 0
    host: str = ""
    seconds: float = 0.0
    tries: int = 0


async def queue(engine: AsyncEngine, now: Now = database_now) -> Queue:
    """What waits to be fetched, and what is waited for."""
    at = later_of(visits.c.due_at, func.coalesce(hosts.c.next_at, 0))
    waiting = visits.c.state == QUEUED
    async with read(engine) as connection:
        queued = await connection.scalar(select(func.count()).select_from(visits).where(waiting)) or 0
        if not queued:
            return Queue()
        row = (
            await connection.execute(
                select(visits.c.host, visits.c.tries, (at - now()).label("left"))
                .outerjoin(hosts, hosts.c.host == visits.c.host)
                .where(waiting)
                .order_by(at)
                .limit(1)
            )
        ).one()
    return Queue(queued, row.host or "", max(0.0, row.left / SECOND), row.tries)


async def unsent_outcomes_count(engine: AsyncEngine) -> int:
    """Outcomes that wait for the relay."""
    async with read(engine) as connection:
        waiting = select(func.count()).select_from(outcomes).where(outcomes.c.sent_at.is_(None))
        return int(await connection.scalar(waiting) or 0)
