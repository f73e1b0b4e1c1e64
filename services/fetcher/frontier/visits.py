"""Visits: opened once, queued for a host, fetched, sent on, and at last closed with a fate."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.fetcher.frontier.hosts import Work, announce
from services.fetcher.frontier.hosts import insert as upsert
from services.fetcher.frontier.now import Now, later_of
from services.fetcher.frontier.tables import hosts, urls, visits
from services.fetcher.opening import Opening
from shared.contracts.canonical import canonical_url, host_key
from shared.contracts.enums import Fate
from shared.contracts.ids import visit_id

# A visit that has begun (a redirect's next hop) goes before every priority that a submitter may give.
BEGUN_RANK = 1000

QUEUED = "queued"
SENT = "sent"
CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class UrlState:
    """A URL and its last visit. ``fate`` None with a ``visit_id``: that visit is open."""

    url_id: str
    url: str
    visits: int
    visit_id: str | None
    fate: Fate | None
    observed_at: int | None
    page_sha256: str | None


@dataclass(frozen=True, slots=True)
class Visit:
    """What a fetcher needs to go on with a visit. ``next_url`` is what to ask for; ``trail`` what was asked before.

    ``tries``: requests that failed so far. Times are microseconds.
    """

    visit_id: str
    url_id: str
    number: int
    url: str
    host: str
    next_url: str
    trail: tuple[str, ...]
    tries: int
    bulk: bool
    whole: bool
    feed: str | None
    published_at: str | None
    labels: dict[str, str]
    traceparent: str | None


async def lock_urls(connection: AsyncConnection, wanted: dict[str, str]) -> dict[str, UrlState]:
    """Make the rows of these URLs (id → URL) if they are missing, lock them in the order of their ids, and lock
    their last visits: whoever joins one must not miss that it is being closed."""
    rows = [{"url_id": key, "url": wanted[key]} for key in sorted(wanted)]
    await connection.execute(upsert(connection)(urls).on_conflict_do_nothing(), rows)
    found = (
        await connection.execute(
            select(urls.c.url_id, urls.c.url, urls.c.visits, urls.c.visit_id)
            .where(urls.c.url_id.in_(sorted(wanted)))
            .order_by(urls.c.url_id)
            .with_for_update()
        )
    ).all()
    return await _states(connection, found)


async def _states(connection: AsyncConnection, found: Sequence[Any]) -> dict[str, UrlState]:
    ids = sorted(row.visit_id for row in found if row.visit_id is not None)
    last = {
        row.visit_id: row
        for row in await connection.execute(
            select(visits.c.visit_id, visits.c.fate, visits.c.observed_at, visits.c.page_sha256)
            .where(visits.c.visit_id.in_(ids))
            .order_by(visits.c.visit_id)
            .with_for_update()
        )
    }
    states = {}
    for row in found:
        visit = last.get(row.visit_id)
        states[row.url_id] = UrlState(
            row.url_id,
            row.url,
            row.visits,
            row.visit_id,
            _fate(row, visit),
            None if visit is None else visit.observed_at,
            None if visit is None else visit.page_sha256,
        )
    return states


def _fate(url: Any, last: Any) -> Fate | None:
    """The fate of a URL's last visit; one that retention has deleted had one, which nobody knows any more."""
    if last is None:
        return Fate.OTHER if url.visits and url.visit_id is None else None
    return None if last.fate is None else Fate(last.fate)


