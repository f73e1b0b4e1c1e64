"""What of a claim can be asked for, in columns: as its last published revision says."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import and_, or_
from sqlalchemy.ext.asyncio import AsyncConnection

from services.store import models
from services.store.intake import upsert
from services.store.words import stems
from shared.contracts.enums import Change
from shared.contracts.events import ClaimChanged
from shared.contracts.ids import normal_text


async def put(connection: AsyncConnection, claims: Iterable[ClaimChanged]) -> None:
    """Write the newest revision of each; an older one than what is there changes nothing."""
    newest: dict[str, ClaimChanged] = {}
    for claim in claims:
        known = newest.setdefault(claim.claim_id, claim)
        if (claim.epoch, claim.revision) > (known.epoch, known.revision):
            newest[claim.claim_id] = claim
    if not newest:
        return
    insert, old = upsert(connection, models.facets), models.facets.c
    new = insert.excluded
    later = or_(new.epoch > old.epoch, and_(new.epoch == old.epoch, new.revision > old.revision))
    changed = {name: new[name] for name in old.keys() if name != "claim_id"}  # noqa: SIM118  (a collection of columns)
    statement = insert.on_conflict_do_update(index_elements=["claim_id"], set_=changed, where=later)
    await connection.execute(statement, [row_of(newest[identity]) for identity in sorted(newest)])


def row_of(claim: ClaimChanged) -> dict[str, Any]:
    """``speaker`` is the source's name, or what stands in the text where it has none; ``surface`` what stands in the
    text. Both folded as ids fold them, so that typography parts nobody."""
    source, article = claim.source, claim.article
    return {
        "claim_id": claim.claim_id,
        "article_id": article.id,
        "epoch": claim.epoch,
        "revision": claim.revision,
        "live": claim.change is not Change.WITHDRAWN,
        "kind": claim.kind.value,
        "stance": claim.stance.value,
        "site": article.site,
        "language": article.language,
        "speaker": None if source is None else normal_text(source.name or source.text),
        "surface": None if source is None else normal_text(source.text),
        "entity": None if source is None else source.entity,
        "first_seen": claim.first_seen,
        "words": stems(claim.content.text, article.language),
    }
