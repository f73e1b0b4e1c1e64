"""Rows of one article read as what the ledger's rules speak of."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, desc, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.store import models
from services.store.ledger.articles import (
    Current,
    Extraction,
    ExtractionRank,
    LedgerClaim,
    Rank,
    Sighting,
)
from shared.contracts.enums import ArticleState, Fate
from shared.contracts.events import ArticleCleaned, ClaimChanged, ClaimsExtracted

OK = "ok"

_a, _s, _e, _v = (
    models.article.c,
    models.sighting.c,
    models.extraction.c,
    models.article_version.c,
)
_SIGHTING = (_s.record, _s.observed_at, _s.own, _s.attempt, _s.told, _s.told_attempt, _s.traceparent)


async def lock(connection: AsyncConnection, article_id: str) -> tuple[bool, Current | None]:
    """Lock the article's row until the transaction ends; whether there is one, and where its ledger stands.

    On SQLite the write transaction is the lock.
    """
    found = (
        await connection.execute(select(models.article).where(_a.article_id == article_id).with_for_update())
    ).one_or_none()
    if found is None:
        return False, None
    if found.current_version is None:
        return True, None
    rank = Rank(found.current_own, found.current_observed_at, found.current_version)
    extraction = ExtractionRank(
        found.extraction_sequence, found.extraction_version, found.extraction_name, found.extraction_model
    )
    return True, Current(rank, extraction, found.gone)


async def move(connection: AsyncConnection, article_id: str, current: Current) -> None:
    """Write where the ledger stands now."""
    await connection.execute(
        update(models.article)
        .where(_a.article_id == article_id)
        .values(
            current_own=current.rank.own,
            current_observed_at=current.rank.observed_at,
            current_version=current.rank.version,
            extraction_sequence=current.extraction.sequence,
            extraction_version=current.extraction.version,
            extraction_name=current.extraction.name,
            extraction_model=current.extraction.model,
            gone=current.gone,
        )
    )


async def target(connection: AsyncConnection, article_id: str) -> Sighting | None:
    """The highest-ranked page of which text and a good extraction are there."""
    extracted = exists().where(_e.article_id == _s.article_id, _e.version == _s.version, _e.proof == OK)
    return await _first(
        connection,
        select(*_SIGHTING)
        .where(_s.article_id == article_id, _s.state == ArticleState.CURRENT.value, extracted)
        .order_by(desc(_s.own), desc(_s.observed_at), desc(_s.version), desc(_s.visit_id)),
    )


async def gone(connection: AsyncConnection, article_id: str) -> Sighting | None:
    """The last time that the article's own URL found it gone."""
    return await _first(
        connection,
        select(*_SIGHTING)
        .where(_s.article_id == article_id, _s.state == ArticleState.GONE.value, _s.own.is_(True))
        .order_by(desc(_s.observed_at), desc(_s.visit_id)),
    )


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


async def waiting(connection: AsyncConnection, article_id: str) -> list[Sighting]:
    """The pages whose fate in their latest attempt was not told, and the dead ones, which may be cured."""
    rows = await connection.execute(
        select(*_SIGHTING)
        .where(
            _s.article_id == article_id,
            or_(_s.told_attempt < _s.attempt, _s.told == Fate.DEAD.value),
        )
        .order_by(_s.observed_at, _s.version, _s.visit_id)
    )
    return [_sighting(row) for row in rows]


@dataclass(frozen=True)
class Extracted:
    """What is known of a version's extractions: the good one that counts (its row's key), or why there is none."""

    best: ExtractionRank | None
    claims: int
    fault: str | None


async def extracted(
    connection: AsyncConnection, article_id: str, versions: Sequence[str]
) -> dict[str, Extracted]:
    """By version; those without any checked extraction are left out."""
    rows = await connection.execute(
        select(
            _e.version, _e.sequence, _e.extractor_version, _e.extractor_name, _e.model, _e.claims, _e.proof
        ).where(_e.article_id == article_id, _e.version.in_(sorted(set(versions))), _e.proof.is_not(None))
    )
    found: dict[str, Extracted] = {}
    for row in rows:
        known = found.get(row.version)
        if row.proof != OK:
            found.setdefault(row.version, Extracted(None, 0, row.proof))
            continue
        # Here and not by ORDER BY: a database's collation would order versions in its own way.
        rank = ExtractionRank(row.sequence, row.extractor_version, row.extractor_name, row.model)
        if known is None or known.best is None or rank > known.best:
            found[row.version] = Extracted(rank, row.claims, None)
    return found


async def extraction(
    connection: AsyncConnection, article_id: str, version: str, rank: ExtractionRank
) -> Extraction:
    """The extraction with that rank."""
    found = await connection.execute(
        select(_e.record).where(
            _e.article_id == article_id,
            _e.version == version,
            _e.sequence == rank.sequence,
            _e.extractor_version == rank.version,
            _e.extractor_name == rank.name,
            _e.model == rank.model,
        )
    )
    record = ClaimsExtracted.model_validate_json(found.scalar_one())
    return Extraction(record.version, record.visit_id, record.extractor, record.claims)


@dataclass(frozen=True)
class Unproven:
    """An extraction that was not checked against its text yet."""

    extraction: ClaimsExtracted
    text: str


async def unproven(connection: AsyncConnection, article_id: str) -> list[Unproven]:
    rows = await connection.execute(
        select(_e.record, _v.text)
        .join_from(
            models.extraction,
            models.article_version,
            and_(_e.article_id == _v.article_id, _e.version == _v.version),
        )
        .where(_e.article_id == article_id, _e.proof.is_(None))
    )
    return [Unproven(ClaimsExtracted.model_validate_json(row.record), row.text) for row in rows]


async def set_proof(connection: AsyncConnection, checked: ClaimsExtracted, proof: str) -> None:
    by = checked.extractor
    await connection.execute(
        update(models.extraction)
        .where(
            _e.article_id == checked.article_id,
            _e.version == checked.version,
            _e.sequence == by.sequence,
            _e.extractor_version == by.version,
            _e.extractor_name == by.name,
            _e.model == by.model,
        )
        .values(proof=proof)
    )


async def claims(connection: AsyncConnection, article_id: str) -> list[LedgerClaim]:
    """All claims of the article, withdrawn ones too, as their last revisions say."""
    c, r = models.claim.c, models.claim_revision.c
    rows = await connection.execute(
        select(r.value, c.live, c.gone, c.routes)
        .join_from(
            models.claim,
            models.claim_revision,
            and_(c.claim_id == r.claim_id, c.epoch == r.epoch, c.revision == r.revision),
        )
        .where(c.article_id == article_id)
        .order_by(c.claim_id)
    )
    return [
        LedgerClaim(
            ClaimChanged.model_validate_json(row.value), row.live, row.gone, tuple(json.loads(row.routes))
        )
        for row in rows
    ]


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
