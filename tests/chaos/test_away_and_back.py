"""What every service needs goes away for long, and comes back; a deploy that is broken stops, and all is brought back.

The services are processes, and every interval in them is production's: only the absence is shorter than ten minutes.
"""

from __future__ import annotations

import asyncio
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest

from claimstream.devservices import Kafka, Postgres
from claimstream.devservices.process import free_port
from claimstream.sample import SampleSite
from shared.contracts import topics
from shared.contracts.topics import dead as dead_topic
from shared.pipeline.limits import IN_A_ROW
from tests.chaos.invariants import check
from tests.chaos.press import Press
from tests.chaos.process_world import CRAWL_DELAY, SERVICES, ProcessWorld

SIZE = 6
AWAY_SECONDS = 20.0  # the back-off has reached seconds by then, and every send its deadline of five
QUIET_SECONDS = 240.0
EDITION_SECONDS = 2.0


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


@pytest.mark.timeout(900)
async def test_a_broken_deploy_stops_and_says_so_and_redrive_brings_all_back_once(
    world: ProcessWorld, site: SampleSite
) -> None:
    press = Press(site, SIZE)
    world.poll(press.feed_url)
    port = free_port()
    for service in SERVICES:
        broken = service == "extractor"
        await world.spawn(service, {"CLAIMSTREAM_HEALTH_PORT": str(port)} if broken else None, broken=broken)
    dead = dead_topic(topics.ARTICLES, "extractor")
    async with asyncio.timeout(QUIET_SECONDS):
        while "dead-letter-limit" not in await asyncio.to_thread(answer, port, "/ready"):
            await press.publish(world)
            await asyncio.sleep(EDITION_SECONDS)
    (extractor,) = [process for process in world.living() if process.service == "extractor"]
    stopped = [line for line in extractor.lines() if line.get("event") == "stage stopped"]
    assert [(line["stage"], line["code"]) for line in stopped] == [
        ("extractor.articles", "dead-letter-limit")
    ]
    assert "redrive" in stopped[0]["hint"]
    metrics = await asyncio.to_thread(answer, port, "/metrics")
    assert 'claimstream_stage_stopped{stage="extractor.articles"} 1.0' in metrics
    assert extractor.status is None, "it stays, so that whoever looks finds out why"
    # What it gave up before it stopped, and nothing more.
    assert len([letter for letter in await world.letters() if letter.record.topic == dead]) == IN_A_ROW

    assert await extractor.end() == 0
    await world.spawn("extractor")
    await world.quiet(QUIET_SECONDS)
    account = await world.account()
    assert account.balances
    assert account.fates["dead"] > 0
    assert await world.redrive(dead) == IN_A_ROW
    await world.quiet(QUIET_SECONDS)
    account = await world.account()
    assert account.fates.keys() <= {"stored", "unchanged"}, account
    assert await world.redrive(dead) == 0, "a second redrive of the same finds nothing"
    assert (await world.account()).open == 0


def answer(port: int, path: str) -> str:
    """What the service's own port says; nothing while it is not there yet."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as said:
            return str(said.read().decode())
    except urllib.error.HTTPError as said:
        return said.read().decode()
    except OSError:
        return ""
