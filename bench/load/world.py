"""A system to put a load on: its databases and topics on the run's Kafka and PostgreSQL, its services as processes."""

from __future__ import annotations

import asyncio
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.request import urlopen

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bench.end_to_end import processes_below
from bench.load import press
from bench.load.meter import Meter
from claimstream.devservices import Kafka, Postgres
from claimstream.devservices.process import free_port
from claimstream.readers import READERS
from services.fetcher.frontier.tables import visits
from shared.contracts.record import Outgoing
from shared.contracts.topics import full_name
from shared.database import open_database, read
from shared.pipeline.kafka.groups import lags
from shared.pipeline.kafka.sender import KafkaSender
from shared.topics_file import load_topics, max_bytes_of

SERVICES = ("fetcher", "cleaner", "extractor", "store")
HOSTS = 40  # of the news site: a fetcher asks each one thing at a time, and is not to wait for one host
LOOK_SECONDS = 0.25
SETTLED = "claimstream_records_out_total{"


class Stalled(Exception):
    """Raised when nothing has moved for long: the figures of such a run would be of no use."""


@dataclass
class World:
    """Made by :func:`world`. ``port`` is the news site's."""

    kafka: Kafka
    postgres: Postgres
    prefix: str
    fetcher_url: str
    cleaner_url: str
    store_url: str
    port: int
    logs: Path
    running: dict[str, list[int]] = field(default_factory=dict)

    @property
    def options(self) -> dict[str, str]:
        return {"bootstrap_servers": self.kafka.bootstrap}

    def environment(self) -> dict[str, str]:
        return os.environ | {
            "CLAIMSTREAM_PREFIX": self.prefix,
            "CLAIMSTREAM_KAFKA_BOOTSTRAP": self.kafka.bootstrap,
            "CLAIMSTREAM_FETCHER_DATABASE_URL": self.fetcher_url,
            "CLAIMSTREAM_CLEANER_DATABASE_URL": self.cleaner_url,
            "CLAIMSTREAM_STORE_DATABASE_URL": self.store_url,
            "CLAIMSTREAM_FETCHER_CONTACT": "load@localhost.invalid",
            "CLAIMSTREAM_FETCHER_ALLOW_NETWORKS": "127.0.0.0/8",
            "CLAIMSTREAM_FETCHER_CRAWL_DELAY": "0",
            # A long backlog lasts for more than the hour after which the first pages would be read again, and their
            # revisits would stand in the way of pages that nobody has had yet: what is measured is the first reading.
            "CLAIMSTREAM_FETCHER_REVISIT": "30d",
            "CLAIMSTREAM_LOG_LEVEL": "WARNING",
        }

    def sender(self) -> KafkaSender:
        return KafkaSender(self.options, prefix=self.prefix, max_bytes=max_bytes_of(load_topics()))

    async def submit(self, urls: Sequence[str]) -> None:
        """Everything at once: a backlog."""
        sender = self.sender()
        try:
            for start in range(0, len(urls), 2_000):
                await sender.send([_submission(url) for url in urls[start : start + 2_000]])
        finally:
            await sender.close()

    @contextmanager
    def service(self, *names: str, workers: int = 0, command: Sequence[str] = ()) -> Iterator[list[int]]:
        """Run each of these in a process of its own; the ports of their metrics, when all are ready. ``command`` in
        place of ours."""
        with ExitStack() as stack:
            ports = []
            for name in names:
                ports.append(free_port())
                more = {"CLAIMSTREAM_HEALTH_PORT": str(ports[-1])}
                if workers:
                    more["CLAIMSTREAM_POOL_WORKERS"] = str(workers)
                asked = command or [sys.executable, "-m", "claimstream", "run", name]
                stack.enter_context(self._process(name, asked, self.environment() | more))
            for port in ports:
                _until_ready(port)
            yield ports

    def meter(self, *, load: Sequence[int] = ()) -> Meter:
        """Of what runs now: services, broker, database, and ``load``, the processes that make it (ours too)."""
        parts: dict[str, Sequence[int]] = {name: list(pids) for name, pids in self.running.items() if pids}
        children = list(processes_below(os.getpid()))
        parts["broker"] = [pid for pid in children if "kafka.Kafka" in _command(pid)]
        parts["database"] = [pid for pid in children if _command(pid).split("\0")[0].endswith("/postgres")][
            :1
        ]
        if load:
            parts["load"] = load
        return Meter(parts)

    @contextmanager
    def _process(self, name: str, command: Sequence[str], environment: dict[str, str]) -> Iterator[None]:
        log = self.logs / f"{name}-{secrets.token_hex(3)}.log"
        with log.open("wb") as out:
            process = subprocess.Popen(command, env=environment, stdout=out, stderr=subprocess.STDOUT)
            self.running.setdefault(name, []).append(process.pid)
            try:
                yield
            except BaseException:
                print(f"{name}: {log.read_text()[-1500:]}", file=sys.stderr)
                raise
            finally:
                self.running[name].remove(process.pid)
                process.terminate()
                try:
                    process.wait(60)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()

    def database_bytes(self, url: str) -> dict[str, int]:
        """Bytes of every table with its indexes and what lies outside its rows."""
        answer = self.postgres.sql(
            "SELECT relname || ' ' || pg_total_relation_size(oid) FROM pg_class WHERE relkind = 'r'"
            " AND relnamespace = 'public'::regnamespace",
            url.rsplit("/", 1)[1],
        )
        return {name: int(size) for name, size in (line.split() for line in answer.splitlines())}

    def topic_bytes(self, topic: str) -> int:
        """Bytes of a topic's log on the broker's disk, indexes left out."""
        folders = (self.kafka.log.parent / "data").glob(f"{full_name(self.prefix, topic)}-*")
        return sum(file.stat().st_size for folder in folders for file in folder.glob("*.log"))


