"""A walk over the fail points: each service is killed at one after the other, all services at the same time."""

from __future__ import annotations

import asyncio
import random
import signal
from collections import Counter
from collections.abc import Callable

from claimstream.sample import SampleSite
from shared.pipeline.fail_points import VARIABLE
from tests.chaos.invariants import check
from tests.chaos.points import points_of
from tests.chaos.press import Press
from tests.chaos.process import LOOK_SECONDS, ServiceProcess
from tests.chaos.process_world import CRAWL_DELAY, SERVICES, ProcessWorld

# A loaded machine starts a process in ten seconds, and a group waits six for the member that was killed before.
REACH_SECONDS = 300.0
EDITION_SECONDS = 1.5
QUIET_SECONDS = 180.0
MOST_TIMES = 3

Say = Callable[[str], None]


async def walk(
    world: ProcessWorld, press: Press, site: SampleSite, *, seed: int, say: Say = print
) -> Counter[str]:
    """Kill each service at each of its points, in an order and at a passing that the seed draws; then check.

    Raises AssertionError for a point that is not reached, and for whatever does not hold afterwards.
    """
    drawn = random.Random(seed)
    world.poll(press.feed_url)
    printing = asyncio.create_task(_print(world, press), name="press")
    try:
        async with asyncio.TaskGroup() as group:
            for service in SERVICES:
                points = [(point, drawn.randint(1, MOST_TIMES)) for point in points_of(service)]
                drawn.shuffle(points)
                group.create_task(_kill_at_each(world, service, points, say))
    finally:
        printing.cancel()
        await asyncio.gather(printing, return_exceptions=True)
    await press.publish(world)
    await world.quiet(QUIET_SECONDS)
    counts = await check(world, press, site, crawl_delay=CRAWL_DELAY)
    return counts | Counter(kills=sum(len(points_of(service)) for service in SERVICES))


async def _print(world: ProcessWorld, press: Press) -> None:
    """Editions without end, but never more than the services come up with."""
    while True:
        await press.publish(world)
        await asyncio.sleep(EDITION_SECONDS)
        await world.until_open_visits_are_below(2 * len(press.paths))


async def _kill_at_each(world: ProcessWorld, service: str, points: list[tuple[str, int]], say: Say) -> None:
    for point, times in points:
        process = await world.spawn(service, {VARIABLE: f"{point}:{times}"})
        try:
            status = await process.ended(REACH_SECONDS)
        except TimeoutError:
            raise AssertionError(f"{point} was not reached {times} times: {process.end_of_log()}") from None
        assert status == -signal.SIGKILL, f"{point}: status {status}: {process.end_of_log()}"
        say(f"killed at {point}, passing {times}")
        await _no_orphans(process)
    await world.spawn(service)


async def _no_orphans(process: ServiceProcess, seconds: float = 30) -> None:
    """What a killed process had started ends by itself: on a machine without containers nobody else ends it."""
    async with asyncio.timeout(seconds):
        while process.children():
            await asyncio.sleep(LOOK_SECONDS)
