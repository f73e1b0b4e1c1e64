"""Settling articles: the transaction in which ledgers move, their revisions are written, and the waiting visits are
told. Everything that it decides is decided by `ledger/`; here are the rows.

Several articles share a transaction, each under its own lock: what one costs is mostly its statements' way to the
database, and that is the same for all of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from services.store import extraction_rows, models, outbox, rows
from services.store.canary import forget
from services.store.dispatch import Dispatch, dispatch
from services.store.extraction_rows import OK, Extracted, ExtractionKey
from services.store.fates import fate_of, mark_told, traced
from services.store.intake import upsert
from services.store.ledger.articles import (
    Current,
    Extraction,
    ExtractionRank,
    LedgerClaim,
    Sighting,
    extraction_rank,
)
from services.store.ledger.decision import Decision, Told, decide, fates
from services.store.ledger.proof import fault
from services.store.ledger.revision import Stamp, revise
from services.store.ledger.routes import Route
from services.store.rows import Seen
from shared.contracts.canary import is_canary_article
from shared.contracts.enums import Fate
from shared.contracts.events import ClaimsExtracted
from shared.contracts.record import Outgoing
from shared.telemetry import logger

log = logger("store.settlement")


@dataclass(frozen=True)
class Terms:
    """What a settlement is made with: epoch and time of its revisions, and the routes."""

    stamp: Stamp
    routes: tuple[Route, ...] = ()


@dataclass(frozen=True)
class _Case:
    """One article: where its ledger stood, what was seen and extracted of it, and what follows."""

    before: Current | None
    seen: Seen
    extracted: Mapping[str, Extracted]
    decision: Decision

    @property
    def counts(self) -> tuple[Sighting, ExtractionRank] | None:
        """The page and its extraction with which the claims are to be aligned."""
        target = self.seen.target
        best = self.extracted[target.article.version].best if target else None
        return (target, best) if self.decision.cause is not None and target and best else None

    @property
    def because(self) -> Sighting | None:
        """What was seen that makes the ledger move."""
        return self.seen.target if self.decision.cause is not None else self.seen.gone


async def settle(connection: AsyncConnection, article_ids: Iterable[str], terms: Terms) -> None:
    """Run in one write transaction. Settling what is settled writes nothing."""
    before = await rows.lock(connection, article_ids)
    if not before:
        return
    proven = await _prove(connection, before)
    extracted = await extraction_rows.extracted(connection, before)
    cases = {
        article_id: _case(before[article_id], seen, extracted[article_id])
        for article_id, seen in (await rows.seen(connection, before)).items()
    }
    batches = await _revised(connection, cases, proven, terms)
    records: list[Outgoing] = []
    told: dict[str, list[Told]] = {}
    for article_id, case in cases.items():
        if article_id in batches and not is_canary_article(article_id):
            records += traced(batches[article_id].records, case.because)
        told[article_id] = _told(case)
        records += _fates(told[article_id], case, terms.stamp.at)
    await _write(connection, [b for key, b in batches.items() if not is_canary_article(key)])
    await rows.move(connection, _moved(cases))
    await mark_told(connection, [one for each in told.values() for one in each])
    for article_id in filter(is_canary_article, cases):
        await forget(connection, article_id, told[article_id])
    await outbox.put(connection, records)


async def _prove(
    connection: AsyncConnection, article_ids: Iterable[str]
) -> dict[ExtractionKey, ClaimsExtracted]:
    """Check extractions whose text is there now; what cannot be shown in the text never reaches the ledger. Those that
    were checked just now and are good."""
    proofs: dict[ExtractionKey, str] = {}
    proven: dict[ExtractionKey, ClaimsExtracted] = {}
    for unproven in await extraction_rows.unproven(connection, article_ids):
        extraction, page = unproven.extraction, unproven.page
        article_id, version = extraction.article_id, extraction.version
        if page is None:
            latest = await rows.any_sighting(connection, article_id, version)
            page = latest.article if latest else None
        key = (article_id, version, extraction_rank(extraction.extractor))
        found = fault(extraction.claims, unproven.text, page.title if page else None)
        proofs[key] = OK if found is None else found[0]
        if found is None:
            proven[key] = extraction
            continue
        log.error(
            "extraction cannot be proved",
            article_id=article_id,
            version=version,
            visit_id=extraction.visit_id,
            extractor=f"{extraction.extractor.name} {extraction.extractor.version}",
            code=found[0],
            detail=found[1],
        )
    await extraction_rows.set_proofs(connection, proofs)
    return proven


def _case(before: Current | None, seen: Seen, extracted: Mapping[str, Extracted]) -> _Case:
    best = extracted[seen.target.article.version].best if seen.target else None
    return _Case(before, seen, extracted, decide(before, seen.target, best, seen.gone))


async def _revised(
    connection: AsyncConnection,
    cases: Mapping[str, _Case],
    proven: Mapping[ExtractionKey, ClaimsExtracted],
    terms: Terms,
) -> dict[str, Dispatch]:
    """The revisions of each article whose ledger is to be written."""
    writing = {article_id: case for article_id, case in cases.items() if case.decision.writes}
    # A ledger that never stood anywhere has no claims.
    claims = await rows.claims(connection, [key for key, case in writing.items() if case.before is not None])
    keys: dict[str, ExtractionKey] = {}
    for article_id, case in writing.items():
        if case.counts is not None:
            target, best = case.counts
            keys[article_id] = (article_id, target.article.version, best)
    records = dict(proven)
    records |= await extraction_rows.extractions(connection, set(keys.values()) - records.keys())
    batches: dict[str, Dispatch] = {}
    for article_id, case in writing.items():
        extraction: Extraction | None = None
        if (key := keys.get(article_id)) is not None:
            record = records[key]
            extraction = Extraction(record.version, record.visit_id, record.extractor, record.claims)
        named = await _named(connection, case.seen.target, extraction)
        of_article = claims.get(article_id, [])
        written = revise(case.decision, of_article, named, extraction, terms.stamp)
        visit_id = case.because.article.visit_id if case.because else None
        batches[article_id] = dispatch(of_article, written, terms.routes, visit_id)
    return batches


async def _named(
    connection: AsyncConnection, target: Sighting | None, extraction: Extraction | None
) -> Sighting | None:
    """The page that new revisions name: the latest, unless it has another title than the page that the claims were
    extracted from. A claim of the headline must slice."""
    if target is None or extraction is None or target.article.visit_id == extraction.visit_id:
        return target
    article = target.article
    made_from = await rows.sighting_of(connection, article.article_id, article.version, extraction.visit_id)
    if made_from is not None and made_from.article.title != article.title:
        return made_from
    return target


def _told(case: _Case) -> list[Told]:
    target, extracted = case.seen.target, case.extracted
    return fates(
        case.decision,
        case.before,
        case.seen.waiting,
        own_stored=target is not None and target.own,
        extracted={version for version, known in extracted.items() if known.best is not None},
        unusable={version: known.fault for version, known in extracted.items() if known.fault is not None},
    )


def _fates(told: Sequence[Told], case: _Case, at: str) -> list[Outgoing]:
    records: list[Outgoing] = []
    for one in told:
        there = (
            case.extracted[one.sighting.article.version].claims
            if one.fate in (Fate.STORED, Fate.UNCHANGED)
            else None
        )
        records += fate_of(one, there, at)
    return records


def _moved(cases: Mapping[str, _Case]) -> dict[str, Current]:
    """The ledgers that stand elsewhere now; a canary's stands nowhere."""
    return {
        article_id: case.decision.current
        for article_id, case in cases.items()
        if case.decision.current is not None
        and case.decision.current != case.before
        and not is_canary_article(article_id)
    }


async def _write(connection: AsyncConnection, batches: Sequence[Dispatch]) -> None:
    """Claims and revisions, each sorted by its key."""
    newest = {claim.last.claim_id: claim for batch in batches for claim in batch.written}
    if not newest:
        return
    values = {key: value for batch in batches for key, value in batch.values.items()}
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
            for (c, e, r), (at, value) in sorted(values.items())
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
