"""A world: the four services on some transport, what can be done to them, and what is seen of them from outside.

Two worlds keep the same promises: memory with SQLite (``memory_world``) and Kafka with PostgreSQL (``kafka_world``).
"""

from __future__ import annotations

import abc
import asyncio
import itertools
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from services.cleaner import app as cleaner
from services.cleaner.memory import schema as site_memory
from services.cleaner.settings import CleanerSettings
from services.extractor import app as extractor
from services.fetcher import app as fetcher
from services.fetcher.account_read import Account, Probe, balance
from services.fetcher.frontier.resume import unsent_outcomes_count
from services.fetcher.frontier.tables import fates as fate_rows
from services.fetcher.frontier.tables import visits
from services.fetcher.frontier.visits import QUEUED
from services.fetcher.settings import FetcherSettings
from services.store import app as store
from services.store import models
from services.store.outbox import oldest_unsent
from services.store.settings import StoreSettings
from shared.clock import SystemClock, iso
from shared.contracts import codec, envelope, ids, topics
from shared.contracts.events import UrlSubmitted
from shared.contracts.record import Outgoing, Record
from shared.database import open_database, read
from shared.pipeline.redrive import Letter
from shared.pipeline.service import Service
from shared.settings import CommonSettings, load
from tests.e2e.switchboard import Switchboard

SERVICES = ("fetcher", "cleaner", "extractor", "store")
# A page goes through the pool of one worker: two cores are shared by everything that a test runs.
COMMON = {"pool_workers": 1, "log_level": "ERROR"}
FETCHING: dict[str, Any] = {
    "contact": "tests@claimstream.invalid",
    "allow_networks": ("127.0.0.0/8",),
    "crawl_delay": 0.0,
    # A host whose turn was cut off is free again when its lease has run out.
    "page_deadline": 4.0,
    "lease": 9.0,
    "backoff_first": 0.05,
    "backoff_longest": 0.2,
    "revisit": (),
    # What a test counts is what it put in.
    "canary_every": 0.0,
}


@dataclass(frozen=True)
class ToldFate:
    """A line of the account's history of fates; ``counts``: whether it decided or changed the visit's."""

    url: str
    visit: int
    fate: str
    code: str | None
    attempt: int
    counts: bool


def build(
    name: str, common: CommonSettings, urls: Mapping[str, str], *, probe: Probe = fetcher.cannot_say
) -> Service:
    """One of the four services; ``urls``: of the databases, by the service that owns each."""
    if name == "fetcher":
        settings = load(FetcherSettings, database_url=urls[name], **FETCHING)
        return fetcher.build(settings, probe=probe)
    if name == "store":
        return store.build(common, load(StoreSettings, database_url=urls[name]))
    if name == "cleaner":
        return cleaner.build(common, settings=load(CleanerSettings, database_url=urls[name]))
    return extractor.build(common)


