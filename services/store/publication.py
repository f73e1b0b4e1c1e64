"""What was published: every revision that the broker has acknowledged, numbered in the order of its publication.

The relay is alone and sends in order, so it can give numbers without gaps that become visible in their order, which
no sequence of a database does. A stream resumes by them, and an export knows the offsets at which to go on.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, exists, func, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.store import facets, models
from services.store.intake import upsert
from shared.contracts import envelope, registry, topics
from shared.contracts.events import ClaimChanged
from shared.contracts.record import Outgoing
from shared.database import iso_us, now_us, read, to_us, write
from shared.pipeline.source import Place
from shared.telemetry import logger

log = logger("store.publication")

PAGE = 500  # revisions of one transaction, when what an earlier release has sent is numbered
# Before the last one that is numbered: settlements commit in another order than their clocks say, by seconds.
OVERLAP_US = 24 * 3600 * 1_000_000
# Any fixed number that no other lock has: a relay that lost its place may still be in its last transaction.
_ADVISORY_KEY = 0x636C6D7302

_p, _r, _o = models.publication.c, models.claim_revision.c, models.outbox.c


@dataclass(frozen=True)
class Published:
    """A revision, and where it stands on `claims`; ``place`` None: the transport keeps no offsets, or nobody knows.
    ``at_us``: when, in microseconds since 1970; None: now."""

    claim: ClaimChanged
    place: Place | None = None
    at_us: int | None = None


def published(record: Outgoing, place: Place | None) -> Published | None:
    """What a record that was sent publishes; None for all that is no revision on `claims`."""
    if record.topic != topics.CLAIMS or record.value is None:
        return None
    if ("ce_type", registry.CLAIM.type.encode()) not in record.headers:
        return None
    return Published(ClaimChanged.model_validate_json(record.value), place)


async def put(connection: AsyncConnection, revisions: Sequence[Published]) -> None:
    """Number them in their order, behind what is there, in the caller's transaction; what is there already stays."""
    if not revisions:
        return
    if connection.dialect.name == "postgresql":
        await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_KEY})
    last = (
        await connection.execute(
            select(
                func.coalesce(func.max(_p.position), 0), func.coalesce(func.max(_p.published_us), 0), now_us()
            )
        )
    ).one()
    behind, at, now = last
    rows = []
    for position, one in enumerate(revisions, behind + 1):
        # Times never go back, or a range of time would be no range of positions.
        at = max(at, now if one.at_us is None else one.at_us)
        rows.append(_row(one, position, at))
    statement = upsert(connection, models.publication).on_conflict_do_nothing(
        index_elements=["claim_id", "epoch", "revision"]
    )
    await connection.execute(statement, rows)
    await facets.put(connection, [one.claim for one in revisions])


async def catch_up(engine: AsyncEngine) -> int:
    """Number what was sent without it, by a release that knew no numbers; how many there were. Run by the one relay,
    before it sends: what waits in the outbox gets its number when it is sent."""
    found, after = 0, await _start(engine)
    while True:
        async with read(engine) as connection:
            rows = (await connection.execute(_unnumbered(after))).all()
            # Behind the rows: whatever of them was not sent has its outbox row by now.
            waiting = await _waiting(connection)
        if not rows:
            return found
        after = tuple(rows[-1])[:4]
        claims = [ClaimChanged.model_validate_json(row.value) for row in rows]
        sent = [c for c in claims if f"{c.claim_id}:{c.epoch}:{c.revision}" not in waiting]
        async with write(engine) as connection:
            # As of its own time: after a crash in the middle, `_start` is where this one stopped.
            await put(
                connection, [Published(c, at_us=to_us(datetime.fromisoformat(c.changed_at))) for c in sent]
            )
        found += len(sent)
        if sent:
            log.info("numbering what was published before", revisions=found)


async def forget_places(engine: AsyncEngine) -> int:
    """The broker with these offsets is gone: nobody knows any more where what was published stands, and an export
    sends its reader to the beginning of each partition. How many places there were."""
    async with write(engine) as connection:
        forgotten = await connection.execute(
            update(models.publication).where(_p.partition.is_not(None)).values(partition=None, offset=None)
        )
        return forgotten.rowcount


async def _start(engine: AsyncEngine) -> tuple[Any, ...]:
    """The place in (changed_at, claim_id, epoch, revision) behind which there may be unnumbered ones."""
    async with read(engine) as connection:
        last = await connection.scalar(select(func.max(_p.published_us)))
    return ("" if last is None else iso_us(max(0, last - OVERLAP_US)), "", 0, 0)


def _unnumbered(after: tuple[Any, ...]) -> Any:
    at, claim, epoch, revision = after
    numbered = exists().where(_p.claim_id == _r.claim_id, _p.epoch == _r.epoch, _p.revision == _r.revision)
    behind = or_(
        _r.changed_at > at,
        and_(_r.changed_at == at, _r.claim_id > claim),
        and_(_r.changed_at == at, _r.claim_id == claim, _r.epoch > epoch),
        and_(_r.changed_at == at, _r.claim_id == claim, _r.epoch == epoch, _r.revision > revision),
    )
    return (
        select(_r.changed_at, _r.claim_id, _r.epoch, _r.revision, _r.value)
        .where(_r.changed_at >= at, behind, ~numbered)
        .order_by(_r.changed_at, _r.claim_id, _r.epoch, _r.revision)
        .limit(PAGE)
    )


async def _waiting(connection: AsyncConnection) -> set[str | None]:
    """``ce_id`` of every revision on `claims` that the outbox still holds, refused ones among them."""
    rows = await connection.execute(select(_o.headers).where(_o.topic == topics.CLAIMS))
    return {
        envelope.parse([(name, (value or "").encode()) for name, value in json.loads(headers)]).id
        for headers in rows.scalars()
    }


def _row(one: Published, position: int, at: int) -> dict[str, Any]:
    claim, place = one.claim, one.place
    return {
        "position": position,
        "claim_id": claim.claim_id,
        "epoch": claim.epoch,
        "revision": claim.revision,
        "published_us": at,
        "partition": None if place is None else place.partition,
        "offset": None if place is None else place.offset,
    }