async def open_visits(
    connection: AsyncConnection, at: int, epoch: int, opened: Iterable[tuple[Opening, int]]
) -> list[str]:
    """Open visits with their numbers; the caller holds their URLs' locks. Returns the visit ids, in order."""
    ids: list[str] = []
    rows: list[dict[str, Any]] = []
    last: dict[str, dict[str, Any]] = {}
    work: list[Work] = []
    for opening, number in opened:
        key = visit_id(opening.url_id, epoch, number)
        ids.append(key)
        last[opening.url_id] = {"of": opening.url_id, "number": number, "last": key}
        host = host_key(opening.url) if opening.fetched else None
        rows.append(
            {
                "visit_id": key,
                "url_id": opening.url_id,
                "number": number,
                "url": opening.url,
                "origin": opening.origin,
                "bulk": opening.bulk,
                "whole": opening.whole,
                "priority": opening.priority,
                "feed": opening.feed,
                "published_at": opening.published_at,
                "labels": json.dumps(opening.labels, sort_keys=True),
                "traceparent": opening.traceparent,
                "state": QUEUED if opening.fetched else SENT,
                "opened_at": at,
                "host": host,
                "next_url": opening.url if opening.fetched else None,
                "rank": opening.priority,
                "due_at": at + len(rows),  # a microsecond apart: a host's queue is in the order of submission
            }
        )
        if host is not None:
            work.append(Work(host, opening.bulk, at, opening.priority))
    if rows:
        await connection.execute(
            update(urls)
            .where(urls.c.url_id == bindparam("of"))
            .values(visits=bindparam("number"), visit_id=bindparam("last")),
            [last[key] for key in sorted(last)],
        )
        await connection.execute(insert(visits), sorted(rows, key=lambda row: str(row["visit_id"])))
        await announce(connection, work)
    return ids


async def next_visits(
    connection: AsyncConnection, now: Now, leased: Iterable[str], *, bulk: bool
) -> list[Visit]:
    """For each of these hosts the visit whose turn it is, of those that are due."""
    queue = visits.alias("queue")
    first = (
        select(queue.c.visit_id)
        .where(
            queue.c.host == hosts.c.host,
            queue.c.state == QUEUED,
            queue.c.bulk.is_(bulk),
            queue.c.due_at <= now(),
        )
        .order_by(queue.c.rank.desc(), queue.c.due_at, queue.c.visit_id)
        .limit(1)
        .correlate(hosts)
        .scalar_subquery()
    )
    rows = await connection.execute(
        select(visits)
        .select_from(hosts.join(visits, visits.c.visit_id == first))
        .where(hosts.c.host.in_(sorted(leased)))
    )
    return [_visit(row) for row in rows]


async def observe(connection: AsyncConnection, now: Now, url_id: str, visit_id: str) -> tuple[int, int]:
    """Give out the visit's ``observed_at``: the database's clock, raised above every earlier one of that URL; and with
    it the first that was ever given out.

    It stands with the visit before anything is produced: while the broker is away a page may wait for hours, and
    nobody may be told meanwhile that everything until now is complete.
    """
    row = (
        await connection.execute(
            update(urls)
            .where(urls.c.url_id == url_id)
            .values(observed_at=later_of(now(), urls.c.observed_at + 1))
            .returning(urls.c.observed_at, urls.c.first_observed_at)
        )
    ).one()
    at = int(row.observed_at)
    await connection.execute(update(visits).where(visits.c.visit_id == visit_id).values(observed_at=at))
    return at, at if row.first_observed_at is None else int(row.first_observed_at)


async def put_back(
    connection: AsyncConnection,
    now: Now,
    visit: Visit,
    *,
    next_url: str,
    wait_us: int,
    tries: int,
    begun: bool,
) -> None:
    """Queue it again, for the host of ``next_url``. The caller releases the lease in the same transaction."""
    # The target is asked for as the host wrote it; only whose turn it is goes by its canonical form.
    host = host_key(canonical_url(next_url))
    trail = (*visit.trail, visit.next_url) if next_url != visit.next_url else visit.trail
    row = (
        await connection.execute(
            update(visits)
            .where(visits.c.visit_id == visit.visit_id, visits.c.state == QUEUED)
            .values(
                host=host,
                next_url=next_url,
                trail=json.dumps(trail),
                tries=tries,
                due_at=now() + wait_us,
                rank=visits.c.priority + (BEGUN_RANK if begun else 0),
            )
            .returning(visits.c.due_at, visits.c.rank, visits.c.bulk)
        )
    ).one_or_none()
    if row is not None and host != visit.host:
        await announce(connection, [Work(host, row.bulk, row.due_at, row.rank)])


def _visit(row: Row[Any]) -> Visit:
    return Visit(
        visit_id=row.visit_id,
        url_id=row.url_id,
        number=row.number,
        url=row.url,
        host=row.host,
        next_url=row.next_url,
        trail=tuple(json.loads(row.trail)),
        tries=row.tries,
        bulk=row.bulk,
        whole=row.whole,
        feed=row.feed,
        published_at=row.published_at,
        labels=json.loads(row.labels),
        traceparent=row.traceparent,
    )
