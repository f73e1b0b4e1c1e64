"""A backlog through all services at once: the rate of the whole, what a page costs, whether memory stays as it is."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from bench.load.meter import Reading, Spent, between
from bench.load.world import LOOK_SECONDS, SERVICES, Patience, World, frontier, progress, urls

FROM, TO = 0.1, 0.9  # of the pages, between which the rate is taken: all services have work then
# Of the first tenth of the samples after the start, the last tenth may have so much more: allocators keep some room,
# and 15 % of 150 MiB over a backlog of 100,000 pages is 230 bytes a page. A leak of a page's record is ten times that.
CONSTANT = 1.15
# To count what is done takes the database a walk over all visits: 100,000 are counted every five seconds.
PAGES_A_SECOND_BETWEEN_LOOKS = 20_000


@dataclass(frozen=True, slots=True)
class Memory:
    """MiB of a service: when a tenth was done, at most, at the end; ``growth`` compares the ends of the samples."""

    start: float
    peak: float
    end: float
    growth: float

    @property
    def constant(self) -> bool:
        return self.growth <= CONSTANT


@dataclass(frozen=True, slots=True)
class Backlog:
    """``cpu_ms``: of each part, a page. ``memory`` by service."""

    pages: int
    seconds: float
    rate: float
    spent: Spent
    cpu_ms: dict[str, float]
    limit: str
    memory: dict[str, Memory]


async def drain(made: World, site: int, pages: int, first: int) -> Backlog:
    """All services run already; ``first`` is the number of the first page that nobody has had yet.

    What an earlier measurement left behind is let through first, so that none of it counts as this backlog's.
    """
    engine = frontier(made)
    try:
        patience = Patience()
        while (before := (await progress(engine)).fated) < first:
            await patience.look(before)
        meter = made.meter(load=[site])
        patience = Patience(every=max(LOOK_SECONDS, pages / PAGES_A_SECOND_BETWEEN_LOOKS))
        await made.submit(urls(made, pages, first))
        start: tuple[int, Reading] | None = None
        end: tuple[int, Reading] | None = None
        samples: list[dict[str, float]] = []
        began = meter.read()
        while (done := (await progress(engine)).fated - before) < pages:
            if done >= pages * FROM:
                samples.append(meter.memory())
                start = start or (done, meter.read())
            if done >= pages * TO:
                end = end or (done, meter.read())
            await patience.look(done)
        last = meter.read()
        samples.append(meter.memory())
        end = end or (pages, last)
        if start is None or start[0] == end[0]:  # too few pages for a tenth to be seen
            start = (0, began)
    finally:
        await engine.dispose()
    spent = between(start[1], end[1])
    rate = (end[0] - start[0]) / spent.seconds
    return Backlog(
        pages,
        last.at - began.at,
        rate,
        spent,
        {part: cores / rate * 1e3 for part, cores in spent.cpu.items()},
        spent.limit(),
        {name: memory_of([sample[name] for sample in samples]) for name in SERVICES},
    )


def memory_of(samples: Sequence[float]) -> Memory:
    """From MiB in the order of time."""
    tenth = max(1, len(samples) // 10)
    first, last = statistics.median(samples[:tenth]), statistics.median(samples[-tenth:])
    return Memory(samples[0], max(samples), samples[-1], last / first)
