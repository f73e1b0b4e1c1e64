"""What every service needs goes away for long, and comes back.

The services are processes, and every interval in them is production's: only the absence is shorter than ten minutes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from claimstream.devservices import Kafka, Postgres
from claimstream.sample import SampleSite
from tests.chaos.invariants import check
from tests.chaos.press import Press
from tests.chaos.process_world import CRAWL_DELAY, SERVICES, ProcessWorld

SIZE = 6
AWAY_SECONDS = 20.0  # the back-off has reached seconds by then, and every send its deadline of five
QUIET_SECONDS = 240.0


@pytest.fixture
def servers(kafka: Kafka, postgres: Postgres) -> Iterator[tuple[Kafka, Postgres]]:
    """They run again when the test has ended, however that was."""
    yield kafka, postgres
    kafka.start()
    postgres.start()


@pytest.mark.timeout(900)
async def test_a_database_and_then_a_broker_that_are_away_for_long_cost_no_record_and_no_dead_letter(
    servers: tuple[Kafka, Postgres], world: ProcessWorld, site: SampleSite
) -> None:
    press = Press(site, SIZE)
    world.poll(press.feed_url)
    for service in SERVICES:
        await world.spawn(service)
    await press.publish(world)
    for server in reversed(servers):
        announcing = asyncio.create_task(press.publish(world))
        await asyncio.to_thread(server.stop)
        await asyncio.sleep(AWAY_SECONDS)
        await asyncio.to_thread(server.start)
        await announcing
    await press.publish(world)
    await world.quiet(QUIET_SECONDS)
    await check(world, press, site, crawl_delay=CRAWL_DELAY)
    assert world.complaints() == {}
    assert len(world.living()) == len(SERVICES), "a dependency that is away ends no process"
