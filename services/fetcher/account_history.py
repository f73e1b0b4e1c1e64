"""What became of a URL, and why: every visit with who asked for it and everything that was said of its end."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.fetcher.frontier.submissions import ref_key
from services.fetcher.frontier.tables import fates, hosts, submissions, visits
from services.fetcher.frontier.visits import QUEUED
from shared.contracts.canonical import UrlRefused, canonical_url
from shared.contracts.ids import refused_url_id, url_id
from shared.database import iso_us, read

VISITS_SHOWN = 50  # the last ones of a URL


@dataclass(frozen=True, slots=True)
class SubmissionLine:
    """A record of `urls` that this visit answers."""

    result: str
    at: str
    url: str
    ref: str | None
    feed: str | None
    coordinates: str


@dataclass(frozen=True, slots=True)
class FateLine:
    """Something that was said of the visit's end. ``counted``: it changed the visit's fate when it came."""

    at: str
    service: str
    fate: str
    code: str | None
    hint: str | None
    attempt: int
    counted: bool


@dataclass(frozen=True, slots=True)
class VisitHistory:
    """One visit. Times as in our records; ``fate`` None: open. ``where`` says in a sentence where it is and why."""

    visit_id: str
    url_id: str
    url: str
    number: int
    origin: str
    where: str
    opened_at: str
    observed_at: str | None
    sent_at: str | None
    closed_at: str | None
    status: int | None
    final_url: str | None
    fate: str | None
    code: str | None
    hint: str | None
    service: str | None
    attempt: int
    article_id: str | None
    version: str | None
    claims: int | None
    submissions: tuple[SubmissionLine, ...] = ()
    said: tuple[FateLine, ...] = ()


async def fate_of(engine: AsyncEngine, target: str) -> list[VisitHistory]:
    """The visits that ``target`` means, the oldest first: a URL (or text that was submitted as one), a submitter's
    ref, a visit id, a URL id or a file's ``urn:sha256:…``. Empty: the account knows nothing of it."""
    async with read(engine) as connection:
        by_ref = select(submissions.c.visit_id).where(submissions.c.ref_key == ref_key(target))
        found = (
            await connection.execute(
                select(visits, hosts.c.next_at, hosts.c.failures)
                .outerjoin(hosts, hosts.c.host == visits.c.host)
                .where(
                    or_(
                        visits.c.url_id.in_(url_ids(target)),
                        visits.c.visit_id == target,
                        visits.c.visit_id.in_(by_ref),
                    )
                )
                .order_by(visits.c.opened_at.desc(), visits.c.number.desc())
                .limit(VISITS_SHOWN)
            )
        ).all()
        ids = [row.visit_id for row in found]
        asked = await _asked(connection, ids)
        said = await _said(connection, ids)
    return [_history(row, asked[row.visit_id], said[row.visit_id]) for row in reversed(found)]


def url_ids(target: str) -> list[str]:
    """The ids under which a URL, a refused text, a file's urn or a URL id may stand in the account."""
    ids = [target, url_id(target), refused_url_id(target)]
    try:
        ids.append(url_id(canonical_url(target)))
    except UrlRefused:
        pass  # then it was opened under the id of its text
    return ids


async def _asked(connection: AsyncConnection, ids: list[str]) -> dict[str, tuple[SubmissionLine, ...]]:
    found: defaultdict[str, tuple[SubmissionLine, ...]] = defaultdict(tuple)
    rows = await connection.execute(
        select(submissions).where(submissions.c.visit_id.in_(ids)).order_by(submissions.c.at)
    )
    for row in rows:
        line = SubmissionLine(row.result, iso_us(row.at), row.url, row.ref, row.feed, row.coordinates)
        found[row.visit_id] += (line,)
    return found


async def _said(connection: AsyncConnection, ids: list[str]) -> dict[str, tuple[FateLine, ...]]:
    found: defaultdict[str, tuple[FateLine, ...]] = defaultdict(tuple)
    rows = await connection.execute(select(fates).where(fates.c.visit_id.in_(ids)).order_by(fates.c.at))
    for row in rows:
        line = FateLine(iso_us(row.at), row.service, row.fate, row.code, row.hint, row.attempt, row.counted)
        found[row.visit_id] += (line,)
    return found


def _history(row: Any, asked: tuple[SubmissionLine, ...], said: tuple[FateLine, ...]) -> VisitHistory:
    return VisitHistory(
        visit_id=row.visit_id,
        url_id=row.url_id,
        url=row.url,
        number=row.number,
        origin=row.origin,
        where=_where(row),
        opened_at=iso_us(row.opened_at),
        observed_at=_time(row.observed_at),
        sent_at=_time(row.sent_at),
        closed_at=_time(row.closed_at),
        status=row.status,
        final_url=row.final_url,
        fate=row.fate,
        code=row.code,
        hint=row.hint,
        service=row.service,
        attempt=row.attempt,
        article_id=row.article_id,
        version=row.version,
        claims=row.claims,
        submissions=asked,
        said=said,
    )


def _time(moment: int | None) -> str | None:
    return None if moment is None else iso_us(moment)


def _where(row: Any) -> str:
    if row.fate is not None:
        code = f" ({row.code})" if row.code else ""
        return f"{row.fate}{code}, said by the {row.service} at {iso_us(row.closed_at)}"
    if row.state != QUEUED:
        return f"on its way: sent to `pages` at {iso_us(row.sent_at)}, and no service has said its fate yet"
    due = iso_us(max(row.due_at, row.next_at or 0))
    tries = f" after {row.tries} tries without an answer" if row.tries else ""
    hops = f", for {row.next_url}" if row.next_url != row.url else ""
    away = f"; the host has not answered {row.failures} times in a row" if row.failures else ""
    return f"queued for {row.host}{hops}, not before {due}{tries}{away}"
