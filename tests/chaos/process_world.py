"""The world with each service as a process of its own, on a real Kafka and PostgreSQL; the test only looks on.

The processes come in by TLS and SCRAM, as a user whose role is `service`.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from aiokafka.errors import KafkaError
from sqlalchemy import select
from sqlalchemy.engine import make_url

from claimstream.databases import variable
from claimstream.devservices import Kafka, Postgres
from claimstream.sample import SampleSite
from services.fetcher.account_read import open_count
from services.fetcher.frontier.tables import feeds
from shared.database import now_us, read
from shared.errors import DatabaseAway, DependencyAway
from tests.chaos.process import LOOK_SECONDS, ServiceProcess, outer_environment
from tests.chaos.wires import Address
from tests.e2e.kafka_world import (
    BEFORE_THE_FRONTIER,
    SEND_SECONDS,
    TO_THE_ACCOUNT,
    TO_THE_OUTBOX,
    KafkaWorld,
)
from tests.real import access

CRAWL_DELAY = 0.1
PARTITIONS = 2
SESSION_MS = 6_000  # twice the heartbeat's interval: less would expel members of a busy machine
GROUPS = (*BEFORE_THE_FRONTIER, *TO_THE_OUTBOX, *TO_THE_ACCOUNT)
SERVICES = ("fetcher", "cleaner", "extractor", "store")
SETTINGS = {
    "CLAIMSTREAM_POOL_WORKERS": "1",
    "CLAIMSTREAM_KAFKA_SEND_SECONDS": str(SEND_SECONDS),
    "CLAIMSTREAM_FETCHER_CONTACT": "tests@claimstream.invalid",
    "CLAIMSTREAM_FETCHER_ALLOW_NETWORKS": "127.0.0.0/8",
    "CLAIMSTREAM_FETCHER_CRAWL_DELAY": str(CRAWL_DELAY),
    # A host whose turn was cut off is free again when its lease has run out.
    "CLAIMSTREAM_FETCHER_PAGE_DEADLINE": "3",
    "CLAIMSTREAM_FETCHER_LEASE": "6.5",
    # A site that a cut keeps away is asked until it answers: no visit is given up while a fault lasts.
    "CLAIMSTREAM_FETCHER_TRIES": "100",
    "CLAIMSTREAM_FETCHER_BACKOFF_FIRST": "0.1",
    "CLAIMSTREAM_FETCHER_BACKOFF_LONGEST": "1",
    "CLAIMSTREAM_FETCHER_REVISIT": "",
    "CLAIMSTREAM_FETCHER_HEARTBEAT_INTERVAL": "1",
    "CLAIMSTREAM_FETCHER_CANARY_EVERY": "2",
}


class ProcessWorld(KafkaWorld):
    """Starts no service by itself. ``folder`` takes logs; ``wired``: each process reaches its servers over wires
    that the test can cut."""

    def __init__(
        self,
        kafka: Kafka,
        postgres: Postgres,
        prefix: str,
        site: SampleSite,
        folder: Path,
        *,
        wired: bool,
        session_ms: int | None = SESSION_MS,
    ) -> None:
        super().__init__(kafka, postgres, prefix, partitions=PARTITIONS, start=())
        self.processes: list[ServiceProcess] = []
        self._site, self._folder, self._wired = site, folder, wired
        self._session_ms = session_ms
        self._count = itertools.count(1)
        self._feeds = folder / "feeds.toml"

    def poll(self, feed: str) -> None:
        """The feed that fetchers poll which are started from now on."""
        self._feeds.write_text(f'[[feed]]\nurl = {json.dumps(feed)}\nevery = "1h"\n')

    async def spawn(
        self, service: str, environment: Mapping[str, str] | None = None, *, broken: bool = False
    ) -> ServiceProcess:
        """One more process of a service; returns before the service itself has started."""
        folder = self._folder / f"{next(self._count):03}-{service}"
        folder.mkdir(parents=True)
        process = ServiceProcess(
            service,
            folder,
            environment={
                **self._environment(),
                **access.environment(self.outside),
                **(environment or {}),
            },
            doors=self._doors(service) if self._wired else (),
            session_ms=self._session_ms,
            broken=broken,
        )
        self.processes.append(process)
        await process.start()
        return process

    async def command(self, *words: str) -> str:
        """What `claimstream …` says to an administrator, as a process of its own; it has to succeed."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "claimstream",
            *words,
            env={
                **outer_environment(),
                **self._environment(),
                "CLAIMSTREAM_KAFKA_BOOTSTRAP": self.kafka.bootstrap,
            },
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await process.communicate()
        assert process.returncode == 0, err.decode()
        return out.decode()

    def living(self) -> list[ServiceProcess]:
        return [process for process in self.processes if process.status is None]

    def complaints(self) -> Counter[str]:
        """What the processes logged as errors: each is a defect, unless the fault explains it. What aiokafka says of a
        broker that does not answer is explained: it is tried again, and our own lines say what came of it."""
        found: Counter[str] = Counter()
        for process in self.processes:
            for line in process.lines():
                if str(line.get("component")).startswith("aiokafka"):
                    continue
                if line.get("level") in ("error", "critical") or "exception" in line:
                    last = str(line.get("exception") or line.get("error") or "").strip().splitlines()[-1:]
                    found[f"{process.service}: {line.get('event')}: {''.join(last)[:300]}"] += 1
        return found

    def _environment(self) -> dict[str, str]:
        feeds = {"CLAIMSTREAM_FETCHER_FEEDS_FILE": str(self._feeds)} if self._feeds.exists() else {}
        return {
            **SETTINGS,
            **feeds,
            "CLAIMSTREAM_PREFIX": self.prefix,
            **{variable(service): url for service, url in self.urls.items()},
        }

    def _doors(self, service: str) -> list[Address]:
        """Broker first, then the database, then the site's hosts: what this service may speak to."""
        broker, _, port = self.outside.bootstrap.partition(":")
        doors: list[Address] = [(broker, int(port))]
        if service != "extractor":
            url = make_url(self.urls["store"])
            doors.append((str(url.host), int(url.port or 0)))
        if service == "fetcher":
            hosts = [urlsplit(base) for base in self._site.base_urls.values()]
            doors += [(str(host.hostname), int(host.port or 0)) for host in hosts]
        return doors

    async def until_open_visits_are_below(self, most: int) -> None:
        """However long that takes; a database that is away is waited for."""
        while True:
            with contextlib.suppress(DatabaseAway):
                if await open_count(self.frontier) < most:
                    return
            await asyncio.sleep(LOOK_SECONDS)

    async def quiet(self, seconds: float = 60) -> None:
        try:
            await super().quiet(seconds)
        except TimeoutError:
            raise AssertionError(f"not quiet after {seconds:g} s: {await self._what_is_left()}") from None

    async def _what_is_left(self) -> dict[str, object]:
        groups = {reader: await self._committed(reader) for reader in GROUPS}
        return {
            "account": await self.account(),
            "queued": await self.queued(),
            "unsent": await self.unsent(),
            "unanswered": await self.unanswered(),
            "all seen": await self._all_seen(),
            "behind": [f"{service}.{stage}" for (service, stage, _), done in groups.items() if not done],
            "ended": [(process.log.parent.name, process.status) for process in self.processes[-12:]],
        }

    async def _is_quiet(self) -> bool:
        # A broker that was killed is away for the watch as for everybody.
        with contextlib.suppress(KafkaError, DependencyAway, OSError):
            return not await self._feed_due() and await super()._is_quiet()
        return False

    async def _feed_due(self) -> bool:
        """Whether a feed waits to be polled, after a fetcher that had it in hand was killed for instance."""
        async with read(self.frontier) as connection:
            return (
                await connection.scalar(select(feeds.c.url).where(feeds.c.next_at <= now_us()).limit(1))
                is not None
            )

    async def close(self) -> None:
        for process in self.processes:
            await process.close()
        await super().close()
