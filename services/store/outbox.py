"""The outbox: what a settlement says, written in the settlement's transaction, sent by the relay afterwards."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.store import metrics, models, publication
from services.store.outbox_mark import OutboxMark
from services.store.publication import published
from shared import tracing
from shared.contracts.record import Outgoing
from shared.database import Sole, now_us, read, write
from shared.errors import RecordTooLarge
from shared.pipeline import fail_points
from shared.pipeline.source import Place, Sender
from shared.telemetry import logger

log = logger("store.relay")

# One transaction of the broker: large enough that its cost is spread, small enough to end within seconds.
BATCH_RECORDS = 500
BATCH_BYTES = 4 * 2**20
IDLE_SECONDS = 0.2  # how long a claim may lie here when nothing else is going on
STANDBY_SECONDS = 2.0  # how soon another process takes over from one that ended

_o = models.outbox.c


async def put(connection: AsyncConnection, records: Sequence[Outgoing]) -> None:
    """Write records behind what is there, in order, in the caller's transaction."""
    if records:
        statement = insert(models.outbox).values(written_us=now_us())
        await connection.execute(statement, [_row(record) for record in records])


class Relay:
    """The source `relay`: one active over all processes, each batch in one transaction of the broker.

    Rows go in the order of their ids, and what is sent is deleted; never "everything above the last id", since
    sequences commit out of order. An article's rows do have their order: its lock is held until they commit.
    A crash between sending and deleting sends the same bytes with the same ids again.
    """

    service = "store"
    name = "relay"

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._sole = Sole(engine, "store.relay")
        self._caught_up = False
        self._mark = OutboxMark(engine)

    async def step(self, sender: Sender) -> float:
        if not await self._sole.held():
            self._caught_up = False
            self._mark.forget()
            return STANDBY_SECONDS
        if not self._caught_up:
            await publication.catch_up(self._engine)
            self._caught_up = True
        await self._mark.renew(sender)
        batch = await self._next()
        if not batch:
            return IDLE_SECONDS
        began = tracing.began()
        fail_points.reach("store.relay.before-produce")
        try:
            places = await sender.send_transaction([record for _, record in batch])
        except RecordTooLarge:
            await self._send_alone(sender, batch)
        else:
            fail_points.reach("store.relay.after-produce")
            await self._sent(batch, places)
            if began:
                tracing.sent_spans("store.relay", began, [record for _, record in batch])
            fail_points.reach("store.relay.after-mark")
        return 0.0

    async def close(self) -> None:
        """Let another process take over at once."""
        self._caught_up = False
        await self._sole.release()

    async def _next(self) -> list[tuple[int, Outgoing]]:
        async with read(self._engine) as connection:
            rows = await connection.execute(
                select(models.outbox).where(_o.refused.is_(None)).order_by(_o.id).limit(BATCH_RECORDS)
            )
            batch: list[tuple[int, Outgoing]] = []
            size = 0
            for row in rows:
                record = _record(row)
                size += record.size
                if batch and size > BATCH_BYTES:
                    break
                batch.append((row.id, record))
            return batch

    async def _send_alone(self, sender: Sender, batch: Sequence[tuple[int, Outgoing]]) -> None:
        """One of the batch fits no topic: send each by itself, and set that one aside, where it is counted."""
        for identity, record in batch:
            try:
                places = await sender.send_transaction([record])
            except RecordTooLarge as error:
                log.error(
                    "outbox record refused",
                    outbox=identity,
                    topic=record.topic,
                    code=error.code,
                    detail=error.message,
                )
                async with write(self._engine) as connection:
                    await connection.execute(
                        update(models.outbox).where(_o.id == identity).values(refused=error.code)
                    )
            else:
                await self._sent([(identity, record)], places)

    async def _sent(
        self, batch: Sequence[tuple[int, Outgoing]], places: Sequence[Place | None] | None
    ) -> None:
        """Forget what was sent, and number what it published: both, or it is sent again."""
        stood = places or [None] * len(batch)
        revisions = [
            one for (_, record), place in zip(batch, stood, strict=True) if (one := published(record, place))
        ]
        async with write(self._engine) as connection:
            await publication.put(connection, revisions)
            await connection.execute(
                delete(models.outbox).where(_o.id.in_([identity for identity, _ in batch]))
            )
        counts = Counter((one.claim.change.value, one.claim.kind.value) for one in revisions)
        for (change, kind), number in counts.items():
            metrics.claims.labels(change, kind).inc(number)


async def oldest_unsent(engine: AsyncEngine) -> float | None:
    """Age in seconds, by the database's clock, of the oldest row that the relay has to send; None: nothing waits."""
    async with read(engine) as connection:
        age = await connection.scalar(select(now_us() - func.min(_o.written_us)).where(_o.refused.is_(None)))
    return None if age is None else max(0, age) / 1e6


def _row(record: Outgoing) -> dict[str, Any]:
    headers = [[name, None if value is None else value.decode()] for name, value in record.headers]
    return {
        "topic": record.topic,
        "key": record.key,
        "value": record.value,
        "headers": json.dumps(headers, ensure_ascii=False, separators=(",", ":")),
        "place_by": record.place_by,
    }


def _record(row: Any) -> Outgoing:
    headers = [(name, None if value is None else value.encode()) for name, value in json.loads(row.headers)]
    return Outgoing(row.topic, row.key, row.value, headers, row.place_by)
