"""End to end on a real Kafka and PostgreSQL: the sample site, many times over, through four service processes.

What is reported: CPU a page of every service, and the share of the CPU of cleaner and extractor that is spent in
their pools' workers, where the handlers run (user and system time by the kernel's accounts; a worker's time
includes taking its record from the pipe and handing over the result).

One service after the other drains what the one before it left, so that each has work all the time: what a waiting
process costs is no cost of a page. Its start-up (imports, models) is left out: it is counted from when it has
committed a tenth of its records.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from claimstream.devservices import Kafka, Postgres
from claimstream.readers import READERS
from claimstream.sample import Request, SampleSite, respond
from services.fetcher.account_read import balance
from services.fetcher.frontier.tables import visits
from shared.contracts.record import Outgoing
from shared.database import open_database, read
from shared.pipeline.kafka.groups import Lag, lags
from shared.pipeline.kafka.sender import KafkaSender
from shared.topics_file import load_topics, max_bytes_of

TICK = os.sysconf("SC_CLK_TCK")
SERVICES = ("fetcher", "cleaner", "extractor", "store")
OUTLETS = ("courier", "ledger", "dispatch")
POOLED = ("cleaner", "extractor")
LONGEST_SECONDS = 900.0


@dataclass(frozen=True, slots=True)
class Cpu:
    """Seconds of CPU of a service: its own process, and all below it (the pool)."""

    main: float
    pool: float

    def __sub__(self, other: Cpu) -> Cpu:
        return Cpu(self.main - other.main, self.pool - other.pool)

    @property
    def total(self) -> float:
        return self.main + self.pool


def run(copies: int = 100) -> bool:
    """Print the table. True when the share reaches .8."""
    with ExitStack() as stack:
        kafka = stack.enter_context(Kafka())
        postgres = stack.enter_context(Postgres())
        logs = Path(stack.enter_context(TemporaryDirectory(prefix="claimstream-bench-")))
        fetcher_url, store_url = postgres.new_database(), postgres.new_database()
        environment = os.environ | {
            "CLAIMSTREAM_KAFKA_BOOTSTRAP": kafka.bootstrap,
            "CLAIMSTREAM_FETCHER_DATABASE_URL": fetcher_url,
            "CLAIMSTREAM_STORE_DATABASE_URL": store_url,
            "CLAIMSTREAM_FETCHER_CONTACT": "bench@localhost.invalid",
            "CLAIMSTREAM_FETCHER_ALLOW_NETWORKS": "127.0.0.0/8",
            "CLAIMSTREAM_FETCHER_CRAWL_DELAY": "0",
            "CLAIMSTREAM_LOG_LEVEL": "WARNING",
        }
        command = [sys.executable, "-m", "claimstream"]
        for setup in (["topics", "apply"], ["migrate"]):
            subprocess.run([*command, *setup], env=environment, check=True, stdout=subprocess.DEVNULL)
        services = {name: ([*command, "run", name], environment, logs / f"{name}.log") for name in SERVICES}

        def start(name: str) -> int:
            return stack.enter_context(_service(*services[name]))

        return asyncio.run(_measure(start, kafka.bootstrap, fetcher_url, copies))


async def _measure(start: Callable[[str], int], bootstrap: str, fetcher_url: str, copies: int) -> bool:
    engine = open_database(fetcher_url)
    sender = KafkaSender(
        {"bootstrap_servers": bootstrap}, prefix="claimstream", max_bytes=max_bytes_of(load_topics())
    )
    try:
        async with _site(copies) as site:
            urls = _urls(site)
            fetcher = start("fetcher")
            await sender.send([Outgoing("urls", url.encode(), url.encode()) for url in urls])
            await _until(lambda: _fetched(engine), len(urls))
            spent = {"fetcher": _each(cpu_of(fetcher), len(urls))}
        for name in ("cleaner", "extractor", "store"):
            spent[name] = await _drain(name, start(name), bootstrap)
        await _until(lambda: _fates(engine), len(urls))
    finally:
        await sender.close()
        await engine.dispose()
    print(f"end to end: {len(urls)} pages, one service after the other")
    return _report(spent)


async def _drain(name: str, pid: int, bootstrap: str) -> Cpu:
    """CPU a record of a service, from a tenth of its backlog to the end of it."""
    readers = [reader for reader in READERS if reader.service == name]

    async def states() -> list[Lag]:
        return await lags({"bootstrap_servers": bootstrap}, "claimstream", readers)

    async def committed() -> int:
        return sum(lag.committed for lag in await states())

    async def waiting() -> int:
        return sum(lag.behind for lag in await states())

    backlog = await waiting()
    warm = await _until(committed, backlog // 10)
    began, before = time.monotonic(), cpu_of(pid)
    done = await _until(committed, backlog)
    seconds = time.monotonic() - began
    print(f"  {name}: {done - warm} records in {seconds:.1f} s, {(done - warm) / seconds:.0f} a second")
    return _each(cpu_of(pid) - before, done - warm)


def _each(cpu: Cpu, records: int) -> Cpu:
    return Cpu(cpu.main / records, cpu.pool / records)


async def _until(count: Callable[[], Awaitable[int]], wanted: int) -> int:
    """Wait until ``count`` is at least ``wanted``; the count."""
    async with asyncio.timeout(LONGEST_SECONDS):
        while (number := await count()) < wanted:  # noqa: ASYNC110  (another process has no event to wait for)
            await asyncio.sleep(0.25)
    return number


async def _fetched(engine: AsyncEngine) -> int:
    async with read(engine) as connection:
        done = select(func.count()).where(visits.c.sent_at.is_not(None) | visits.c.fate.is_not(None))
        return int(await connection.scalar(done) or 0)


async def _fates(engine: AsyncEngine) -> int:
    account = await balance(engine)
    return sum(account.fates.values())


@asynccontextmanager
async def _site(copies: int) -> AsyncIterator[SampleSite]:
    """The sample site without its crawl delays: here the pipeline is measured, not politeness."""

    async def robots(_request: Request, writer: asyncio.StreamWriter) -> None:
        await respond(writer, 200, {"Content-Type": "text/plain"}, b"User-agent: *\nAllow: /\n")

    async with SampleSite(copies=copies) as site:
        for outlet in OUTLETS:
            site.add(outlet, "/robots.txt", robots)
        yield site


def _urls(site: SampleSite) -> list[str]:
    return [site.url(outlet, path) for outlet in OUTLETS for path in site.paths(outlet)]


def _report(spent: Mapping[str, Cpu]) -> bool:
    print(f"  {'service':10} {'CPU ms a page':>14} {'its process':>12} {'its pool':>9}")
    for name, cpu in spent.items():
        print(f"  {name:10} {cpu.total * 1e3:14.2f} {cpu.main * 1e3:12.2f} {cpu.pool * 1e3:9.2f}")
    share = sum(spent[name].pool for name in POOLED) / sum(spent[name].total for name in POOLED)
    print(f"  pool workers' share of the CPU of {' and '.join(POOLED)}: {share:.2f} (goal: at least .80)")
    return share >= 0.8


@contextmanager
def _service(command: list[str], environment: dict[str, str], log: Path) -> Iterator[int]:
    with log.open("wb") as out:
        process = subprocess.Popen(command, env=environment, stdout=out, stderr=subprocess.STDOUT)
        try:
            yield process.pid
        except BaseException:
            print(f"{log.name}: {log.read_text()[-2000:]}", file=sys.stderr)
            raise
        finally:
            process.terminate()
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()


def cpu_of(pid: int) -> Cpu:
    """CPU of a process and of everything below it, dead children that were waited for included."""
    own, _ = _times(pid)
    return Cpu(own, sum(sum(_times(child)) for child in processes_below(pid)))


def processes_below(pid: int) -> Iterator[int]:
    """Its children and theirs; one that ends meanwhile is left out."""
    try:
        found = [
            c for task in Path(f"/proc/{pid}/task").iterdir() for c in (task / "children").read_text().split()
        ]
    except (FileNotFoundError, ProcessLookupError):
        return
    for child in found:
        yield int(child)
        yield from processes_below(int(child))


def _times(pid: int) -> tuple[float, float]:
    """Seconds of the process itself, and of its children that it has waited for."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0, 0.0  # ended: its time is with whoever waited for it
    user, system, children_user, children_system = (int(field) / TICK for field in fields[11:15])
    return user + system, children_user + children_system
