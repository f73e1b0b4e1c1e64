"""Hosts: whose turn it is. One request a host at a time over all replicas, by a lease with a fencing token.

A lease is one ``UPDATE … RETURNING``: SQLite ignores ``SKIP LOCKED`` silently, so a lease that reads first and
writes then would be given out twice there. Locks are taken in one order by everybody: URLs, visits, hosts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, null, or_, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.fetcher.frontier.now import Now, earlier_of, later_of, us
from services.fetcher.frontier.tables import feeds, hosts, visits

# How long a feed that is due goes before pages of its host; past it, the poller is not running at all.
FEED_FIRST_SECONDS = 60


class LeaseLost(Exception):
    """Raised when a lease was given to somebody else meanwhile: nothing that its holder writes counts any more."""


@dataclass(slots=True)
class HostLease:
    """The right to send one request to ``host``. ``token`` rises with each lease; a lower one is void.

    ``failures``: how often in a row the host has not answered. ``until``: when it ends at the earliest, by this
    process's own ``time.monotonic``, which goes on while the process stands still.
    """

    host: str
    token: int
    failures: int
    until: float = 0.0


@dataclass(frozen=True, slots=True)
class Work:
    """That visits of a class wait for ``host`` from ``due_at`` on (microseconds); ``rank`` is the highest of theirs."""

    host: str
    bulk: bool
    due_at: int
    rank: int


def insert(connection: AsyncConnection):  # type: ignore[no-untyped-def]  # each dialect has a class of its own
    """The dialect's ``insert``, which alone knows ``on_conflict_…``."""
    return postgresql_insert if connection.dialect.name == "postgresql" else sqlite_insert


