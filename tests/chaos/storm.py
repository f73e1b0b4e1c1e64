"""A storm: faults drawn from a seed for so many seconds, while editions go in; then calm, and everything is checked."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Sequence

from claimstream.sample import SampleSite
from tests.chaos.faults import OF_PROCESSES, OF_SERVERS, OF_WIRES, Fault, Scene
from tests.chaos.invariants import check
from tests.chaos.press import Press
from tests.chaos.process_world import CRAWL_DELAY, ProcessWorld
from tests.chaos.servers import Servers

CREW = ("fetcher", "fetcher", "cleaner", "extractor", "store", "store", "relay")
PAUSE = (0.2, 3.0)
SECOND_FAULT = 0.3  # how often another one strikes at the same time
EDITION_SECONDS = 2.0
LOOK_SECONDS = 0.2
QUIET_SECONDS = 300.0


class Storm:
    """``faults``: in this order, each once, instead of drawn ones."""

    def __init__(
        self, world: ProcessWorld, press: Press, site: SampleSite, servers: Servers, *, seed: int
    ) -> None:
        self._world, self._press, self._site, self._servers = world, press, site, servers
        self._drawn = random.Random(seed)
        self._began = time.monotonic()
        self.ended: Counter[str] = Counter()
        self.struck: Counter[str] = Counter()

    def say(self, text: str) -> None:
        print(f"  {time.monotonic() - self._began:6.1f} s  {text}", flush=True)

    async def run(self, seconds: float, faults: Sequence[Fault] | None = None) -> Counter[str]:
        """Raises AssertionError for whatever does not hold afterwards; counts, for the report."""
        self._world.poll(self._press.feed_url)
        for service in CREW:
            await self._world.spawn(service)
        for process in self._world.living():
            await process.until_running()
        beside = [
            asyncio.create_task(self._print(), name="press"),
            asyncio.create_task(self._supervise(), name="supervisor"),
        ]
        try:
            await (self._strike_each(faults) if faults else self._strike(seconds))
            await self._calm()
        finally:
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)
        await self._settle()
        counts = await check(self._world, self._press, self._site, crawl_delay=CRAWL_DELAY)
        return counts + self.struck

    async def _strike(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            first = self._draw()
            if self._drawn.random() < SECOND_FAULT:
                # Of another kind: a server that is started twice at once proves nothing.
                second = self._drawn.choice(OF_PROCESSES + OF_WIRES)
                await asyncio.gather(self._one(first), self._one(second))
            else:
                await self._one(first)
            await asyncio.sleep(self._drawn.uniform(*PAUSE))

    async def _strike_each(self, faults: Sequence[Fault]) -> None:
        for fault in faults:
            await self._one(fault)
            await asyncio.sleep(self._drawn.uniform(*PAUSE))

    def _draw(self) -> Fault:
        """Kinds first, so that there being more faults of servers does not make them more frequent."""
        return self._drawn.choice(self._drawn.choice((OF_PROCESSES, OF_WIRES, OF_SERVERS)))

    async def _one(self, fault: Fault) -> None:
        await fault(Scene(self._world, self._servers, self._drawn, self.say))
        self.struck[getattr(fault, "__name__", "fault")] += 1

    async def _calm(self) -> None:
        await self._servers.heal()
        for process in self._world.living():
            process.wake()
            process.step_clock(0.0)
            for wire in process.wires:
                wire.heal()

    async def _settle(self) -> None:
        self.say("calm")
        supervisor = asyncio.create_task(self._supervise(), name="supervisor")
        try:
            await self._press.publish(self._world)
            await self._world.quiet(QUIET_SECONDS)
        finally:
            supervisor.cancel()
            await asyncio.gather(supervisor, return_exceptions=True)
        self.say("quiet")

    async def _print(self) -> None:
        while True:
            await self._press.publish(self._world)
            await asyncio.sleep(EDITION_SECONDS)
            await self._world.until_open_visits_are_below(2 * len(self._press.paths))

    async def _supervise(self) -> None:
        """A process that ends by itself is started again, as compose does; the report names it."""
        seen = {process for process in self._world.processes if process.status is not None}
        while True:
            for process in [*self._world.processes]:
                if process in seen or process.status is None:
                    continue
                seen.add(process)
                if process.asked_to_end:
                    continue
                self.ended[f"{process.service} ended by itself, status {process.status}"] += 1
                self.say(f"{process.service} ended by itself: {process.end_of_log()[-600:]}")
                await self._world.spawn(process.service)
            await asyncio.sleep(LOOK_SECONDS)
