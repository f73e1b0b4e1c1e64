"""Rows of extractions: what the extractors said of the versions of articles, and whether it could be proved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import and_, bindparam, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.store import models
from services.store.ledger.articles import ExtractionRank
from services.store.shapes import filled
from shared.contracts.events import ArticleCleaned, ClaimsExtracted

OK = "ok"
ExtractionKey = tuple[str, str, ExtractionRank]  # article, version, extractor

_e, _v, _s = models.extraction.c, models.article_version.c, models.sighting.c
_RANK = (_e.sequence, _e.extractor_version, _e.extractor_name, _e.model)


@dataclass(frozen=True)
class Extracted:
    """What is known of a version's extractions: the good one that counts (its row's key), or why there is none."""

    best: ExtractionRank | None
    claims: int
    fault: str | None


async def extracted(
    connection: AsyncConnection, article_ids: Iterable[str]
) -> dict[str, dict[str, Extracted]]:
    """By article and version; versions without any checked extraction are left out."""
    ids = sorted(set(article_ids))
    rows = await connection.execute(
        select(_e.article_id, _e.version, *_RANK, _e.claims, _e.proof).where(
            _e.article_id.in_(filled(ids)), _e.proof.is_not(None)
        )
    )
    found: dict[str, dict[str, Extracted]] = {article_id: {} for article_id in ids}
    for row in rows:
        of = found[row.article_id]
        known = of.get(row.version)
        if row.proof != OK:
            of.setdefault(row.version, Extracted(None, 0, row.proof))
            continue
        # Here and not by ORDER BY: a database's collation would order versions in its own way.
        rank = ExtractionRank(row.sequence, row.extractor_version, row.extractor_name, row.model)
        if known is None or known.best is None or rank > known.best:
            of[row.version] = Extracted(rank, row.claims, None)
    return found


async def extractions(
    connection: AsyncConnection, keys: Iterable[ExtractionKey]
) -> dict[ExtractionKey, ClaimsExtracted]:
    """The records with these keys."""
    wanted = sorted(set(keys))
    if not wanted:
        return {}
    rows = await connection.execute(
        select(_e.article_id, _e.version, *_RANK, _e.record).where(
            tuple_(_e.article_id, _e.version, *_RANK).in_(
                filled((article_id, version, *rank) for article_id, version, rank in wanted)
            )
        )
    )
    return {
        (row.article_id, row.version, ExtractionRank(*row[2:6])): ClaimsExtracted.model_validate_json(
            row.record
        )
        for row in rows
    }


@dataclass(frozen=True)
class Unproven:
    """An extraction that was not checked against its text yet; ``page``: what it was made from, if it is there."""

    extraction: ClaimsExtracted
    text: str
    page: ArticleCleaned | None


async def unproven(connection: AsyncConnection, article_ids: Iterable[str]) -> list[Unproven]:
    rows = await connection.execute(
        select(_e.record, _v.text, _s.record.label("page"))
        .join_from(
            models.extraction,
            models.article_version,
            and_(_e.article_id == _v.article_id, _e.version == _v.version),
        )
        .outerjoin(
            models.sighting,
            and_(_s.article_id == _e.article_id, _s.version == _e.version, _s.visit_id == _e.visit_id),
        )
        .where(_e.article_id.in_(filled(article_ids)), _e.proof.is_(None))
        .order_by(_e.article_id, _e.version, *_RANK)
    )
    return [
        Unproven(
            ClaimsExtracted.model_validate_json(row.record),
            row.text,
            None if row.page is None else ArticleCleaned.model_validate_json(row.page),
        )
        for row in rows
    ]


async def set_proofs(connection: AsyncConnection, proofs: dict[ExtractionKey, str]) -> None:
    """What came of checking each."""
    if not proofs:
        return
    key = (_e.article_id, _e.version, *_RANK)
    await connection.execute(
        update(models.extraction)
        .where(*(column == bindparam(f"of_{column.name}") for column in key))
        .values(proof=bindparam("found")),
        [
            {f"of_{c.name}": value for c, value in zip(key, (article_id, version, *rank), strict=True)}
            | {"found": proof}
            for (article_id, version, rank), proof in sorted(proofs.items())
        ],
    )
