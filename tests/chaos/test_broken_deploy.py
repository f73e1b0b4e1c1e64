"""A release whose handler fails on everything: its stage stops and says so, and what it gave up is brought back once.

Real processes, and the commands that an operator types.
"""

from __future__ import annotations

import asyncio
import urllib.error
import urllib.request

import pytest

from claimstream.devservices.process import free_port
from claimstream.sample import SampleSite
from shared.contracts import topics
from shared.contracts.topics import dead as dead_topic
from shared.pipeline.limits import IN_A_ROW
from tests.chaos.press import Press
from tests.chaos.process_world import SERVICES, ProcessWorld

SIZE = 9
STOPPED_SECONDS = 240.0
QUIET_SECONDS = 240.0
EDITION_SECONDS = 2.0
STOPPED = 'claimstream_stage_stopped{stage="extractor.articles"} 1.0'
DEAD = dead_topic(topics.ARTICLES, "extractor")


@pytest.mark.timeout(900)
async def test_a_handler_that_fails_on_everything_stops_its_stage_and_redrive_brings_all_back_once(
    world: ProcessWorld, site: SampleSite
) -> None:
    press = Press(site, SIZE)
    world.poll(press.feed_url)
    port = free_port()
    broken = await world.spawn("extractor", {"CLAIMSTREAM_HEALTH_PORT": str(port)}, broken=True)
    for service in SERVICES:
        if service != "extractor":
            # Without canaries: what is counted here is what the press brings.
            await world.spawn(service, {"CLAIMSTREAM_FETCHER_CANARY_EVERY": "0"})

    async with asyncio.timeout(STOPPED_SECONDS):
        while "dead-letter-limit" not in await asyncio.to_thread(_answer, port, "/ready"):
            await press.publish(world)
            await asyncio.sleep(EDITION_SECONDS)
    (said,) = [line for line in broken.lines() if line.get("event") == "stage stopped"]
    assert (said["stage"], said["code"]) == ("extractor.articles", "dead-letter-limit")
    assert "redrive" in said["hint"]
    async with asyncio.timeout(STOPPED_SECONDS):  # the gauges are kept at intervals
        while STOPPED not in await asyncio.to_thread(_answer, port, "/metrics"):
            await asyncio.sleep(EDITION_SECONDS)
    assert broken.status is None, "it stays, so that whoever looks finds out why"

    # The release before goes on where the broken one stopped.
    assert await broken.end() == 0
    await world.spawn("extractor")
    await world.quiet(QUIET_SECONDS)
    given_up = len(letters := await world.letters())
    assert {letter.record.topic for letter in letters} == {DEAD}
    assert given_up <= IN_A_ROW, "what comes after the limit waits on its topic"
    account = await world.account()
    assert account.balances
    assert account.fates["dead"] > 0

    assert (await world.command("dead", "redrive")).endswith(f"redriven {given_up}, refused 0\n")
    await world.quiet(QUIET_SECONDS)
    account = await world.account()
    assert account.balances
    assert account.open == 0
    assert account.fates.keys() <= {"stored", "unchanged"}, account
    await press.check_newest_is_current(world)

    assert await world.command("dead", "redrive") == "redriven 0, refused 0\n"
    assert await world.command("dead", "ls") == "no dead letters\n"
    await world.quiet(QUIET_SECONDS)
    assert await world.account() == account


def _answer(port: int, path: str) -> str:
    """What the service's own port says; nothing while it is not there yet."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
            return str(answer.read().decode())
    except urllib.error.HTTPError as refused:
        return refused.read().decode()
    except OSError:
        return ""
