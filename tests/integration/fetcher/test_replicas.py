"""Three processes on one PostgreSQL are one guest: no host sees two requests at once, no page is fetched twice."""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from services.fetcher.app import migrate
from shared.database import open_database
from tests.integration.fetcher.loopback_site import LoopbackHost, Reply
from tests.integration.fetcher.rig import Rig, rig_on

REPLICAS = 3
SITES = 4
PAGES = 12
ROOT = Path(__file__).parents[3]


async def start(url: str, sent: Path, stop: Path) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.integration.fetcher.replica",
        url,
        str(sent),
        str(stop),
        cwd=ROOT,
        stderr=asyncio.subprocess.DEVNULL,
    )


async def until_all_sent(rig: Rig) -> None:
    async with asyncio.timeout(90):
        while await rig.queued():
            await asyncio.sleep(0.2)


async def crawled(database: str, tmp_path: Path, *, kill_one: bool) -> tuple[list[LoopbackHost], list[str]]:
    """Crawl everything with three processes; the hosts, and the URLs of all pages sent."""
    await migrate(database)
    engine = open_database(database)
    stop = tmp_path / "stop"
    async with AsyncExitStack() as stack:
        stack.push_async_callback(engine.dispose)
        rig = await stack.enter_async_context(rig_on(engine))
        hosts = [
            await stack.enter_async_context(LoopbackHost(default=Reply(seconds=0.03))) for _ in range(SITES)
        ]
        for number, host in enumerate(hosts):
            # Every third page lives at the next host.
            following = hosts[(number + 1) % SITES]
            host.pages |= {
                f"/{page}": Reply(301, b"", (("Location", following.url(f"/moved/{number}/{page}")),))
                for page in range(0, PAGES, 3)
            }
        await rig.submit(*(host.url(f"/{page}") for page in range(PAGES) for host in hosts))
        replicas = [await start(database, tmp_path / f"sent{n}", stop) for n in range(REPLICAS)]
        try:
            if kill_one:
                async with asyncio.timeout(60):
                    while not (tmp_path / "sent0").exists() or not (tmp_path / "sent0").read_text():
                        await asyncio.sleep(0.05)
                replicas[0].kill()
            await until_all_sent(rig)
        finally:
            stop.touch()
            for replica in replicas:
                await replica.wait()
    sent = [
        line.split()[1]
        for number in range(REPLICAS)
        if (tmp_path / f"sent{number}").exists()
        for line in (tmp_path / f"sent{number}").read_text().splitlines()
    ]
    return hosts, sent


@pytest.mark.postgres
async def test_no_two_requests_to_a_host_overlap_over_three_processes(database: str, tmp_path: Path) -> None:
    hosts, sent = await crawled(database, tmp_path, kill_one=False)
    assert [host.most_at_once for host in hosts] == [1] * SITES
    assert Counter(Counter(sent).values()) == {1: SITES * PAGES}
    assert all(count == 1 for host in hosts for count in Counter(host.paths()).values())
    assert min(min(host.gaps()) for host in hosts) >= 0.019


@pytest.mark.postgres
async def test_what_a_killed_process_had_in_hand_is_fetched_by_another(database: str, tmp_path: Path) -> None:
    hosts, sent = await crawled(database, tmp_path, kill_one=True)
    expected = {host.url(f"/{page}") for host in hosts for page in range(PAGES)}
    # What was sent and not yet written down by the killed process may be missing from its list, so compare asked.
    asked = {host.url(path) for host in hosts for path in host.paths()}
    assert expected <= asked
    assert len(set(sent)) >= SITES * PAGES - 4
