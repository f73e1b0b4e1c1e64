"""All four services in one process: the same handlers on the memory transport, with one SQLite file.

Queues keep nothing over a restart. So at the start every visit that was sent on and has no fate is fetched or read
again, whole, under its id: an interrupted run goes on where it was.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine

from claimstream.databases import in_file
from claimstream.how_far import Progress
from claimstream.local import LocalTables, sole_user
from claimstream.schemas import migrate
from services.cleaner import app as cleaner
from services.cleaner.settings import CleanerSettings
from services.extractor import app as extractor
from services.fetcher import app as fetcher
from services.fetcher.account_read import balance, unexplained
from services.fetcher.feeds.feeds_file import FeedSource
from services.fetcher.files import open_file_visit, reopen_file_visit
from services.fetcher.frontier.feeds import add_feed
from services.fetcher.frontier.resume import (
    Queue,
    feeds_due,
    poll_only,
    queue,
    refetch_open,
    unsent_outcomes_count,
)
from services.fetcher.settings import FetcherSettings
from services.store import app as store
from services.store.outbox import oldest_unsent
from services.store.settings import StoreSettings
from shared.clock import Clock, SystemClock, iso
from shared.contracts import codec, ids, registry
from shared.contracts.enums import Fate
from shared.contracts.events import UrlSubmitted, VisitFate
from shared.contracts.page import compress_page
from shared.contracts.record import Outgoing
from shared.database import open_database
from shared.pipeline.memory import MemoryTransport, Tap
from shared.pipeline.service import Service
from shared.settings import CommonSettings, load
from shared.topics_file import load_topics, max_bytes_of

# What a person waits for is one run, not an operator's service: a queue that is empty is asked again soon.
LOOK_SECONDS = 0.05
PROGRESS_SECONDS = 0.5  # between two looks while there is work: each asks the database five questions
# Nothing is on its way for so long, and yet a visit has no fate: it is lost, and waiting on would be in vain.
LOST_SECONDS = 3.0
# A person waits for the end of it, so a host that does not answer is given up within minutes, not hours.
MANNERS = {"tries": 4, "backoff_first": 15.0, "backoff_longest": 60.0}
NOBODY = "nobody@localhost.invalid"  # the contact of a run that fetches nothing
FEED_EVERY = 900.0


class OneProcess:
    """Use as an async context manager. ``contact`` None: nothing can be fetched, only files are read."""

    def __init__(
        self,
        path: Path,
        *,
        contact: str | None,
        clock: Clock | None = None,
        wrap: Callable[[Service], Service] | None = None,
        **fetching: Any,
    ) -> None:
        self.path = path
        self._contact = contact
        self._clock = clock or SystemClock()
        self._wrap = wrap or (lambda service: service)
        self._fetching = fetching
        self._stack = AsyncExitStack()
        self._polled: set[str] = set()
        self._taps: list[tuple[str, Tap]] = []
        self._read_again: set[str] = set()
        self.paths: dict[str, str] = {}  # of the files that were read, by visit
        self.engine: AsyncEngine
        self.local: LocalTables
        self.transport: MemoryTransport

    async def __aenter__(self) -> OneProcess:
        try:
            await self._open()
        except BaseException:
            await self._stack.aclose()
            raise
        return self

    async def _open(self) -> None:
        self._stack.enter_context(sole_user(self.path))
        databases = in_file(self.path)
        await migrate(databases)
        url = databases.fetcher  # all are one
        self.engine = open_database(url, program="claimstream")
        self._stack.push_async_callback(self.engine.dispose)
        self.local = LocalTables(self.engine)
        await self.local.create()
        topics = load_topics()
        self.transport = MemoryTransport(
            max_bytes=max_bytes_of(topics), keep_dead=self.local.keep, clock=self._clock
        )
        for topic, tap in self._taps:
            self.transport.tap(topic, tap)
        # Before any source runs: this frees the leases of the run that was stopped, not those of this one.
        abandoned = await refetch_open(self.engine)
        for service in self._services(url):
            self._stack.push_async_callback(service.resources.aclose)
            self.transport.add(self._wrap(service))
        self._stack.push_async_callback(self.transport.close)
        await self._resume(abandoned)

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    def tap(self, topic: str, tap: Tap) -> None:
        """Call ``tap`` with every record of ``topic``. Before the start: what an earlier run left comes at once."""
        self._taps.append((topic, tap))

    def _services(self, url: str) -> list[Service]:
        common = load(CommonSettings)
        manners = {
            name: value for name, value in MANNERS.items() if f"{_FETCHER}{name.upper()}" not in os.environ
        }
        # One shot: what is due in an hour is another run's, and a heartbeat has no listener here.
        settings = {
            **manners,
            "revisit": (),
            "heartbeat_interval": 86_400.0,
            "canary_every": 0.0,
            "keep_days": 0,
            **self._fetching,
        }
        fetching = load(FetcherSettings, database_url=url, contact=self._contact or NOBODY, **settings)
        services = [
            fetcher.build(fetching, clock=self._clock, probe=self._oldest_unsettled),
            cleaner.build(common, self._clock, load(CleanerSettings, database_url=url)),
            extractor.build(common, self._clock),
            store.build(common, load(StoreSettings, database_url=url), clock=self._clock),
        ]
        if self._contact is None:
            offline = ("crawl", "feeds")
            services[0].sources = [source for source in services[0].sources if source.name not in offline]
        return services

    # -- what goes in ---------------------------------------------------------------------------------------------

    async def submit(self, urls: Sequence[str], *, ref: str | None = None, force: bool = False) -> None:
        """Submit URLs as an upstream feed would."""
        now = iso(self._clock.now())
        await self.transport.send(
            [
                codec.urls(
                    UrlSubmitted(url=url, ref=ref, force=force),
                    id=ids.event_id("ingest", url, ref, now),
                    source=registry.source_of("cli"),
                    time=now,
                )
                for url in urls
            ]
        )

    async def read_file(
        self, path: Path, content: bytes, *, url: str | None, content_type: str | None
    ) -> bool:
        """Open the visit of a file and send its page. False: it was read before and has its fate."""
        page = await open_file_visit(self.engine, content, url=url, content_type=content_type)
        if page is None:
            return False
        if page.visit_id in self._read_again:
            return True
        self.paths[page.visit_id] = str(path)
        await self.local.remember_file(page.visit_id, str(path.absolute()), content_type)
        await self.transport.send([codec.pages(page, compress_page(content))])
        return True

    async def poll(self, feeds: Sequence[str], *, known: bool = False) -> None:
        """Poll these feeds once, now; others in the database are left alone. ``known`` ones keep their interval."""
        for feed in () if known else feeds:
            await add_feed(self.engine, FeedSource(feed, FEED_EVERY))
        self._polled = await poll_only(self.engine, feeds)

    async def deliver(self, records: Sequence[Outgoing]) -> None:
        """Put records on their topics, as a redrive does."""
        await self.transport.send(records)

    # -- how far it is --------------------------------------------------------------------------------------------

    async def progress(self) -> Progress:
        self.transport.raise_failure()
        account = await balance(self.engine)
        return Progress(
            account.visits,
            account.open,
            account.fates,
            feeds_waiting=await feeds_due(self.engine, self._polled) if self._polled else 0,
            queue=await queue(self.engine) if account.open else Queue(),
            offline=self._contact is None,
            # Asked last: what came to an end while the others were asked is at rest by now.
            busy=not self.transport.idle
            or await oldest_unsent(self.engine) is not None
            or await unsent_outcomes_count(self.engine) > 0
            or not self.transport.idle,
        )

    async def until_quiet(self, watch: Callable[[Progress], Awaitable[None]] | None = None) -> Progress:
        """Wait until every visit has its fate and everything is sent, or until nothing can bring that about any
        more (:attr:`Progress.stalled`). ``watch`` sees the progress on the way."""
        quiet_since = looked_at = time.monotonic()
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            now = time.monotonic()
            if not self.transport.idle and now - looked_at < PROGRESS_SECONDS:
                continue
            progress = await self.progress()
            looked_at = time.monotonic()
            if watch is not None:
                await watch(progress)
            if progress.done:
                # A source may have taken its last row between two looks: quiet twice running is quiet.
                await asyncio.sleep(LOOK_SECONDS)
                if (again := await self.progress()).done:
                    return again
            if not progress.stalled:
                quiet_since = looked_at
            elif looked_at - quiet_since > LOST_SECONDS:
                return progress

    async def unexplained(self) -> list[str]:
        """At rest: the visits that were sent on, have no fate, and for which nothing is on its way."""
        return await unexplained(self.engine, 0.0, self._oldest_unsettled) or []

    async def _oldest_unsettled(self) -> float | None:
        return await oldest_unsent(self.engine) or 0.0

    async def _resume(self, abandoned: Sequence[str]) -> None:
        """Fetch or read again what an earlier run had sent on and never saw the end of."""
        files = await self.local.files()
        for visit in abandoned:
            path, content_type = files.get(visit, ("", None))
            try:
                content = await asyncio.to_thread(Path(path).read_bytes)
            except OSError:
                await self._lose(visit, "file-missing", f"{path or 'Its file'} cannot be read any more.")
                continue
            self.paths[visit] = path
            page = await reopen_file_visit(self.engine, visit, content, content_type)
            if page is None:
                await self._lose(visit, "file-changed", f"{path} holds something else by now.")
                continue
            self._read_again.add(visit)
            await self.transport.send([codec.pages(page, compress_page(content))])

    async def _lose(self, visit: str, code: str, what: str) -> None:
        """A visit that an interrupted run left and that cannot be read again has an end, too."""
        lost = VisitFate(
            visit_id=visit,
            fate=Fate.DEAD,
            code=code,
            hint=f"{what} Ingest the file as it is now.",
            service="ingest",
            at=iso(self._clock.now()),
        )
        await self.transport.send([codec.fates(lost)])


_FETCHER = str(FetcherSettings.model_config.get("env_prefix"))
