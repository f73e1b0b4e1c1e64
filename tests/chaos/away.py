"""What every service needs goes away for long and comes back: the database first, then the broker."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable

from claimstream.devservices import Kafka, Postgres
from claimstream.sample import SampleSite
from tests.chaos.invariants import check
from tests.chaos.press import Press
from tests.chaos.process_world import CRAWL_DELAY, SERVICES, ProcessWorld
from tests.chaos.servers import start

QUIET_SECONDS = 240.0

Say = Callable[[str], None]


async def away(
    world: ProcessWorld,
    press: Press,
    site: SampleSite,
    kafka: Kafka,
    postgres: Postgres,
    *,
    seconds: float,
    say: Say = print,
) -> Counter[str]:
    """Each is away for so many seconds while an edition is announced; then everything is checked.

    Raises AssertionError for a record or a dead letter that it cost, for an error in a log, for a process that ended.
    """
    world.poll(press.feed_url)
    for service in SERVICES:
        await world.spawn(service)
    for process in world.living():
        await process.until_running()
    await press.publish(world)
    servers: tuple[tuple[str, Kafka | Postgres], ...] = (("database", postgres), ("broker", kafka))
    for name, server in servers:
        announcing = asyncio.create_task(press.publish(world))
        say(f"the {name} is away for {seconds:g} s")
        await asyncio.to_thread(server.stop)
        await asyncio.sleep(seconds)
        await start(server)
        await announcing
        say(f"the {name} is back")
    await press.publish(world)
    await world.quiet(QUIET_SECONDS)
    counts = await check(world, press, site, crawl_delay=CRAWL_DELAY)
    assert world.complaints() == {}
    assert len(world.living()) == len(SERVICES), "a dependency that is away ends no process"
    return counts
