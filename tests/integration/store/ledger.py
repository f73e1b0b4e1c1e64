"""A ledger under test: records go in as the topics carry them, what it says is read from the outbox."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from services.store import models
from services.store.handler import handle_articles, handle_extractions
from services.store.ledger.routes import Route
from services.store.outbox import Relay
from services.store.shelf import DatabaseShelf
from shared.clock import ManualClock
from shared.contracts import codec, envelope, topics
from shared.contracts.envelope import Envelope
from shared.contracts.events import ArticleCleaned, ClaimChanged, ClaimsExtracted, VisitFate
from shared.contracts.record import Outgoing, Record
from shared.database import read
from shared.pipeline.results import Result
from shared.pipeline.stage import Batch, Item


@dataclass
class Sent:
    """A sender that keeps what it is given, transaction by transaction."""

    transactions: list[list[Outgoing]] = field(default_factory=list)

    async def send(self, records: Sequence[Outgoing]) -> None:
        raise AssertionError("the relay sends in transactions")

    async def send_transaction(self, records: Sequence[Outgoing]) -> None:
        self.transactions.append(list(records))

    @property
    def records(self) -> list[Outgoing]:
        return [record for transaction in self.transactions for record in transaction]


class Ledger:
    def __init__(self, engine: AsyncEngine, routes: tuple[Route, ...] = (), epoch: int = 1) -> None:
        self.engine = engine
        self.clock = ManualClock()
        self.shelf = DatabaseShelf(engine, routes=routes, epoch=epoch, clock=self.clock)
        self.sent = Sent()

    async def deliver(
        self, *values: ArticleCleaned | ClaimsExtracted, attempt: int = 1
    ) -> list[Result | None]:
        """Each record in a batch of its own, in this order."""
        results: list[Result | None] = []
        for value in values:
            results += await self.batch(value, attempt=attempt)
        return results

    async def batch(
        self, *values: ArticleCleaned | ClaimsExtracted, attempt: int = 1, traceparent: str | None = None
    ) -> list[Result | None]:
        """All in one batch; they are of one topic."""
        self.clock.advance(1)
        way = Envelope(traceparent=traceparent, extensions={"attempt": str(attempt)})
        batch: Batch[Any] = Batch(
            [Item(Record("any", 0, n, 0, None, b"", ()), way, value) for n, value in enumerate(values)]
        )
        if isinstance(values[0], ArticleCleaned):
            await handle_articles(self.shelf, parallel=4)(batch)
        else:
            await handle_extractions(self.shelf, parallel=4)(batch)
        return batch.results

    async def relay(self) -> list[Outgoing]:
        """Send everything; what was sent now."""
        relay = Relay(self.engine)
        before = len(self.sent.records)
        while not await relay.step(self.sent):
            pass
        await relay.close()
        return self.sent.records[before:]

    async def changes(self) -> list[ClaimChanged]:
        """The revisions on `claims` since the last call, in order."""
        return (await self.news())[0]

    async def told(self) -> list[VisitFate]:
        """The fates since the last call, in order."""
        return (await self.news())[1]

    async def news(self) -> tuple[list[ClaimChanged], list[VisitFate]]:
        records = await self.relay()
        claims = [codec.decode_claim(_consumed(r), _envelope(r)) for r in records if r.topic == topics.CLAIMS]
        fates = [codec.decode_fate(_consumed(r), _envelope(r)) for r in records if r.topic == topics.FATES]
        return [claim for claim in claims if claim is not None], fates

    async def revisions(self) -> dict[str, list[tuple[int, int]]]:
        """All (epoch, revision) of each claim id."""
        r = models.claim_revision.c
        async with read(self.engine) as connection:
            rows = await connection.execute(
                select(r.claim_id, r.epoch, r.revision).order_by(r.claim_id, r.epoch, r.revision)
            )
            found: dict[str, list[tuple[int, int]]] = {}
            for row in rows:
                found.setdefault(row.claim_id, []).append((row.epoch, row.revision))
            return found

    async def current(self) -> list[ClaimChanged]:
        """The claims as they are now, withdrawn ones too, by article and text."""
        c, r = models.claim.c, models.claim_revision.c
        async with read(self.engine) as connection:
            rows = await connection.execute(
                select(r.value)
                .join_from(models.claim, models.claim_revision, c.claim_id == r.claim_id)
                .where(c.epoch == r.epoch, c.revision == r.revision)
            )
            claims = [ClaimChanged.model_validate_json(row.value) for row in rows]
        return sorted(claims, key=lambda claim: (claim.article.id, claim.content.text, claim.claim_id))

    async def live(self) -> list[ClaimChanged]:
        return [claim for claim in await self.current() if claim.change.value != "withdrawn"]


def _envelope(record: Outgoing) -> Envelope:
    return envelope.parse(record.headers)


def _consumed(record: Outgoing) -> Record:
    return Record(record.topic, 0, 0, 0, record.key, record.value, record.headers)
