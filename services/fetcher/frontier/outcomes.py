"""The outbox of `outcomes`: written in the transaction of what it answers, sent on by the relay."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, bindparam, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.fetcher.frontier.now import SECOND, Now
from services.fetcher.frontier.tables import outcomes, submissions, visits
from shared.contracts.codec import value_of
from shared.contracts.enums import Fate
from shared.contracts.events import SubmissionRef, UrlOutcome
from shared.database import iso_us

# Of the submissions in one record: `outcomes` takes 1 MiB (deploy/topics.toml), the rest of a record has a few KiB.
MAX_SUBMISSIONS_BYTES = 900_000


async def write_outcomes(connection: AsyncConnection, at: int, visit_ids: Iterable[str]) -> None:
    """Answer all submissions of these visits, as of now: one record a visit, with its next revision.

    More submissions than a record takes are answered in several, each a revision of its own. Open visits, and
    those that nobody submitted (revisits), get none.
    """
    closed = await _closed(connection, visit_ids)
    await _put(connection, at, closed, await _submissions_of(connection, [row.visit_id for row in closed]))


async def answer_late(
    connection: AsyncConnection, at: int, late: Mapping[str, Sequence[SubmissionRef]]
) -> None:
    """Answer these submissions alone, which joined closed visits: who joined before has the same answer already, and
    a flood on one URL would otherwise cost the square of its length."""
    await _put(connection, at, await _closed(connection, late), late)


async def _closed(connection: AsyncConnection, visit_ids: Iterable[str]) -> Sequence[Row[Any]]:
    wanted = sorted(set(visit_ids))
    if not wanted:
        return ()
    return (
        await connection.execute(
            select(visits)
            .where(visits.c.visit_id.in_(wanted), visits.c.fate.is_not(None))
            .order_by(visits.c.visit_id)
            .with_for_update()
        )
    ).all()


async def _put(
    connection: AsyncConnection,
    at: int,
    closed: Sequence[Row[Any]],
    answers: Mapping[str, Sequence[SubmissionRef]],
) -> None:
    rows = [
        {
            "visit_id": row.visit_id,
            "revision": revision,
            "url_id": row.url_id,
            "body": value_of(_outcome(row, revision, part)).decode(),
            "at": at,
        }
        for row in closed
        for revision, part in enumerate(_parts(answers.get(row.visit_id, ())), row.revision + 1)
    ]
    if not rows:
        return
    await connection.execute(insert(outcomes), rows)
    await connection.execute(
        update(visits).where(visits.c.visit_id == bindparam("of")).values(revision=bindparam("next")),
        [{"of": visit, "next": last} for visit, last in {r["visit_id"]: r["revision"] for r in rows}.items()],
    )


async def _submissions_of(
    connection: AsyncConnection, visit_ids: list[str]
) -> dict[str, tuple[SubmissionRef, ...]]:
    found: defaultdict[str, list[SubmissionRef]] = defaultdict(list)
    rows = await connection.execute(
        select(submissions)
        .where(submissions.c.visit_id.in_(visit_ids))
        .order_by(submissions.c.at, submissions.c.submission_key)
    )
    for row in rows:
        found[row.visit_id].append(
            SubmissionRef(ref=row.ref, url=row.url, feed=row.feed, labels=json.loads(row.labels))
        )
    return {visit: tuple(refs) for visit, refs in found.items()}


def _parts(refs: Sequence[SubmissionRef]) -> Iterator[tuple[SubmissionRef, ...]]:
    """The submissions in their order, in as many parts as fit a record each; none for none."""
    part: list[SubmissionRef] = []
    size = 0
    for ref in refs:
        size += len(value_of(ref)) + 1
        if part and size > MAX_SUBMISSIONS_BYTES:
            yield tuple(part)
            part, size = [], len(value_of(ref)) + 1
        part.append(ref)
    if part:
        yield tuple(part)


def _outcome(row: Row[Any], revision: int, refs: tuple[SubmissionRef, ...]) -> UrlOutcome:
    return UrlOutcome(
        url_id=row.url_id,
        visit_id=row.visit_id,
        revision=revision,
        url=row.url,
        submissions=refs,
        fate=Fate(row.fate),
        code=row.code,
        hint=row.hint,
        attempt=row.attempt,
        article_id=row.article_id,
        version=row.version,
        claims=row.claims,
        observed_at=None if row.observed_at is None else iso_us(row.observed_at),
        decided_at=iso_us(row.closed_at),
    )


async def unsent_outcomes(connection: AsyncConnection, limit: int) -> list[UrlOutcome]:
    """The oldest outcomes that were not sent yet; a visit's revisions in order."""
    rows = await connection.execute(
        select(outcomes.c.body)
        .where(outcomes.c.sent_at.is_(None))
        .order_by(outcomes.c.at, outcomes.c.visit_id, outcomes.c.revision)
        .limit(limit)
    )
    return [UrlOutcome.model_validate_json(row.body) for row in rows]


async def oldest_unsent_seconds(connection: AsyncConnection, now: Now) -> float:
    """The age of the oldest outcome that waits for the relay; 0 without one."""
    waiting = select(now() - func.min(outcomes.c.at)).where(outcomes.c.sent_at.is_(None))
    return max(0, int(await connection.scalar(waiting) or 0)) / SECOND


async def mark_outcomes_sent(connection: AsyncConnection, now: Now, sent: Iterable[UrlOutcome]) -> None:
    """After the broker's acknowledgement."""
    await connection.execute(
        update(outcomes)
        .where(outcomes.c.visit_id == bindparam("of"), outcomes.c.revision == bindparam("number"))
        .values(sent_at=now()),
        [{"of": one.visit_id, "number": one.revision} for one in sent],
    )
