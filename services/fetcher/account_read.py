"""Questions to the account. Everything is counted from rows: nothing here is the difference of two numbers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from services.fetcher.frontier.now import SECOND, Now, database_now, us
from services.fetcher.frontier.tables import pruned, submissions, visits
from services.fetcher.frontier.visits import SENT
from shared.database import read, to_us

FATE = "fate"  # in fetcher_pruned, where a count is one of visits by their fates

Probe = Callable[[], Awaitable[float | None]]
"""The age in seconds of the oldest record that any group has not committed or any outbox not sent; None: unknown."""

# A page is observed a moment before that is committed; nobody may be told "complete" past what may still come.
COMMIT_MARGIN_SECONDS = 10
UNSETTLED_SHARE = 1 / 6  # of T: what lies uncommitted for longer may hold the fate that is missing


@dataclass(frozen=True, slots=True)
class Account:
    """Submissions = opened + joined + undecodable. Visits = fates + open. What retention has deleted is in all of
    them but ``open``, unless a time was asked for; ``pruned``: how many visits, ``pruned_through``: those that ended
    before it (microseconds)."""

    opened: int = 0
    joined: int = 0
    undecodable: int = 0
    visits: int = 0
    open: int = 0
    fates: dict[str, int] = field(default_factory=dict)
    pruned: int = 0
    pruned_through: int | None = None

    @property
    def submissions(self) -> int:
        return self.opened + self.joined + self.undecodable

    @property
    def balances(self) -> bool:
        """Whether visits, counted by themselves, are fates and open ones, each counted by itself."""
        return self.visits == sum(self.fates.values()) + self.open


@dataclass(frozen=True, slots=True)
class Pulse:
    """Times are microseconds by the database's clock. ``complete_through``: all fetched before it has its fate."""

    at: int
    complete_through: int
    open: int
    oldest_open_seconds: float | None


async def balance(engine: AsyncEngine, since: datetime | None = None) -> Account:
    """The account, of submissions read and visits opened from ``since`` on; one snapshot."""
    start = 0 if since is None else to_us(since)
    counts = select(submissions.c.result, func.count()).where(submissions.c.at >= start)
    opened = visits.c.opened_at >= start
    # One statement: on PostgreSQL, two would see two states.
    by_fate = (
        select(visits.c.fate, func.count()).where(opened, visits.c.fate.is_not(None)).group_by(visits.c.fate)
    )
    async with read(engine) as connection:
        if connection.dialect.name == "postgresql":
            await connection.execution_options(isolation_level="REPEATABLE READ")
        results = {row[0]: row[1] for row in await connection.execute(counts.group_by(submissions.c.result))}
        fates = {row[0]: row[1] for row in await connection.execute(by_fate)}
        total = await connection.scalar(select(func.count()).select_from(visits).where(opened))
        still_open = await connection.scalar(
            select(func.count()).select_from(visits).where(opened, visits.c.fate.is_(None))
        )
        gone = (
            await connection.execute(
                select(pruned.c.kind, pruned.c.name, pruned.c["count"].label("number"), pruned.c.through)
            )
        ).all()
    deleted = sum(row.number for row in gone if row.kind == FATE)
    through = max((row.through for row in gone), default=None)
    if since is None:
        for row in gone:
            counted = fates if row.kind == FATE else results
            counted[row.name] = counted.get(row.name, 0) + row.number
        total = (total or 0) + deleted
    return Account(
        opened=results.get("opened", 0),
        joined=results.get("joined", 0),
        undecodable=results.get("undecodable", 0),
        visits=total or 0,
        open=still_open or 0,
        fates=fates,
        pruned=deleted,
        pruned_through=through,
    )


async def unexplained(
    engine: AsyncEngine, after: float, probe: Probe, *, now: Now = database_now
) -> list[str] | None:
    """The visits that were sent on more than ``after`` seconds ago, have no fate, and for which nothing under way
    can be the reason. None: unknown, because records lie uncommitted for longer than a sixth of that."""
    async with read(engine) as connection:
        rows = await connection.execute(
            select(visits.c.visit_id)
            .where(visits.c.fate.is_(None), visits.c.state == SENT, visits.c.sent_at < now() - us(after))
            .order_by(visits.c.sent_at, visits.c.visit_id)
        )
        missing = [row.visit_id for row in rows]
    if not missing:
        return []
    age = await probe()
    return None if age is None or age > after * UNSETTLED_SHARE else missing


async def pulse(engine: AsyncEngine, *, now: Now = database_now) -> Pulse:
    """How far the account is complete."""
    is_open = visits.c.fate.is_(None)
    async with read(engine) as connection:
        row = (
            await connection.execute(
                select(
                    now().label("at"),
                    func.count().label("open"),
                    func.min(visits.c.opened_at).label("oldest"),
                    func.min(visits.c.observed_at).label("observed"),
                ).where(is_open)
            )
        ).one()
    safe = row.at - COMMIT_MARGIN_SECONDS * SECOND
    return Pulse(
        at=row.at,
        complete_through=safe if row.observed is None else min(safe, row.observed),
        open=row.open,
        oldest_open_seconds=None if row.oldest is None else (row.at - row.oldest) / SECOND,
    )


async def open_count(engine: AsyncEngine) -> int:
    """Visits without a fate: 0 when everything that went in is explained."""
    async with read(engine) as connection:
        return (
            await connection.scalar(select(func.count()).select_from(visits).where(visits.c.fate.is_(None)))
            or 0
        )
