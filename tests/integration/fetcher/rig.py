"""A fetcher whose parts a test holds in its hands: its stages fed by record, its sources stepped, its clock moved."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Table, select
from sqlalchemy.ext.asyncio import AsyncEngine

from services.fetcher.account import Outcomes, fates_stage
from services.fetcher.crawl.delivery import Delivery
from services.fetcher.crawl.feed_poll import FeedPoller
from services.fetcher.crawl.manners import Manners
from services.fetcher.crawl.page_turn import PageTurn
from services.fetcher.crawl.robots_gate import RobotsGate
from services.fetcher.crawl.source import Crawl
from services.fetcher.feeds.feeds_file import FeedSource
from services.fetcher.frontier.frontier import Frontier
from services.fetcher.frontier.tables import visits
from services.fetcher.http import Fetcher, FetchLimits, Resolver
from services.fetcher.intake_stage import intake_stages
from shared.clock import SystemClock
from shared.contracts import codec, topics
from shared.contracts.enums import Fate
from shared.contracts.envelope import parse
from shared.contracts.events import PageFetched, UrlOutcome, VisitFate
from shared.contracts.record import Headers, Outgoing, Record
from shared.database import now_us, read
from shared.errors import BrokerAway
from shared.pipeline.judge import Judge
from shared.pipeline.source import Sender

QUICK = Manners(crawl_delay=0.02, tries=3, backoff_first=0.02, backoff_longest=0.05)
TOO_LONG = 20.0  # seconds until a test gives up waiting


@dataclass
class MovedNow:
    """The database's clock, moved by ``seconds``."""

    seconds: float = 0.0

    def __call__(self) -> ColumnElement[int]:
        return now_us() + round(self.seconds * 1_000_000)


@dataclass
class Broker:
    """Collects what is sent; can be away."""

    records: list[Outgoing] = field(default_factory=list)
    away: bool = False
    refused: int = 0

    async def send(self, records: Sequence[Outgoing]) -> None:
        await asyncio.sleep(0)
        if self.away:
            self.refused += 1
            raise BrokerAway("switched off by the test")
        self.records += records

    async def send_transaction(self, records: Sequence[Outgoing]) -> None:
        await self.send(records)

    def on(self, topic: str) -> list[Outgoing]:
        return [record for record in self.records if record.topic == topic]

    def pages(self) -> list[PageFetched]:
        found = []
        for number, outgoing in enumerate(self.on(topics.PAGES)):
            record = record_of(outgoing, number)
            page = codec.decode_page(record, parse(record.headers))
            page.open()
            found.append(page.page)
        return found

    def outcomes(self) -> list[UrlOutcome]:
        return [UrlOutcome.model_validate_json(record.value or b"") for record in self.on(topics.OUTCOMES)]


def record_of(outgoing: Outgoing, offset: int = 0) -> Record:
    return Record(outgoing.topic, 0, offset, 0, outgoing.key, outgoing.value, tuple(outgoing.headers))


