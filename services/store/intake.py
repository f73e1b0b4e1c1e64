"""Records into rows, each side by itself: an extraction may come before its article, and either more than once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Table, case, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from services.store import models
from services.store.handler import Received
from shared.contracts.enums import ArticleState
from shared.contracts.events import ArticleCleaned, ClaimsExtracted
from shared.contracts.ids import article_id

Insert = postgresql.Insert | sqlite.Insert


async def shelve_articles(connection: AsyncConnection, received: Sequence[Received[ArticleCleaned]]) -> None:
    """Upsert articles, texts and sightings, in the order of their keys (two batches then never deadlock).

    Of a text that comes twice in one visit the later time and the higher attempt count; its record stays the
    first, since claims may name that page already. A later time says that the visit was fetched again, because its
    end was never heard of: it is told once more. A redelivery has the same time and is not.
    """
    merged: dict[tuple[str, str, str], dict[str, Any]] = {}
    for one in received:
        row = _sighting_row(one)
        known = merged.setdefault((row["article_id"], row["version"], row["visit_id"]), row)
        known["attempt"] = max(known["attempt"], row["attempt"])
        known["observed_at"] = max(known["observed_at"], row["observed_at"])
    ordered = [row for _, row in sorted(merged.items())]
    await _insert_articles(connection, (row["article_id"] for row in ordered))
    texts = {
        (a.article_id, a.version): a.text
        for a in (one.value for one in received)
        if a.state is ArticleState.CURRENT
    }
    rows = [{"article_id": a, "version": v, "text": text} for (a, v), text in sorted(texts.items())]
    await _ignore_known(connection, models.article_version, rows)
    insert = upsert(connection, models.sighting)
    new, old = insert.excluded, models.sighting.c
    statement = insert.on_conflict_do_update(
        index_elements=["article_id", "version", "visit_id"],
        set_={
            "attempt": case((new.attempt > old.attempt, new.attempt), else_=old.attempt),
            "observed_at": case((new.observed_at > old.observed_at, new.observed_at), else_=old.observed_at),
            "told_attempt": case((new.observed_at > old.observed_at, 0), else_=old.told_attempt),
        },
    )
    if ordered:
        await connection.execute(statement, ordered)


async def shelve_extractions(
    connection: AsyncConnection, received: Sequence[Received[ClaimsExtracted]]
) -> None:
    """Upsert extractions, in the order of their keys. The first of one extractor for one version is kept: another
    visit's extraction of the same text says the same."""
    merged: dict[tuple[str | int, ...], dict[str, Any]] = {}
    for one in received:
        row = _extraction_row(one.value)
        merged.setdefault(tuple(row[name] for name in _EXTRACTION_KEY), row)
    ordered = [row for _, row in sorted(merged.items())]
    await _insert_articles(connection, (row["article_id"] for row in ordered))
    await _ignore_known(connection, models.extraction, ordered)
    redriven = sorted(
        (one.value.article_id, one.value.version, one.value.visit_id, one.attempt)
        for one in received
        if one.attempt > 1
    )
    for article, version, visit, attempt in redriven:
        s = models.sighting.c
        await connection.execute(
            update(models.sighting)
            .where(s.article_id == article, s.version == version, s.visit_id == visit, s.attempt < attempt)
            .values(attempt=attempt)
        )


_EXTRACTION_KEY = ("article_id", "version", "sequence", "extractor_version", "extractor_name", "model")


def _sighting_row(one: Received[ArticleCleaned]) -> dict[str, Any]:
    article = one.value
    return {
        "article_id": article.article_id,
        "version": article.version,
        "visit_id": article.visit_id,
        "state": article.state.value,
        "own": article_id(article.final_url) == article.article_id,
        "observed_at": article.observed_at,
        "attempt": one.attempt,
        "traceparent": one.traceparent,
        "record": article.model_copy(update={"text": ""}).model_dump_json(),
    }


def _extraction_row(extraction: ClaimsExtracted) -> dict[str, Any]:
    return {
        "article_id": extraction.article_id,
        "version": extraction.version,
        "sequence": extraction.extractor.sequence,
        "extractor_version": extraction.extractor.version,
        "extractor_name": extraction.extractor.name,
        "model": extraction.extractor.model,
        "visit_id": extraction.visit_id,
        "claims": len(extraction.claims),
        "record": extraction.model_dump_json(),
    }


async def _insert_articles(connection: AsyncConnection, ids: Iterable[str]) -> None:
    rows = [{"article_id": identity} for identity in sorted(set(ids))]
    await _ignore_known(connection, models.article, rows)


async def _ignore_known(connection: AsyncConnection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        await connection.execute(upsert(connection, table).on_conflict_do_nothing(), list(rows))


def upsert(connection: AsyncConnection, table: Table) -> Insert:
    """Only the dialects' own INSERT knows ON CONFLICT."""
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)
