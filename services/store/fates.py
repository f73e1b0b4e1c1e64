"""What waiting visits are told: rows that say so, and the records on `fates`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import bindparam, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.store import models
from services.store.ledger.articles import Sighting
from services.store.ledger.decision import Told
from shared.contracts import codec
from shared.contracts.enums import Fate
from shared.contracts.events import VisitFate
from shared.contracts.record import Outgoing

_HINTS = {
    "gone": "The site answered 404 or 410 at two visits running. The claims are kept, marked article_gone.",
    "unprovable": "What the extractor says is not what its spans show; the store's log names the claim. "
    "Mend the extractor, raise its sequence, redrive the article to it.",
    "claim-too-large": "One claim is larger than a record of `claims` can be; the store's log names it.",
}


async def mark_told(connection: AsyncConnection, told: Sequence[Told]) -> None:
    if not told:
        return
    s = models.sighting.c
    await connection.execute(
        update(models.sighting)
        .where(
            s.article_id == bindparam("article"),
            s.version == bindparam("of"),
            s.visit_id == bindparam("visit"),
        )
        .values(told=bindparam("fate"), told_attempt=bindparam("in_attempt")),
        [
            {
                "article": one.sighting.article.article_id,
                "of": one.sighting.article.version,
                "visit": one.sighting.article.visit_id,
                "fate": one.fate.value,
                "in_attempt": one.sighting.attempt,
            }
            # In the order in which they were shelved: a batch that is shelved meanwhile waits, and never crosswise.
            for one in sorted(told, key=_key)
        ],
    )


def _key(told: Told) -> tuple[str, str, str]:
    article = told.sighting.article
    return article.article_id, article.version, article.visit_id


def fate_of(told: Told, claims: int | None, at: str) -> list[Outgoing]:
    """``claims``: how many the article has, where that is said; ``at``: the settlement's time."""
    return traced([codec.fates(_fate(told, claims, at))], told.sighting)


def _fate(told: Told, claims: int | None, at: str) -> VisitFate:
    article = told.sighting.article
    hint = _HINTS.get(told.code) if told.code else None
    if told.fate is Fate.DUPLICATE:
        hint = f"The article is stored under its own URL, {article.url}."
    return VisitFate(
        visit_id=article.visit_id,
        fate=told.fate,
        code=told.code,
        hint=hint,
        service="store",
        attempt=told.sighting.attempt,
        at=at,
        article_id=article.article_id,
        version=article.version or None,
        claims=claims,
    )


def traced(records: Sequence[Outgoing], because: Sighting | None) -> list[Outgoing]:
    """The trace of the visit that caused them, passed on untouched."""
    if because is None or because.traceparent is None:
        return list(records)
    header = ("traceparent", because.traceparent.encode())
    return [replace(record, headers=[*record.headers, header]) for record in records]
