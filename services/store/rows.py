"""Rows of articles read as what the ledger's rules speak of: of all articles of one settlement at once, since what a
statement costs is its way to the database and back, not its rows."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import and_, bindparam, desc, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.store import models
from services.store.extraction_rows import OK
from services.store.ledger.articles import (
    Current,
    ExtractionRank,
    LedgerClaim,
    Rank,
    Sighting,
)
from services.store.shapes import filled
from shared.contracts.enums import ArticleState, Fate
from shared.contracts.events import ArticleCleaned, ClaimChanged

_a, _s, _e = models.article.c, models.sighting.c, models.extraction.c
_KEY = (_s.article_id, _s.version, _s.visit_id)
_SIGHTING = (_s.record, _s.observed_at, _s.own, _s.attempt, _s.told, _s.told_attempt, _s.traceparent)


async def lock(connection: AsyncConnection, article_ids: Iterable[str]) -> dict[str, Current | None]:
    """Lock these articles' rows until the transaction ends, in the order of their ids, as everybody does. Where the
    ledger of each stands, by id; those that nobody has heard of are left out.

    On SQLite the write transaction is the lock.
    """
    found = await connection.execute(
        select(models.article)
        .where(_a.article_id.in_(filled(article_ids)))
        .order_by(_a.article_id)
        .with_for_update()
    )
    return {row.article_id: _current(row) for row in found}


def _current(row: Any) -> Current | None:
    if row.current_version is None:
        return None
    rank = Rank(row.current_own, row.current_observed_at, row.current_version)
    extraction = ExtractionRank(
        row.extraction_sequence, row.extraction_version, row.extraction_name, row.extraction_model
    )
    return Current(rank, extraction, row.gone)


async def move(connection: AsyncConnection, moved: dict[str, Current]) -> None:
    """Write where the ledgers of these articles stand now."""
    if not moved:
        return
    names = (
        "current_own",
        "current_observed_at",
        "current_version",
        "extraction_sequence",
        "extraction_version",
        "extraction_name",
        "extraction_model",
        "gone",
    )
    await connection.execute(
        update(models.article)
        .where(_a.article_id == bindparam("of"))
        .values({name: bindparam(f"new_{name}") for name in names}),
        [
            {"of": article_id}
            | {
                f"new_{name}": value
                for name, value in zip(names, (*stands.rank, *stands.extraction, stands.gone), strict=True)
            }
            for article_id, stands in sorted(moved.items())
        ],
    )


@dataclass
class Seen:
    """What was seen of an article. ``target``: the highest-ranked page of which text and a good extraction are there;
    ``gone``: the last time that the article's own URL found it gone; ``waiting``: the pages whose fate in their
    latest attempt was not told, and the dead ones, which may be cured."""

    target: Sighting | None = None
    gone: Sighting | None = None
    waiting: list[Sighting] = field(default_factory=list)


async def seen(connection: AsyncConnection, article_ids: Iterable[str]) -> dict[str, Seen]:
    """By article; those of which no page was seen have empty ones."""
    ids = sorted(set(article_ids))
    extracted = exists().where(_e.article_id == _s.article_id, _e.version == _s.version, _e.proof == OK)
    one = (
        select(
            *_KEY,
            _s.state,
            _s.own,
            _s.observed_at,
            or_(_s.told_attempt < _s.attempt, _s.told == Fate.DEAD.value).label("waits"),
            or_(
                and_(_s.state == ArticleState.CURRENT.value, extracted),
                and_(_s.state == ArticleState.GONE.value, _s.own.is_(True)),
            ).label("counts"),
        )
        .where(_s.article_id.in_(filled(ids)))
        .subquery()
    )
    highest_first = (desc(one.c.own), desc(one.c.observed_at), desc(one.c.version), desc(one.c.visit_id))
    place = func.row_number().over(
        partition_by=(one.c.article_id, one.c.state, one.c.counts), order_by=highest_first
    )
    ranked = select(one, place.label("place")).subquery()
    leads = and_(ranked.c.counts, ranked.c.place == 1)
    rows = await connection.execute(
        select(_s.article_id, _s.state, *_SIGHTING, ranked.c.waits, leads.label("leads"))
        .join_from(ranked, models.sighting, and_(*(ranked.c[column.name] == column for column in _KEY)))
        .where(or_(ranked.c.waits, leads))
        .order_by(_s.observed_at, _s.version, _s.visit_id)
    )
    found = {article_id: Seen() for article_id in ids}
    for row in rows:
        sighting, of = _sighting(row), found[row.article_id]
        if row.waits:
            of.waiting.append(sighting)
        if row.leads and row.state == ArticleState.CURRENT.value:
            of.target = sighting
        elif row.leads:
            of.gone = sighting
    return found


async def sighting_of(
    connection: AsyncConnection, article_id: str, version: str, visit_id: str
) -> Sighting | None:
    return await _first(
        connection,
        select(*_SIGHTING).where(_s.article_id == article_id, _s.version == version, _s.visit_id == visit_id),
    )


async def any_sighting(connection: AsyncConnection, article_id: str, version: str) -> Sighting | None:
    """The latest page with that text."""
    return await _first(
        connection,
        select(*_SIGHTING)
        .where(_s.article_id == article_id, _s.version == version)
        .order_by(desc(_s.observed_at), desc(_s.visit_id)),
    )


async def claims(connection: AsyncConnection, article_ids: Iterable[str]) -> dict[str, list[LedgerClaim]]:
    """All claims of each article, withdrawn ones too, as their last revisions say."""
    ids = sorted(set(article_ids))
    found: dict[str, list[LedgerClaim]] = {article_id: [] for article_id in ids}
    if not ids:
        return found
    c, r = models.claim.c, models.claim_revision.c
    rows = await connection.execute(
        select(c.article_id, r.value, c.live, c.gone, c.routes)
        .join_from(
            models.claim,
            models.claim_revision,
            and_(c.claim_id == r.claim_id, c.epoch == r.epoch, c.revision == r.revision),
        )
        .where(c.article_id.in_(filled(ids)))
        .order_by(c.claim_id)
    )
    for row in rows:
        last = ClaimChanged.model_validate_json(row.value)
        found[row.article_id].append(LedgerClaim(last, row.live, row.gone, tuple(json.loads(row.routes))))
    return found


async def _first(connection: AsyncConnection, statement: Any) -> Sighting | None:
    row = (await connection.execute(statement.limit(1))).one_or_none()
    return None if row is None else _sighting(row)


def _sighting(row: Any) -> Sighting:
    return Sighting(
        ArticleCleaned.model_validate_json(row.record),
        row.observed_at,
        row.own,
        row.attempt,
        row.told_attempt,
        None if row.told is None else Fate(row.told),
        row.traceparent,
    )