class World(abc.ABC):
    """Use as an async context manager. ``records`` holds what was seen on each topic, in order, by short name."""

    def __init__(self, urls: Mapping[str, str]) -> None:
        """``urls``: of the databases, by the service that owns each."""
        self.board = Switchboard()
        self.records: dict[str, list[Record]] = defaultdict(list)
        self.urls = urls
        self.frontier: AsyncEngine = open_database(urls["fetcher"], program="test")
        self.ledger: AsyncEngine = open_database(urls["store"], program="test")
        self._numbers = itertools.count(1)
        self._told: set[tuple[Any, ...]] = set()

    async def migrate(self) -> None:
        await fetcher.migrate(self.urls["fetcher"])
        await store.migrate(self.urls["store"])
        await site_memory.migrate(self.urls["cleaner"])

    # -- what can be done -----------------------------------------------------------------------------------------

    @abc.abstractmethod
    async def produce(self, *records: Outgoing) -> None:
        """Put records on their topics."""

    async def submit(self, *urls: str, ref: str | None = None, force: bool = False) -> None:
        """Submit URLs, each as an event of its own."""
        now = iso(SystemClock().now())
        await self.produce(
            *(
                codec.urls(
                    UrlSubmitted(url=url, ref=ref, force=force),
                    id=ids.event_id("test", next(self._numbers)),
                    source="/test",
                    time=now,
                )
                for url in urls
            )
        )

    @abc.abstractmethod
    async def redrive(self, topic: str) -> int:
        """Redrive the dead letters of a topic (``articles!extractor``) as an operator does. How many."""

    @abc.abstractmethod
    async def quiet(self, seconds: float = 60) -> None:
        """Wait until everything that went in has come through to its end."""

    @abc.abstractmethod
    async def close(self) -> None:
        """End the services."""

    # -- what is seen ---------------------------------------------------------------------------------------------

    @abc.abstractmethod
    async def letters(self) -> list[Letter]:
        """All dead letters so far, in their order."""

    async def account(self) -> Account:
        return await balance(self.frontier)

    async def told(self) -> list[ToldFate]:
        """Fates that came into the account since the last call."""
        f = fate_rows.c
        statement = (
            select(f.visit_id, f.attempt, f.service, f.fate, f.code, f.counted, visits.c.url, visits.c.number)
            .join_from(fate_rows, visits, visits.c.visit_id == f.visit_id)
            .order_by(f.at, visits.c.url, visits.c.number, f.attempt)
        )
        async with read(self.frontier) as connection:
            rows = (await connection.execute(statement)).all()
        new = [row for row in rows if row[:4] not in self._told]
        self._told |= {tuple(row[:4]) for row in new}
        return [ToldFate(row.url, row.number, row.fate, row.code, row.attempt, row.counted) for row in new]

    def visit_of(self, url: str) -> str:
        """The id of the last visit that sent a page of this URL."""
        pages = [page for page in self.records[topics.PAGES] if page.header("ce_url") == url.encode()]
        return (pages[-1].header("ce_visitid") or b"").decode()

    async def revisions(self) -> dict[str, list[tuple[int, int]]]:
        """All (epoch, revision) of each claim in the ledger."""
        r = models.claim_revision.c
        async with read(self.ledger) as connection:
            rows = await connection.execute(select(r.claim_id, r.epoch, r.revision).order_by(*r[:3]))
            found: dict[str, list[tuple[int, int]]] = defaultdict(list)
            for row in rows:
                found[row.claim_id].append((row.epoch, row.revision))
            return dict(found)

    async def text(self, article_id: str, version: str) -> str:
        """A stored text."""
        v = models.article_version.c
        async with read(self.ledger) as connection:
            found = await connection.scalar(
                select(v.text).where(v.article_id == article_id, v.version == version)
            )
        assert found is not None, f"no text {version} of {article_id}"
        return str(found)

    async def queued(self) -> bool:
        """Whether a visit waits to be fetched."""
        waiting = select(visits.c.visit_id).where(visits.c.state == QUEUED).limit(1)
        async with read(self.frontier) as connection:
            return await connection.scalar(waiting) is not None

    async def until_fetched(self, seconds: float = 30) -> None:
        """Wait until no visit waits to be fetched: a page may be on its topic before its visit says so."""
        async with asyncio.timeout(seconds):
            while await self.queued():
                await asyncio.sleep(0.02)

    async def unsent(self) -> bool:
        """Whether the store's outbox holds a record."""
        return await oldest_unsent(self.ledger) is not None

    async def unanswered(self) -> bool:
        """Whether an outcome waits to be sent."""
        return await unsent_outcomes_count(self.frontier) > 0

    async def __aexit__(self, *_: object) -> None:
        self.board.release_all()  # a test that failed may have left a batch in hand
        try:
            await self.close()
        finally:
            await self.frontier.dispose()
            await self.ledger.dispose()


def common(**values: Any) -> CommonSettings:
    return load(CommonSettings, {}, **(COMMON | values))


def again(record: Record | Outgoing, *, attempt: int, to: str) -> Outgoing:
    """The record as a redrive produces it: the original bytes, one attempt more, addressed to one service."""
    kept = [(name, value) for name, value in record.headers if name not in ("ce_attempt", "ce_to")]
    headers = [*kept, ("ce_attempt", str(attempt).encode()), ("ce_to", to.encode())]
    return Outgoing(record.topic, record.key, record.value, headers)


def decoded(record: Record) -> Any:
    """What a consumer of its topic makes of a record."""
    return codec.decoder_of(record.topic)(record, envelope.parse(record.headers))


WATCHED: Sequence[str] = (
    topics.PAGES,
    topics.ARTICLES,
    topics.EXTRACTIONS,
    topics.FATES,
    topics.CLAIMS,
    topics.OUTCOMES,
)
