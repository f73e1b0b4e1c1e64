"""Revisits: a page is read again at the ages that the operator names. A revisit becomes a visit when it is due."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.fetcher.frontier.now import SECOND, Now
from services.fetcher.frontier.tables import urls, visits
from services.fetcher.frontier.visits import lock_urls, open_visits
from services.fetcher.opening import Opening

BATCH = 200
# While the URL's last visit is still open there is nothing to compare with: look again then.
OPEN_SECONDS = 60


def next_revisit(first_observed: int, observed: int, ages: Sequence[float]) -> int | None:
    """When to come again: the first of the ``ages`` (seconds since it was first observed) that still lies ahead.

    Times are microseconds. None when the last age has passed.
    """
    moments = (first_observed + round(age * SECOND) for age in sorted(ages))
    return next((moment for moment in moments if moment > observed), None)


async def open_due_revisits(connection: AsyncConnection, now: Now, epoch: int) -> int:
    """Open a visit for up to ``BATCH`` URLs whose revisit is due. Returns how many were due."""
    due = (
        await connection.execute(
            select(urls.c.url_id, urls.c.url)
            .where(urls.c.revisit_at <= now())
            .order_by(urls.c.revisit_at)
            .limit(BATCH)
            .with_for_update(skip_locked=True)
        )
    ).all()
    if not due:
        return 0
    at = int(await connection.scalar(select(now())) or 0)
    states = await lock_urls(connection, {row.url_id: row.url for row in due})
    waiting = [key for key, state in states.items() if state.fate is None]
    ready = [state for state in states.values() if state.fate is not None]
    await connection.execute(
        update(urls).where(urls.c.url_id == bindparam("of")).values(revisit_at=bindparam("when")),
        [{"of": key, "when": at + OPEN_SECONDS * SECOND} for key in sorted(waiting)]
        + [{"of": state.url_id, "when": None} for state in ready],
    )
    origins = await _origins(connection, [state.visit_id for state in ready if state.visit_id is not None])
    opened = [
        (
            Opening(
                url_id=state.url_id,
                url=state.url,
                origin="revisit",
                bulk=origins[state.visit_id][0],
                feed=origins[state.visit_id][1],
                published_at=origins[state.visit_id][2],
                labels=origins[state.visit_id][3],
            ),
            state.visits + 1,
        )
        for state in ready
        if state.visit_id in origins
    ]
    await open_visits(connection, at, epoch, opened)
    return len(due)


async def _origins(
    connection: AsyncConnection, visit_ids: Sequence[str]
) -> dict[str | None, tuple[bool, str | None, str | None, dict[str, str]]]:
    """What a revisit takes over from the visit before: class, feed, published_at, labels."""
    rows = await connection.execute(
        select(visits.c.visit_id, visits.c.bulk, visits.c.feed, visits.c.published_at, visits.c.labels).where(
            visits.c.visit_id.in_(sorted(visit_ids))
        )
    )
    return {row.visit_id: (row.bulk, row.feed, row.published_at, json.loads(row.labels)) for row in rows}
