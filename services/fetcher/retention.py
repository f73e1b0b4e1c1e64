"""Retention: what ended long ago goes, and stays in the account's sums.

A closed visit goes with its submissions, fates and outcomes, all in one transaction with the numbers that take their
place (``fetcher_pruned``), so the account balances at every moment. What is open stays, however old; so does a visit
with an outcome that was not sent, with a submission that joined it lately, and the last one of a URL that is to be
visited again. URLs stay: their visits' numbers, of which ids are made, must never begin anew.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.fetcher.account_read import FATE
from services.fetcher.frontier.frontier import SERVICE
from services.fetcher.frontier.hosts import insert
from services.fetcher.frontier.now import SECOND, Now, database_now, later_of
from services.fetcher.frontier.tables import fates, outcomes, pruned, submissions, urls, visits
from shared.database import Sole, transact
from shared.pipeline.source import Sender
from shared.telemetry import logger

log = logger("fetcher.retention")
# One transaction: a few thousand rows of four tables, some tens of milliseconds of locks.
AT_ONCE = 500
PAUSE_SECONDS = 0.5  # between two of them: what is alive goes first
IDLE_SECONDS = 3600.0
STANDBY_SECONDS = 60.0
SUBMISSION = "submission"
DAY = 86_400


class Retention:
    """The source `retention`: sends nothing; one process at a time deletes what is older than ``days``."""

    service = SERVICE
    name = "retention"

    def __init__(self, engine: AsyncEngine, *, days: int, now: Now = database_now) -> None:
        self._engine = engine
        self._days = days
        self._now = now
        self._sole = Sole(engine, "fetcher.retention")

    async def step(self, _: Sender) -> float:
        if not await self._sole.held():
            return STANDBY_SECONDS
        gone = await transact(self._engine, lambda c: prune(c, self._now, self._days))
        if not gone:
            return IDLE_SECONDS
        log.info("pruned", visits=gone, days=self._days)
        return PAUSE_SECONDS

    async def close(self) -> None:
        """Let another process take over at once."""
        await self._sole.release()


async def prune(connection: AsyncConnection, now: Now, days: int) -> int:
    """Delete up to :data:`AT_ONCE` visits, and undecodable submissions, that ended more than ``days`` ago. How many
    of both."""
    horizon = int(await connection.scalar(select(now())) or 0) - days * DAY * SECOND
    ripe = _ripe(horizon)
    candidates = (
        select(visits.c.visit_id, visits.c.url_id)
        .join(urls, urls.c.url_id == visits.c.url_id)
        .where(ripe)
        .order_by(visits.c.opened_at)
        .limit(AT_ONCE)
    )
    found = (await connection.execute(candidates)).all()
    # In the order in which everybody locks: URLs, then visits. Whoever held one meanwhile may have changed it.
    of_urls = sorted({row.url_id for row in found})
    await connection.execute(
        select(urls.c.url_id).where(urls.c.url_id.in_(of_urls)).order_by(urls.c.url_id).with_for_update()
    )
    rows = (
        await connection.execute(
            select(visits.c.visit_id, visits.c.fate)
            .join(urls, urls.c.url_id == visits.c.url_id)
            .where(visits.c.visit_id.in_([row.visit_id for row in found]), ripe)
            .order_by(visits.c.visit_id)
            .with_for_update(of=visits)
        )
    ).all()
    ids = [row.visit_id for row in rows]
    asked = await _count(connection, submissions.c.visit_id.in_(ids))
    for table in (submissions, fates, outcomes):
        await connection.execute(delete(table).where(table.c.visit_id.in_(ids)))
    await connection.execute(update(urls).where(urls.c.visit_id.in_(ids)).values(visit_id=None))
    await connection.execute(delete(visits).where(visits.c.visit_id.in_(ids)))
    strays = select(submissions.c.submission_key).where(
        submissions.c.visit_id.is_(None), submissions.c.at < horizon
    )
    keys = list((await connection.execute(strays.limit(AT_ONCE))).scalars())
    asked += await _count(connection, submissions.c.submission_key.in_(keys))
    await connection.execute(delete(submissions).where(submissions.c.submission_key.in_(keys)))
    await _remember(connection, FATE, Counter(row.fate for row in rows), horizon)
    await _remember(connection, SUBMISSION, asked, horizon)
    return len(ids) + len(keys)


def _ripe(horizon: int) -> ColumnElement[bool]:
    """Which visits (joined with their URLs) may go."""
    answered = exists().where(outcomes.c.visit_id == visits.c.visit_id, outcomes.c.sent_at.is_(None))
    joined = exists().where(submissions.c.visit_id == visits.c.visit_id, submissions.c.at >= horizon)
    return and_(
        visits.c.opened_at < horizon,
        visits.c.closed_at < horizon,
        visits.c.fate.is_not(None),
        or_(urls.c.visit_id.is_(None), urls.c.visit_id != visits.c.visit_id, urls.c.revisit_at.is_(None)),
        ~answered,
        ~joined,
    )


async def _count(connection: AsyncConnection, which: ColumnElement[bool]) -> Counter[str]:
    rows = await connection.execute(
        select(submissions.c.result, func.count()).where(which).group_by(submissions.c.result)
    )
    return Counter({row[0]: row[1] for row in rows})


async def _remember(connection: AsyncConnection, kind: str, counts: Mapping[str, int], through: int) -> None:
    rows: list[dict[str, Any]] = [
        {"kind": kind, "name": name, "count": number, "through": through}
        for name, number in sorted(counts.items())
    ]
    if not rows:
        return
    statement = insert(connection)(pruned)
    await connection.execute(
        statement.on_conflict_do_update(
            index_elements=["kind", "name"],
            set_={
                "count": pruned.c["count"] + statement.excluded["count"],
                "through": later_of(pruned.c.through, statement.excluded.through),
            },
        ),
        rows,
    )