async def lease_hosts(
    connection: AsyncConnection, now: Now, *, bulk: bool, limit: int, seconds: float
) -> list[HostLease]:
    """Lease up to ``limit`` hosts that have work due and whose delay is over, for ``seconds``."""
    due = hosts.c.bulk_at if bulk else hosts.c.work_at
    candidate = hosts.alias("candidate")
    candidate_due = candidate.c.bulk_at if bulk else candidate.c.work_at
    feed_waits = (
        select(feeds.c.url)
        .where(
            feeds.c.host == candidate.c.host,
            feeds.c.next_at.between(now() - us(FEED_FIRST_SECONDS), now()),
        )
        .exists()
    )
    free = (
        select(candidate.c.host)
        .where(
            candidate_due <= now(),
            candidate.c.next_at <= now(),
            candidate.c.lease_until <= now(),
            ~feed_waits,
        )
        .order_by(candidate.c.work_rank.desc(), candidate_due)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    leased = await connection.execute(
        update(hosts)
        .where(hosts.c.host.in_(free), due <= now(), hosts.c.next_at <= now(), hosts.c.lease_until <= now())
        .values(lease_token=hosts.c.lease_token + 1, lease_until=now() + us(seconds))
        .returning(hosts.c.host, hosts.c.lease_token, hosts.c.failures)
    )
    return [HostLease(*row) for row in leased]


async def lease_host(connection: AsyncConnection, now: Now, host: str, *, seconds: float) -> HostLease | None:
    """Lease this one host, known or not; None while it is somebody else's or its delay is not over."""
    await connection.execute(insert(connection)(hosts).values(host=host).on_conflict_do_nothing())
    leased = await connection.execute(
        update(hosts)
        .where(hosts.c.host == host, hosts.c.next_at <= now(), hosts.c.lease_until <= now())
        .values(lease_token=hosts.c.lease_token + 1, lease_until=now() + us(seconds))
        .returning(hosts.c.host, hosts.c.lease_token, hosts.c.failures)
    )
    row = leased.one_or_none()
    return None if row is None else HostLease(*row)


async def renew_host(connection: AsyncConnection, now: Now, lease: HostLease, *, seconds: float) -> None:
    """Hold it for ``seconds`` from now on. Raises :class:`LeaseLost`."""
    renewed = await connection.execute(
        update(hosts)
        .where(hosts.c.host == lease.host, hosts.c.lease_token == lease.token)
        .values(lease_until=now() + us(seconds))
    )
    if renewed.rowcount != 1:
        raise LeaseLost(lease.host)


async def release_host(
    connection: AsyncConnection, now: Now, lease: HostLease, *, wait: float, failures: int | None
) -> None:
    """Give it back after the end of a request: the next may begin ``wait`` seconds from now.

    ``failures`` is the new count, None leaves it. Raises :class:`LeaseLost`; then the caller's transaction must
    not be committed.
    """
    held = await connection.execute(
        select(hosts.c.host)
        .where(hosts.c.host == lease.host, hosts.c.lease_token == lease.token)
        .with_for_update()
    )
    if held.one_or_none() is None:
        raise LeaseLost(lease.host)
    # A statement of its own: on PostgreSQL it sees what an intake committed while we waited for the row.
    queued = [visits.c.host == lease.host, visits.c.state == "queued"]
    first = select(func.min(visits.c.due_at)).where(*queued)
    values = {
        "lease_until": 0,
        "next_at": now() + us(wait),
        "work_at": first.where(visits.c.bulk.is_(False)).scalar_subquery(),
        "bulk_at": first.where(visits.c.bulk.is_(True)).scalar_subquery(),
        "work_rank": func.coalesce(
            select(func.max(visits.c.rank)).where(*queued, visits.c.bulk.is_(False)).scalar_subquery(), 0
        ),
    }
    if failures is not None:
        values["failures"] = failures
    await connection.execute(update(hosts).where(hosts.c.host == lease.host).values(**values))


async def announce(connection: AsyncConnection, work: Iterable[Work]) -> None:
    """Tell the hosts of visits that were queued for them, so that they come up for a lease in time."""
    merged: dict[tuple[str, bool], Work] = {}
    for one in work:
        known = merged.get((one.host, one.bulk), one)
        merged[one.host, one.bulk] = Work(
            one.host, one.bulk, min(one.due_at, known.due_at), max(one.rank, known.rank)
        )
    for bulk in (False, True):
        rows = [
            {
                "host": one.host,
                "bulk_at" if bulk else "work_at": one.due_at,
                "work_rank": 0 if bulk else one.rank,
            }
            for key, one in sorted(merged.items())
            if key[1] is bulk
        ]
        if not rows:
            continue
        statement = insert(connection)(hosts)
        column = hosts.c.bulk_at if bulk else hosts.c.work_at
        excluded = statement.excluded
        rank = excluded.work_rank
        await connection.execute(
            statement.on_conflict_do_update(
                index_elements=[hosts.c.host],
                set_={
                    column.name: earlier_of(column, excluded[column.name]),
                    "work_rank": hosts.c.work_rank if bulk else later_of(hosts.c.work_rank, rank),
                },
            ),
            rows,
        )


@dataclass(frozen=True, slots=True)
class Due:
    """Whether `urls` and `urls.bulk` have visits that are due."""

    urgent: bool
    bulk: bool


async def due(connection: AsyncConnection, now: Now) -> Due:
    """While `urls` has work due, `urls.bulk` gets a tenth. Hosts that are away do not count for `urls`, or one dead
    host would hold up every backfill."""
    urgent = select(hosts.c.host).where(hosts.c.work_at <= now(), hosts.c.failures == 0).exists()
    bulk = select(hosts.c.host).where(hosts.c.bulk_at <= now()).exists()
    row = (await connection.execute(select(urgent.label("urgent"), bulk.label("bulk")))).one()
    return Due(row.urgent, row.bulk)


async def next_turn(connection: AsyncConnection, now: Now) -> int | None:
    """Microseconds until a host with queued visits comes up; None when nothing is queued at all."""
    first = earlier_of(hosts.c.work_at, hosts.c.bulk_at)
    when = later_of(later_of(first, hosts.c.next_at), hosts.c.lease_until)
    waiting = or_(hosts.c.work_at.is_not(null()), hosts.c.bulk_at.is_not(null()))
    return await connection.scalar(select(func.min(when) - now()).where(waiting))
