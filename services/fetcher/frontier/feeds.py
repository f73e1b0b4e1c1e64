"""Feeds: which there are, which is due, and what the last poll of each came to."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.fetcher.feeds.feeds_file import FeedSource
from services.fetcher.frontier.hosts import LeaseLost, insert
from services.fetcher.frontier.now import Now, us
from services.fetcher.frontier.tables import feeds, submissions, urls
from shared.contracts.canonical import canonical_url, host_key
from shared.contracts.events import FeedCounts
from shared.contracts.ids import url_id
from shared.database import from_us, read, transact

FROM_FILE = "file"
FROM_OPERATOR = "operator"

NEW = "new"
OK = "ok"
FAILING = "failing"
SILENT = "silent"


@dataclass(frozen=True, slots=True)
class FeedLease:
    """A feed that is ours to poll now, and what is known of its last document."""

    url: str
    host: str
    every: float
    labels: dict[str, str]
    token: int
    etag: str | None
    last_modified: str | None
    failures: int


@dataclass(frozen=True, slots=True)
class Polled:
    """What a poll came to. ``code`` None: all is well; ``fresh``: how many entries were new."""

    fresh: int = 0
    etag: str | None = None
    last_modified: str | None = None
    code: str | None = None
    hint: str | None = None


@dataclass(frozen=True, slots=True)
class FeedState:
    """A feed as `claimstream feeds list` shows it; times are microseconds."""

    url: str
    origin: str
    every: float
    state: str
    code: str | None
    hint: str | None
    failures: int
    entries: int
    polled_at: int | None
    next_at: int
    news_at: int | None


async def add_feed(engine: AsyncEngine, feed: FeedSource, *, origin: str = FROM_OPERATOR) -> bool:
    """Add a feed, or change how often and with which labels it is polled. Whether it is new.

    Raises :class:`~shared.contracts.canonical.UrlRefused` for a URL that is never fetched.
    """
    url = canonical_url(feed.url)

    async def work(connection: AsyncConnection) -> bool:
        known = await connection.scalar(select(feeds.c.url).where(feeds.c.url == url))
        await _upsert(connection, [FeedSource(url, feed.every, feed.labels)], origin)
        return known is None

    return await transact(engine, work)


async def sync_file(engine: AsyncEngine, listed: Sequence[FeedSource]) -> None:
    """Make the feeds of the file those that are ``listed``: new ones are added, missing ones are polled no more.
    Feeds that an operator added stay."""

    async def work(connection: AsyncConnection) -> None:
        unique = {canonical_url(feed.url): feed for feed in listed}
        gone = delete(feeds).where(feeds.c.origin == FROM_FILE, feeds.c.url.not_in(sorted(unique)))
        await connection.execute(gone)
        rows = [FeedSource(url, feed.every, feed.labels) for url, feed in sorted(unique.items())]
        await _upsert(connection, rows, FROM_FILE)

    await transact(engine, work)


async def _upsert(connection: AsyncConnection, wanted: Sequence[FeedSource], origin: str) -> None:
    if not wanted:
        return
    statement = insert(connection)(feeds)
    changed = {name: statement.excluded[name] for name in ("every", "labels", "origin")}
    await connection.execute(
        statement.on_conflict_do_update(index_elements=[feeds.c.url], set_=changed),
        [
            {
                "url": feed.url,
                "host": host_key(feed.url),
                "origin": origin,
                "every": us(feed.every),
                "labels": json.dumps(feed.labels, sort_keys=True),
            }
            for feed in wanted
        ],
    )


async def list_feeds(engine: AsyncEngine) -> list[FeedState]:
    """All feeds, by URL."""
    async with read(engine) as connection:
        rows = await connection.execute(select(feeds).order_by(feeds.c.url))
        return [
            FeedState(
                url=row.url,
                origin=row.origin,
                every=row.every / 1e6,
                state=row.state,
                code=row.code,
                hint=row.hint,
                failures=row.failures,
                entries=row.entries,
                polled_at=row.polled_at,
                next_at=row.next_at,
                news_at=row.news_at,
            )
            for row in rows
        ]


async def feed_counts(engine: AsyncEngine) -> FeedCounts:
    """For the heartbeat; a feed that was never polled counts nowhere."""
    async with read(engine) as connection:
        rows = await connection.execute(select(feeds.c.state, func.count()).group_by(feeds.c.state))
        counts = {row[0]: row[1] for row in rows}
    return FeedCounts(ok=counts.get(OK, 0), failing=counts.get(FAILING, 0), silent=counts.get(SILENT, 0))


async def lease_feeds(engine: AsyncEngine, now: Now, *, limit: int, seconds: float) -> list[FeedLease]:
    """Feeds that are due, ours for ``seconds``."""
    candidate = feeds.alias("candidate")
    free = (
        select(candidate.c.url)
        .where(candidate.c.next_at <= now(), candidate.c.lease_until <= now())
        .order_by(candidate.c.next_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )

    async def work(connection: AsyncConnection) -> list[FeedLease]:
        leased = await connection.execute(
            update(feeds)
            .where(feeds.c.url.in_(free), feeds.c.next_at <= now(), feeds.c.lease_until <= now())
            .values(lease_token=feeds.c.lease_token + 1, lease_until=now() + us(seconds))
            .returning(feeds)
        )
        return [
            FeedLease(
                url=row.url,
                host=row.host,
                every=row.every / 1e6,
                labels=json.loads(row.labels),
                token=row.lease_token,
                etag=row.etag,
                last_modified=row.last_modified,
                failures=row.failures,
            )
            for row in leased
        ]

    return await transact(engine, work)


async def put_feed_back(engine: AsyncEngine, now: Now, lease: FeedLease, *, wait: float) -> None:
    """It could not be asked now, through no fault of its own."""
    await transact(
        engine,
        lambda c: c.execute(
            update(feeds)
            .where(feeds.c.url == lease.url, feeds.c.lease_token == lease.token)
            .values(lease_until=0, next_at=now() + us(wait))
        ),
    )


async def mark_polled(
    engine: AsyncEngine, now: Now, lease: FeedLease, polled: Polled, *, wait: float, silent_after: float
) -> str:
    """Write down what a poll came to; the feed's new state. Raises :class:`LeaseLost`."""

    async def work(connection: AsyncConnection) -> str:
        row = (
            await connection.execute(
                select(feeds.c.news_at, now().label("at"))
                .where(feeds.c.url == lease.url, feeds.c.lease_token == lease.token)
                .with_for_update()
            )
        ).one_or_none()
        if row is None:
            raise LeaseLost(lease.url)
        # A feed that never had an entry is silent from its first poll on.
        news_at = row.at if polled.fresh else row.news_at
        silent = news_at is None or news_at < row.at - us(silent_after)
        state = FAILING if polled.code is not None else SILENT if silent else OK
        await connection.execute(
            update(feeds)
            .where(feeds.c.url == lease.url)
            .values(
                state=state,
                code=polled.code,
                hint=polled.hint,
                failures=lease.failures + 1 if polled.code is not None else 0,
                etag=polled.etag,
                last_modified=polled.last_modified,
                entries=feeds.c.entries + polled.fresh,
                news_at=news_at,
                polled_at=row.at,
                next_at=row.at + us(wait),
                lease_until=0,
            )
        )
        return state

    return await transact(engine, work)


async def known_submissions(engine: AsyncEngine, keys: Sequence[str]) -> set[str]:
    """Which of these submission keys are in the frontier already: they need not be submitted again."""
    async with read(engine) as connection:
        rows = await connection.execute(
            select(submissions.c.submission_key).where(submissions.c.submission_key.in_(sorted(keys)))
        )
        return {row.submission_key for row in rows}


async def last_read(engine: AsyncEngine, wanted: Iterable[str]) -> dict[str, datetime]:
    """When each of these canonical URLs was last observed; those that never were are left out."""
    ids = {url_id(url): url for url in wanted}
    async with read(engine) as connection:
        rows = await connection.execute(
            select(urls.c.url_id, urls.c.observed_at).where(
                urls.c.url_id.in_(sorted(ids)), urls.c.observed_at > 0
            )
        )
        return {ids[row.url_id]: from_us(row.observed_at) for row in rows}
