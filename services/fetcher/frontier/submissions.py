"""Submissions into the frontier: each is recorded once, and opens a visit, joins one, or is undecodable."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.fetcher.frontier.fates import apply_fates
from services.fetcher.frontier.hosts import Work, announce
from services.fetcher.frontier.now import SECOND, Now, later_of
from services.fetcher.frontier.outcomes import answer_late
from services.fetcher.frontier.tables import submissions, visits
from services.fetcher.frontier.visits import QUEUED, UrlState, lock_urls, open_visits
from services.fetcher.opening import Opening, Submission
from shared.contracts.enums import Fate
from shared.contracts.events import SubmissionRef, VisitFate
from shared.database import iso_us, transact

JOIN_SECONDS = 3600  # who submits a page that was fetched within the last hour gets that visit's answer

OPENED = "opened"
JOINED = "joined"
UNDECODABLE = "undecodable"


@dataclass(slots=True)
class _Plan:
    """What one transaction will write."""

    opened: list[tuple[Opening, int]] = field(default_factory=list)
    refused: dict[int, tuple[str, str]] = field(default_factory=dict)  # index into `opened`
    records: list[tuple[Submission, str, str | int | None]] = field(default_factory=list)
    answered: dict[str, list[SubmissionRef]] = field(default_factory=dict)
    joined_open: list[tuple[str, Opening]] = field(default_factory=list)


async def record_submissions(
    engine: AsyncEngine, now: Now, epoch: int, batch: Sequence[Submission]
) -> dict[str, str]:
    """Record what is new of ``batch``, in one transaction; what is known already changes nothing.

    Returns for each submission key its result now: opened, joined or undecodable.
    """
    unique = {one.key: one for one in reversed(batch)}
    ordered = [one for one in batch if unique.pop(one.key, None) is not None]

    async def work(connection: AsyncConnection) -> dict[str, str]:
        return await _record(connection, now, epoch, ordered)

    try:
        return await transact(engine, work)
    except IntegrityError:
        # Another replica recorded one of them between our look and our insert; now we see it.
        return await transact(engine, work)


async def _record(
    connection: AsyncConnection, now: Now, epoch: int, batch: Sequence[Submission]
) -> dict[str, str]:
    wanted = {one.opening.url_id: one.opening.url for one in batch if one.opening is not None}
    states = await lock_urls(connection, wanted) if wanted else {}
    results = await _known(connection, batch)
    at = int(await connection.scalar(select(now())) or 0)
    plan = _Plan()
    again: list[str] = []
    for one in batch:
        known = results.get(one.key)
        if known is not None and (known != UNDECODABLE or one.opening is None):
            continue
        if known is not None:
            again.append(one.key)  # redriven to a release that can read it
        results[one.key] = _place(plan, states, at, one)
    if again:
        await connection.execute(delete(submissions).where(submissions.c.submission_key.in_(sorted(again))))
    await _write(connection, at, epoch, plan)
    return results


async def _known(connection: AsyncConnection, batch: Sequence[Submission]) -> dict[str, str]:
    rows = await connection.execute(
        select(submissions.c.submission_key, submissions.c.result).where(
            submissions.c.submission_key.in_(sorted(one.key for one in batch))
        )
    )
    return {row.submission_key: row.result for row in rows}


def _place(plan: _Plan, states: dict[str, UrlState], at: int, one: Submission) -> str:
    """Decide what a submission does and note it in ``plan``; ``states`` moves on with each visit that is opened."""
    if one.opening is None:
        plan.records.append((one, UNDECODABLE, None))
        return UNDECODABLE
    state = states[one.opening.url_id]
    fresh = state.observed_at is not None and state.observed_at > at - JOIN_SECONDS * SECOND
    is_open = state.visits > 0 and state.fate is None
    if (is_open or fresh) and not one.force:
        visit: str | int = (
            state.visit_id if state.visit_id is not None else _opened_here(plan, one.opening.url_id)
        )
        plan.records.append((one, JOINED, visit))
        if state.visit_id is not None and is_open:
            plan.joined_open.append((state.visit_id, one.opening))
        elif state.visit_id is not None:
            ref = SubmissionRef(ref=one.ref, url=one.url, feed=one.feed, labels=one.labels)
            plan.answered.setdefault(state.visit_id, []).append(ref)
        return JOINED
    number = state.visits + 1
    if one.refused is not None:
        plan.refused[len(plan.opened)] = one.refused
    plan.records.append((one, OPENED, len(plan.opened)))
    plan.opened.append((one.opening, number))
    fate = None if one.refused is None else Fate.REJECTED
    states[one.opening.url_id] = replace(state, visits=number, visit_id=None, fate=fate, observed_at=None)
    return OPENED


def _opened_here(plan: _Plan, url_id: str) -> int:
    """The index of the visit that this very transaction opens for the URL."""
    return max(index for index, (opening, _) in enumerate(plan.opened) if opening.url_id == url_id)


async def _write(connection: AsyncConnection, at: int, epoch: int, plan: _Plan) -> None:
    ids = await open_visits(connection, at, epoch, plan.opened)
    rows: list[dict[str, Any]] = [
        {
            "submission_key": one.key,
            "result": result,
            "visit_id": ids[visit] if isinstance(visit, int) else visit,
            "at": at,
            "url": one.url,
            "ref": one.ref,
            "ref_key": None if one.ref is None else ref_key(one.ref),
            "feed": one.feed,
            "labels": json.dumps(one.labels, sort_keys=True),
            "coordinates": one.coordinates,
            "code": one.code,
        }
        for one, result, visit in plan.records
    ]
    if rows:
        await connection.execute(
            insert(submissions), sorted(rows, key=lambda row: str(row["submission_key"]))
        )
    await _hasten(connection, plan.joined_open)
    if plan.refused:
        said = [
            VisitFate(
                visit_id=ids[index],
                fate=Fate.REJECTED,
                code=code,
                hint=hint,
                service="fetcher",
                at=iso_us(at),
            )
            for index, (code, hint) in sorted(plan.refused.items())
        ]
        await apply_fates(connection, at, said)
    await answer_late(connection, at, plan.answered)


async def _hasten(connection: AsyncConnection, joined: Iterable[tuple[str, Opening]]) -> None:
    """Who joins a visit that waits behind others makes it as urgent as its own would have been."""
    rows = [
        {"of": visit, "was_bulk": opening.bulk, "wanted": opening.priority}
        for visit, opening in sorted(joined, key=lambda pair: pair[0])
        if not opening.bulk or opening.priority > 0
    ]
    if not rows:
        return
    wanted: ColumnElement[int] = bindparam("wanted", type_=visits.c.rank.type)
    await connection.execute(
        update(visits)
        .where(visits.c.visit_id == bindparam("of"), visits.c.state == QUEUED)
        .values(
            bulk=and_(visits.c.bulk, bindparam("was_bulk", type_=visits.c.bulk.type)),
            priority=later_of(visits.c.priority, wanted),
            rank=later_of(visits.c.rank, wanted),
        ),
        rows,
    )
    waiting = await connection.execute(
        select(visits.c.host, visits.c.bulk, visits.c.due_at, visits.c.rank).where(
            visits.c.visit_id.in_([row["of"] for row in rows]), visits.c.state == QUEUED
        )
    )
    await announce(connection, [Work(*row) for row in waiting])


def ref_key(ref: str) -> str:
    """What a submitter's own id is found by: it has no length limit, an index row has."""
    return hashlib.sha256(ref.encode("utf-8", "replace")).hexdigest()
