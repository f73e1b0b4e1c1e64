"""From a decision to revisions: what each claim of the article is told to have become. Pure.

Nothing here reads a clock or draws an id, so the same state gives the same records.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from services.store.ledger.alignment import Alignment, Statement, align
from services.store.ledger.articles import Extraction, LedgerClaim, Sighting
from services.store.ledger.comparison import changed_fields
from services.store.ledger.decision import Decision
from shared.contracts.enums import Cause, Change
from shared.contracts.events import ArticleRef, ClaimBody, ClaimChanged, ExtractedClaim
from shared.contracts.ids import claim_id
from shared.contracts.parts import ExtractorIdentity, Relation

# What an amendment names as changed when only the article's being there changed (gone, or back).
ARTICLE_FIELD = "article"


@dataclass(frozen=True)
class Stamp:
    """What all revisions of one settlement share. ``at``: when it is written (RFC 3339)."""

    epoch: int
    at: str


def revise(
    decision: Decision,
    claims: Sequence[LedgerClaim],
    target: Sighting | None,
    extraction: Extraction | None,
    stamp: Stamp,
) -> list[LedgerClaim]:
    """The revisions in the order in which they are sent: live claims by their place in the text, then withdrawn
    ones, then the marks of an article that is gone. Each is the claim's state after it.

    ``claims``: all of the article, withdrawn ones too. ``target``: the sighting that new revisions name.
    """
    written: list[LedgerClaim] = []
    if decision.cause is not None and target is not None and extraction is not None:
        written = _aligned(decision, decision.cause, claims, target, extraction, stamp)
    if decision.mark_gone:
        newest = {claim.last.claim_id: claim for claim in (*claims, *written)}
        for claim in sorted(newest.values(), key=_place):
            if claim.live and not claim.gone:
                marked = _next(
                    claim.last,
                    stamp,
                    change=Change.AMENDED,
                    cause=Cause.ARTICLE_GONE,
                    changed=(ARTICLE_FIELD,),
                )
                written.append(replace(claim, last=marked, gone=True))
    return written


def _aligned(
    decision: Decision,
    cause: Cause,
    claims: Sequence[LedgerClaim],
    target: Sighting,
    extraction: Extraction,
    stamp: Stamp,
) -> list[LedgerClaim]:
    old = sorted((claim for claim in claims if claim.live), key=_place)
    withdrawn = sorted((claim for claim in claims if not claim.live), key=_place)
    new = sorted(extraction.claims, key=lambda claim: claim.n)
    alignment = align(
        [_statement(claim.last) for claim in old],
        [_statement(claim) for claim in new],
        [_statement(claim.last) for claim in withdrawn],
    )
    ids = _ids(target.article.article_id, claims, old, withdrawn, new, alignment)
    by_n = {claim.n: ids[index] for index, claim in enumerate(new)}
    ref = _reference(target, len(new))
    labels = target.article.labels
    written: list[LedgerClaim] = []
    for index, extracted in enumerate(new):
        claim = _claim(extracted, ids[index], by_n, ref, extraction.extractor, labels, stamp)
        if index in alignment.matched:
            before = old[alignment.matched[index]]
            changed = changed_fields(before.last, before.last.relations, claim, claim.relations)
            if decision.back:
                changed = (*changed, ARTICLE_FIELD)
            if not changed:
                continue
            claim = _successor(before, claim, change=Change.AMENDED, cause=cause, changed=changed)
            written.append(replace(before, last=claim, gone=False))
            continue
        counterpart = alignment.near.get(index)
        replaces = None if counterpart is None else old[counterpart].last.claim_id
        if index in alignment.returned:
            before = withdrawn[alignment.returned[index]]
            claim = _successor(before, claim, change=Change.ASSERTED, cause=cause, replaces=replaces)
            written.append(replace(before, last=claim, live=True, gone=False))
        else:
            claim = claim.model_copy(update={"cause": cause, "replaces": replaces})
            written.append(LedgerClaim(claim, live=True, gone=False))
    replaced_by = {o: ids[n] for n, o in alignment.near.items()}
    kept = set(alignment.matched.values())
    for index, before in enumerate(old):
        if index not in kept:
            claim = _next(
                before.last, stamp, change=Change.WITHDRAWN, cause=cause, replaced_by=replaced_by.get(index)
            )
            written.append(replace(before, last=claim, live=False, gone=False))
    return written


def _ids(
    article: str,
    claims: Sequence[LedgerClaim],
    old: Sequence[LedgerClaim],
    withdrawn: Sequence[LedgerClaim],
    new: Sequence[ExtractedClaim],
    alignment: Alignment,
) -> list[str]:
    """The claim id of each new claim. Occurrence: the smallest whose id this ledger has never given out."""
    given_out = {claim.last.claim_id for claim in claims}
    ids: list[str] = []
    for index, extracted in enumerate(new):
        if index in alignment.matched:
            found = old[alignment.matched[index]].last.claim_id
        elif index in alignment.returned:
            found = withdrawn[alignment.returned[index]].last.claim_id
        else:
            source = None if extracted.source is None else extracted.source.text
            occurrence = 0
            while (found := claim_id(article, source, extracted.content.text, occurrence)) in given_out:
                occurrence += 1
            given_out.add(found)
        ids.append(found)
    return ids


def _claim(
    extracted: ExtractedClaim,
    identity: str,
    by_n: Mapping[int, str],
    ref: ArticleRef,
    extractor: ExtractorIdentity,
    labels: Mapping[str, str],
    stamp: Stamp,
) -> ClaimChanged:
    """The claim as if asserted now for the first time."""
    body = {name: getattr(extracted, name) for name in ClaimBody.model_fields}
    # A relation to a claim that the extraction does not hold, or to itself, says nothing.
    relations = tuple(
        Relation(type=r.type, claim_id=by_n[r.to], basis=r.basis, confidence=round(r.confidence, 3))
        for r in extracted.relations
        if r.to in by_n and r.to != extracted.n
    )
    return ClaimChanged(
        **(body | {"confidence": round(extracted.confidence, 3)}),
        claim_id=identity,
        epoch=stamp.epoch,
        revision=1,
        change=Change.ASSERTED,
        cause=Cause.NEW_ARTICLE,
        relations=relations,
        article=ref,
        extractor=extractor,
        first_seen=ref.observed_at,
        changed_at=stamp.at,
        labels=dict(labels),
    )


def _successor(before: LedgerClaim, claim: ClaimChanged, **update: object) -> ClaimChanged:
    """``claim`` as the next revision of ``before``."""
    known = {"revision": before.last.revision + 1, "first_seen": before.last.first_seen}
    return claim.model_copy(update=known | update)


def _next(last: ClaimChanged, stamp: Stamp, **update: object) -> ClaimChanged:
    """The same claim, provable against the same version, in a new state."""
    fresh = {"changed": (), "replaces": None, "replaced_by": None}
    stamped = {"epoch": stamp.epoch, "revision": last.revision + 1, "changed_at": stamp.at}
    return last.model_copy(update=fresh | stamped | update)


def _reference(target: Sighting, claims: int) -> ArticleRef:
    article = target.article
    return ArticleRef(
        id=article.article_id,
        version=article.version,
        observed_at=article.observed_at,
        url=article.url,
        site=article.site,
        title=article.title,
        authors=article.authors,
        publisher=article.publisher,
        language=article.language,
        published_at=article.published_at,
        page_sha256=article.page_sha256,
        claims=claims,
    )


def _statement(claim: ClaimBody) -> Statement:
    source = None if claim.source is None else claim.source.text
    cue = None if claim.cue is None else claim.cue.text
    return Statement(source, claim.content.text, (claim.kind, claim.stance, claim.negated, cue))


def _place(claim: LedgerClaim) -> tuple[int, str]:
    """Where a claim stands in the text that it names; the id breaks ties."""
    spans = claim.last.content.spans
    return (spans[0][0] if spans else -1, claim.last.claim_id)
