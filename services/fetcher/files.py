"""Files enter only through `ingest`: their visit is opened in the account before anything is produced."""

from __future__ import annotations

import hashlib

from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.fetcher.frontier.now import Now, database_now
from services.fetcher.frontier.submissions import OPENED
from services.fetcher.frontier.tables import submissions, visits
from services.fetcher.frontier.visits import lock_urls, observe, open_visits
from services.fetcher.opening import Opening
from shared.contracts.canonical import canonical_url
from shared.contracts.enums import Fate
from shared.contracts.events import PageFetched
from shared.contracts.ids import event_id, file_urn, url_id
from shared.database import iso_us, transact

ORIGIN = "file"


async def open_file_visit(
    engine: AsyncEngine,
    content: bytes,
    *,
    url: str | None = None,
    content_type: str | None = None,
    epoch: int = 1,
    now: Now = database_now,
) -> PageFetched | None:
    """Open the visit of a file under ``url``, or under ``urn:sha256:…`` of its bytes; its page's headers.

    An open visit of the same bytes is gone on with, under its id. None: these very bytes were read at the last
    visit and have their fate (a dead one is tried again). Raises
    :class:`~shared.contracts.canonical.UrlRefused` for a ``url`` that no page has.
    """
    where = file_urn(content) if url is None else canonical_url(url)
    key = url_id(where)
    digest = hashlib.sha256(content).hexdigest()

    async def work(connection: AsyncConnection) -> PageFetched | None:
        state = (await lock_urls(connection, {key: where}))[key]
        if state.visit_id is not None and state.page_sha256 == digest:
            if state.fate is None:
                return page_of(await _observed(connection, now, key, state.visit_id), content, content_type)
            if state.fate is not Fate.DEAD:
                return None
        at = int(await connection.scalar(select(now())) or 0)
        opening = Opening(key, where, ORIGIN, fetched=False)
        (visit,) = await open_visits(connection, at, epoch, [(opening, state.visits + 1)])
        await connection.execute(
            update(visits)
            .where(visits.c.visit_id == visit)
            .values(status=200, final_url=where, page_sha256=digest)
        )
        await connection.execute(
            insert(submissions).values(
                submission_key=event_id("file", visit),
                result=OPENED,
                visit_id=visit,
                at=at,
                url=where,
                coordinates=f"file:{digest}",
            )
        )
        return page_of(await _observed(connection, now, key, visit), content, content_type)

    return await transact(engine, work)


async def reopen_file_visit(
    engine: AsyncEngine, visit_id: str, content: bytes, content_type: str | None, now: Now = database_now
) -> PageFetched | None:
    """The page's headers of an open visit whose file was read again. None: the file holds other bytes by now, which
    are another visit's."""

    async def work(connection: AsyncConnection) -> PageFetched | None:
        row = (await connection.execute(select(visits).where(visits.c.visit_id == visit_id))).one()
        if row.page_sha256 != hashlib.sha256(content).hexdigest():
            return None
        return page_of(await _observed(connection, now, row.url_id, visit_id), content, content_type)

    return await transact(engine, work)


async def _observed(connection: AsyncConnection, now: Now, url: str, visit: str) -> Row[tuple[object, ...]]:
    """The visit's row, its file read now. Each reading has a time of its own: by that the store knows that a visit
    whose fate was lost is to be told it again."""
    at, _ = await observe(connection, now, url, visit)
    await connection.execute(update(visits).where(visits.c.visit_id == visit).values(sent_at=at))
    return (await connection.execute(select(visits).where(visits.c.visit_id == visit))).one()


def page_of(row: Row[tuple[object, ...]], content: bytes, content_type: str | None) -> PageFetched:
    """What `pages` says of a file's bytes."""
    return PageFetched(
        visit_id=row.visit_id,
        url_id=row.url_id,
        url=row.url,
        final_url=row.url,
        status=200,
        observed_at=iso_us(row.observed_at),
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        content_type=content_type,
    )
