"""What the store answers: claims by id, by article, all of them; and how much there is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncEngine

from services.store import models
from services.store.outbox import oldest_unsent
from shared.contracts.events import ClaimChanged
from shared.contracts.ids import article_id as article_id_of
from shared.database import read
from shared.errors import UsageError

# A person types the first characters; fewer than these are a mistake, not a choice.
SHORTEST_PREFIX = 4
_FIND = "`claimstream tail` and the exported claims show whole ids; so does `claimstream why` with a longer prefix."

_c, _r = models.claim.c, models.claim_revision.c


@dataclass(frozen=True)
class Counts:
    """Rows of the store. ``waiting``: pages without a fate; ``unsent``: outbox records that the relay has to send,
    the oldest ``oldest_unsent`` seconds old; ``refused``: such as fit no topic."""

    articles: int
    versions: int
    sightings: int
    waiting: int
    extractions: int
    claims: int
    withdrawn: int
    revisions: int
    unsent: int
    refused: int
    oldest_unsent: float | None


async def find_claim(engine: AsyncEngine, wanted: str) -> tuple[ClaimChanged, ...]:
    """All revisions of the claim with that id, or with the only id that begins so; the newest last.

    Raises :class:`~shared.errors.UsageError` (``claim-unknown``, ``claim-ambiguous``).
    """
    prefix = wanted.strip().lower()
    if len(prefix) < SHORTEST_PREFIX or not set(prefix) <= set("0123456789abcdef-"):
        raise UsageError(f"{wanted!r} is no claim id", code="claim-unknown", hint=_FIND)
    async with read(engine) as connection:
        found = await connection.execute(
            select(_c.claim_id)
            .where(_c.claim_id.startswith(prefix, autoescape=True))
            .order_by(_c.claim_id)
            .limit(4)
        )
        ids = list(found.scalars())
        if not ids:
            raise UsageError(f"no claim {wanted}", code="claim-unknown", hint=_FIND)
        if len(ids) > 1:
            some = ", ".join(ids[:3]) + (", …" if len(ids) > 3 else "")
            raise UsageError(
                f"several claims begin with {wanted}: {some}", code="claim-ambiguous", hint=_FIND
            )
        rows = await connection.execute(
            select(_r.value).where(_r.claim_id == ids[0]).order_by(_r.epoch, _r.revision)
        )
        return tuple(ClaimChanged.model_validate_json(value) for value in rows.scalars())


async def claims_of(
    engine: AsyncEngine,
    *,
    article_id: str | None = None,
    url: str | None = None,
    withdrawn: bool = False,
    limit: int | None = None,
) -> list[ClaimChanged]:
    """Claims as they are now, by article and place in its text; ``withdrawn`` ones too where asked.

    ``article_id`` or ``url`` (the article's) choose one article; neither: all.
    """
    chosen = article_id if url is None else article_id_of(url)
    statement = _now()
    if chosen is not None:
        statement = statement.where(_c.article_id == chosen)
    if not withdrawn:
        statement = statement.where(_c.live.is_(True))
    async with read(engine) as connection:
        rows = await connection.execute(statement)
        claims = [ClaimChanged.model_validate_json(row.value) for row in rows]
    claims.sort(key=lambda claim: (claim.first_seen, claim.article.id, claim.content.spans, claim.claim_id))
    return claims[:limit]


async def changes_after(
    engine: AsyncEngine, changed_at: str = "", claim_id: str = "", revision: int = 0, *, limit: int = 500
) -> Sequence[ClaimChanged]:
    """Revisions in the order in which they were written, behind the one named; for a reader that pages through."""
    after = or_(
        _r.changed_at > changed_at,
        and_(_r.changed_at == changed_at, _r.claim_id > claim_id),
        and_(_r.changed_at == changed_at, _r.claim_id == claim_id, _r.revision > revision),
    )
    async with read(engine) as connection:
        rows = await connection.execute(
            select(_r.value).where(after).order_by(_r.changed_at, _r.claim_id, _r.revision).limit(limit)
        )
        return [ClaimChanged.model_validate_json(value) for value in rows.scalars()]


async def counts(engine: AsyncEngine) -> Counts:
    """Counted from rows, in one snapshot but for the age."""
    sighting, outbox = models.sighting.c, models.outbox.c
    questions = {
        "articles": select(func.count()).select_from(models.article),
        "versions": select(func.count()).select_from(models.article_version),
        "sightings": select(func.count()).select_from(models.sighting),
        "waiting": select(func.count()).where(sighting.told_attempt < sighting.attempt),
        "extractions": select(func.count()).select_from(models.extraction),
        "claims": select(func.count()).where(_c.live.is_(True)),
        "withdrawn": select(func.count()).where(_c.live.is_(False)),
        "revisions": select(func.count()).select_from(models.claim_revision),
        "unsent": select(func.count()).where(outbox.refused.is_(None)),
        "refused": select(func.count()).where(outbox.refused.is_not(None)),
    }
    columns = [question.scalar_subquery().label(name) for name, question in questions.items()]
    async with read(engine) as connection:
        row = (await connection.execute(select(*columns))).one()
    return Counts(**row._mapping, oldest_unsent=await oldest_unsent(engine))


def _now() -> Select[Any]:
    """The last revision of every claim."""
    return select(_r.value).join_from(
        models.claim,
        models.claim_revision,
        and_(_c.claim_id == _r.claim_id, _c.epoch == _r.epoch, _c.revision == _r.revision),
    )