class Rig:
    """One fetcher on ``engine``. Several on one database are several replicas."""

    def __init__(
        self,
        engine: AsyncEngine,
        *,
        manners: Manners = QUICK,
        concurrency: int = 8,
        ages: Sequence[float] = (),
        lease_seconds: float = 20.0,
        deadline: float = 5.0,
        feeds: Sequence[FeedSource] | None = None,
        now: MovedNow | None = None,
        allow: tuple[str, ...] = ("127.0.0.0/8",),
        resolver: Resolver | None = None,
        epoch: int = 1,
    ) -> None:
        self.engine = engine
        self.now = now or MovedNow()
        self.broker = Broker()
        self.sender: Sender = self.broker
        self.offset = 0
        clock = SystemClock()
        self.fetcher = Fetcher(
            "tests@news.example", limits=FetchLimits(deadline=deadline), allow=allow, resolver=resolver
        )
        self.frontier = Frontier(engine, epoch=epoch, lease_seconds=lease_seconds, ages=ages, now=self.now)
        self.gate = RobotsGate(self.frontier, self.fetcher, manners, clock)
        self.delivery = Delivery(self.frontier)
        self.page_turn = PageTurn(self.frontier, self.fetcher, self.gate, manners, self.delivery)
        self.crawl = Crawl(
            self.frontier, self.page_turn, self.delivery, manners, clock, concurrency=concurrency
        )
        self.poller = FeedPoller(
            self.frontier, self.fetcher, self.gate, manners, listed=feeds, silent_after=3600.0
        )
        self.outcomes = Outcomes(engine, self.now)
        urls, bulk = intake_stages(engine, epoch, self.now)
        self._judges = {
            stage.topic: Judge(stage, max_bytes=lambda _: 2**22, clock=clock)
            for stage in (urls, bulk, fates_stage(engine, self.now, epoch=epoch))
        }

    async def close(self) -> None:
        await self.crawl.drain()
        await self.outcomes.close()
        await self.fetcher.aclose()

    async def feed_in(self, records: Sequence[Record]) -> list[str]:
        """Hand records to the stage of their topic; the result of each."""
        decisions = await self._judges[records[0].topic].decide(records, 30)
        return [
            "unsettled" if one is None else f"{one.result}:{one.code}" if one.code else one.result
            for one in decisions
        ]

    def submission(
        self, value: bytes | str | dict[str, Any], *, topic: str = topics.URLS, headers: Headers = ()
    ) -> Record:
        """A record at the next offset."""
        if isinstance(value, dict):
            value = json.dumps(value)
        self.offset += 1
        raw = value.encode() if isinstance(value, str) else value
        return Record(topic, 0, self.offset, 0, None, raw, headers)

    async def submit(self, *values: bytes | str | dict[str, Any], topic: str = topics.URLS) -> list[str]:
        return await self.feed_in([self.submission(value, topic=topic) for value in values])

    async def say(self, *fates: VisitFate) -> list[str]:
        return await self.feed_in([record_of(codec.fates(fate), n) for n, fate in enumerate(fates)])

    async def say_of_all(self, fate: Fate, **fields: Any) -> None:
        """Give this fate to every open visit that was sent on."""
        rows = [row for row in await self.rows(visits) if row.fate is None and row.state == "sent"]
        if rows:
            await self.say(*(fate_of(row.visit_id, fate, **fields) for row in rows))

    async def rows(self, table: Table) -> list[Any]:
        async with read(self.engine) as connection:
            return list(await connection.execute(select(table)))

    async def visit(self, **where: Any) -> Any:
        """The only visit with these columns."""
        found = [
            row
            for row in await self.rows(visits)
            if all(getattr(row, name) == value for name, value in where.items())
        ]
        assert len(found) == 1, found
        return found[0]

    async def crawl_until(self, done: Callable[[], Any], *, seconds: float = TOO_LONG) -> None:
        """Step the crawl until ``done()`` is true."""
        async with asyncio.timeout(seconds):
            while not done():
                await asyncio.sleep(min(await self.crawl.step(self.sender), 0.05))

    async def crawl_all(self, *, seconds: float = TOO_LONG) -> None:
        """Step the crawl until nothing is queued and nothing is under way."""
        async with asyncio.timeout(seconds):
            while self.crawl.in_flight or await self.queued():
                await asyncio.sleep(min(await self.crawl.step(self.sender), 0.05))

    async def queued(self) -> int:
        return sum(row.state == "queued" for row in await self.rows(visits))


def fate_of(
    visit_id: str, fate: Fate, *, attempt: int = 1, service: str = "store", **fields: Any
) -> VisitFate:
    return VisitFate(
        visit_id=visit_id,
        fate=fate,
        attempt=attempt,
        service=service,
        at="2026-01-01T00:00:00.000000Z",
        **fields,
    )


@asynccontextmanager
async def rig_on(engine: AsyncEngine, **options: Any) -> AsyncIterator[Rig]:
    rig = Rig(engine, **options)
    try:
        yield rig
    finally:
        await rig.close()