@contextmanager
def world(kafka: Kafka, postgres: Postgres, logs: Path) -> Iterator[tuple[World, int]]:
    """A system without data, and the process id of its news site."""
    port = free_port()
    made = World(
        kafka,
        postgres,
        f"load{secrets.token_hex(3)}",
        postgres.new_database(),
        postgres.new_database(),
        postgres.new_database(),
        port,
        logs,
    )
    for setup in (["topics", "apply"], ["migrate"]):
        subprocess.run(
            [sys.executable, "-m", "claimstream", *setup],
            env=made.environment(),
            check=True,
            stdout=subprocess.DEVNULL,
        )
    site = subprocess.Popen(
        [sys.executable, "-m", "bench.load.press", str(port), str(HOSTS)], stdout=subprocess.PIPE
    )
    try:
        assert site.stdout is not None
        if site.stdout.readline().strip() != b"ready":
            raise Stalled("the news site did not start")
        yield made, site.pid
    finally:
        site.terminate()
        site.wait()


def urls(made: World, count: int, first: int = 0) -> list[str]:
    return press.urls(made.port, HOSTS, count, first)


@dataclass(frozen=True, slots=True)
class Progress:
    """Visits in the account: fetched and sent on (or refused), and those that have their fate."""

    fetched: int
    fated: int


async def progress(engine: AsyncEngine) -> Progress:
    async with read(engine) as connection:
        row = (
            await connection.execute(
                select(
                    func.count().filter(visits.c.sent_at.is_not(None) | visits.c.fate.is_not(None)),
                    func.count().filter(visits.c.fate.is_not(None)),
                )
            )
        ).one()
    return Progress(*row)


def settled(ports: Sequence[int]) -> int:
    """Records that the stages of these processes have finished and committed since their start."""
    total = 0.0
    for port in ports:
        with urlopen(f"http://127.0.0.1:{port}/metrics", timeout=30) as answer:
            lines = answer.read().decode().splitlines()
        total += sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith(SETTLED))
    return round(total)


async def waiting(made: World, service: str) -> int:
    """Records that the stages of a service have not committed."""
    readers = [reader for reader in READERS if reader.service == service]
    return sum(lag.behind for lag in await lags(made.options, made.prefix, readers))


def frontier(made: World) -> AsyncEngine:
    return open_database(made.fetcher_url)


class Patience:
    """Raises :class:`Stalled` when a count stands still for ``seconds``; ``every``: seconds between two looks."""

    def __init__(self, seconds: float = 120.0, *, every: float = LOOK_SECONDS) -> None:
        self._seconds = seconds
        self._every = every
        self._count = -1
        self._at = time.monotonic()

    async def look(self, count: int) -> None:
        """Once a moment."""
        if count != self._count:
            self._count, self._at = count, time.monotonic()
        elif time.monotonic() - self._at > self._seconds:
            raise Stalled(f"nothing has moved for {self._seconds:.0f} s at {count}")
        await asyncio.sleep(self._every)


def _submission(url: str) -> Outgoing:
    return Outgoing("urls", url.encode(), url.encode())


def _until_ready(port: int) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        try:
            with urlopen(f"http://127.0.0.1:{port}/ready", timeout=5):
                return
        except OSError:  # not up yet, or 503
            time.sleep(0.2)
    raise Stalled("a service was not ready within 120 s")


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""
