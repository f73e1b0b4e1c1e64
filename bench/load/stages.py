"""The highest rate of each service alone: one after the other drains what the one before it has left."""

from __future__ import annotations

from dataclasses import dataclass

from bench.load.meter import Spent, between
from bench.load.world import SERVICES, Patience, World, frontier, progress, settled, urls, waiting
from claimstream.readers import READERS

FROM, TO = 0.1, 0.95  # of the records: its start-up and the last, unfull batches say nothing of its rate


@dataclass(frozen=True, slots=True)
class StageRate:
    """Pages a second, and CPU milliseconds of the service for one; so many ``pages`` were measured."""

    service: str
    pages: float
    rate: float
    cpu_ms: float
    limit: str
    spent: Spent


async def measure(made: World, site: int, pages: int) -> list[StageRate]:
    found = []
    for service in SERVICES:
        if service == "fetcher":
            found.append(await _fetcher(made, site, pages))
        else:
            found.append(await _stage(made, service))
    return found


async def _fetcher(made: World, site: int, pages: int) -> StageRate:
    engine = frontier(made)
    try:
        with made.service("fetcher"):
            await made.submit(urls(made, pages))
            meter, patience = made.meter(load=[site]), Patience()
            while (now := (await progress(engine)).fetched) < pages * FROM:
                await patience.look(now)
            first, before = now, meter.read()
            while (now := (await progress(engine)).fetched) < pages * TO:
                await patience.look(now)
            return _rate("fetcher", now - first, between(before, meter.read()))
    finally:
        await engine.dispose()


async def _stage(made: World, service: str) -> StageRate:
    """The last ones are left to it too: the next service needs them all."""
    backlog = await waiting(made, service)
    with made.service(service) as ports:
        meter, patience = made.meter(), Patience()
        while (now := settled(ports)) < backlog * FROM:
            await patience.look(now)
        first, before = now, meter.read()
        while (now := settled(ports)) < backlog * TO:
            await patience.look(now)
        # The store gets two records of a page: its article and its extraction.
        readers = sum(reader.service == service for reader in READERS)
        rate = _rate(service, (now - first) / readers, between(before, meter.read()))
        while (now := settled(ports)) < backlog:
            await patience.look(now)
    return rate


def _rate(service: str, pages: float, spent: Spent) -> StageRate:
    rate = pages / spent.seconds
    return StageRate(service, pages, rate, spent.cpu[service] / rate * 1e3, spent.limit(), spent)
