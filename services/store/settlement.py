"""Settling one article: the transaction in which the ledger moves, its revisions are written, and the waiting
visits are told. Everything that it decides is decided by `ledger/`; here are the rows."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.store import models, outbox, rows
from services.store.dispatch import Dispatch, dispatch
from services.store.intake import upsert
from services.store.ledger.articles import Extraction, LedgerClaim, Sighting
from services.store.ledger.decision import Told, decide, fates
from services.store.ledger.proof import fault
from services.store.ledger.revision import Stamp, revise
from services.store.ledger.routes import Route
from shared.contracts import codec
from shared.contracts.enums import Fate
from shared.contracts.events import VisitFate
from shared.contracts.record import Outgoing
from shared.telemetry import logger

log = logger("store.settlement")

_HINTS = {
    "gone": "The site answered 404 or 410 at two visits running. The claims are kept, marked article_gone.",
    "unprovable": "What the extractor says is not what its spans show; the store's log names the claim. "
    "Mend the extractor, raise its sequence, redrive the article to it.",
    "claim-too-large": "One claim is larger than a record of `claims` can be; the store's log names it.",
}


@dataclass(frozen=True)
class Terms:
    """What a settlement is made with: epoch and time of its revisions, and the routes."""

    stamp: Stamp
    routes: tuple[Route, ...] = ()


async def settle(connection: AsyncConnection, article_id: str, terms: Terms) -> None:
    """Run in one write transaction. Settling what is settled writes nothing."""
    known, before = await rows.lock(connection, article_id)
    if not known:
        return
    await _prove(connection, article_id)
    waiting = await rows.waiting(connection, article_id)
    target = await rows.target(connection, article_id)
    gone = await rows.gone(connection, article_id)
    versions = [sighting.article.version for sighting in (*waiting, *([target] if target else []))]
    extracted = await rows.extracted(connection, article_id, versions)
    best = extracted[target.article.version].best if target else None
    decision = decide(before, target, best, gone)
    records: list[Outgoing] = []
    if decision.writes:
        claims = await rows.claims(connection, article_id)
        extraction: Extraction | None = None
        if decision.cause is not None and target is not None and best is not None:
            extraction = await rows.extraction(connection, article_id, target.article.version, best)
        named = await _named(connection, target, extraction)
        written = revise(decision, claims, named, extraction, terms.stamp)
        because = target if decision.cause is not None else gone
        batch = dispatch(claims, written, terms.routes, because.article.visit_id if because else None)
        await _write(connection, batch)
        records += _traced(batch.records, because)
    if decision.current is not None and decision.current != before:
        await rows.move(connection, article_id, decision.current)
    told = fates(
        decision,
        before,
        waiting,
        own_stored=target is not None and target.own,
        extracted={version for version, known in extracted.items() if known.best is not None},
        unusable={version: known.fault for version, known in extracted.items() if known.fault is not None},
    )
    for one in told:
        claims_there = extracted[one.sighting.article.version].claims if one.fate in _WITH_CLAIMS else None
        records += _traced([codec.fates(_fate(one, claims_there, terms.stamp.at))], one.sighting)
    await _mark_told(connection, told)
    await outbox.put(connection, records)


_WITH_CLAIMS = (Fate.STORED, Fate.UNCHANGED)


async def _prove(connection: AsyncConnection, article_id: str) -> None:
    """Check extractions whose text is there now; what cannot be shown in the text never reaches the ledger."""
    for unproven in await rows.unproven(connection, article_id):
        extraction = unproven.extraction
        made_from = await rows.sighting_of(
            connection, article_id, extraction.version, extraction.visit_id
        ) or await rows.any_sighting(connection, article_id, extraction.version)
        title = made_from.article.title if made_from else None
        found = fault(extraction.claims, unproven.text, title)
        if found is not None:
            log.error(
                "extraction cannot be proved",
                article=article_id,
                version=extraction.version,
                visit=extraction.visit_id,
                extractor=f"{extraction.extractor.name} {extraction.extractor.version}",
                code=found[0],
                detail=found[1],
            )
        await rows.set_proof(connection, extraction, rows.OK if found is None else found[0])


async def _named(
    connection: AsyncConnection, target: Sighting | None, extraction: Extraction | None
) -> Sighting | None:
    """The page that new revisions name: the latest, unless it has another title than the page that the claims were
    extracted from. A claim of the headline must slice."""
    if target is None or extraction is None:
        return target
    article = target.article
    made_from = await rows.sighting_of(connection, article.article_id, article.version, extraction.visit_id)
    if made_from is not None and made_from.article.title != article.title:
        return made_from
    return target


async def _write(connection: AsyncConnection, batch: Dispatch) -> None:
    """Claims and revisions, each sorted by its key."""
    if not batch.written:
        return
    newest = {claim.last.claim_id: claim for claim in batch.written}
    insert = upsert(connection, models.claim)
    await connection.execute(
        insert.on_conflict_do_update(
            index_elements=["claim_id"],
            set_={name: insert.excluded[name] for name in ("epoch", "revision", "live", "gone", "routes")},
        ),
        [_claim_row(newest[identity]) for identity in sorted(newest)],
    )
    await connection.execute(
        models.claim_revision.insert(),
        [
            {"claim_id": c, "epoch": e, "revision": r, "changed_at": at, "value": value}
            for (c, e, r), (at, value) in sorted(batch.values.items())
        ],
    )


def _claim_row(claim: LedgerClaim) -> dict[str, object]:
    return {
        "claim_id": claim.last.claim_id,
        "article_id": claim.last.article.id,
        "epoch": claim.last.epoch,
        "revision": claim.last.revision,
        "live": claim.live,
        "gone": claim.gone,
        "routes": json.dumps(claim.routes),
    }


async def _mark_told(connection: AsyncConnection, told: Sequence[Told]) -> None:
    s = models.sighting.c
    for one in told:
        article = one.sighting.article
        await connection.execute(
            update(models.sighting)
            .where(
                s.article_id == article.article_id,
                s.version == article.version,
                s.visit_id == article.visit_id,
            )
            .values(told=one.fate.value, told_attempt=one.sighting.attempt)
        )


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


def _traced(records: Sequence[Outgoing], because: Sighting | None) -> list[Outgoing]:
    """The trace of the visit that caused them, passed on untouched."""
    if because is None or because.traceparent is None:
        return list(records)
    header = ("traceparent", because.traceparent.encode())
    return [replace(record, headers=[*record.headers, header]) for record in records]
