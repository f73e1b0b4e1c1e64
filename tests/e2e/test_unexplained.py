"""A record that is lost on purpose is missed by the account, named by `status`, and resolved by an operator."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest

from claimstream.cli import main
from claimstream.compose import oldest_unsettled
from claimstream.databases import variable
from claimstream.kafka import Broker
from claimstream.readers import READERS
from claimstream.sample import SampleSite
from services.fetcher.account_read import unexplained
from services.fetcher.resolution import close, refetch
from shared.database import now_us
from shared.pipeline.kafka.groups import oldest_uncommitted
from shared.pipeline.kafka.sender import KafkaSender
from shared.pipeline.results import Emit
from shared.pipeline.stage import Batch
from tests.e2e.kafka_world import KafkaWorld
from tests.e2e.site import Article, ScenarioSite

HOUR = 3600.0
FILLER = (
    "The ferry between the two islands has been out of service since the storm, and the post comes by helicopter.",
    "A new timetable is expected by the end of the week, when the harbour board has met.",
)


def swallow(batch: Batch[Any]) -> None:
    """A stage that commits a record and does nothing for it: what must never happen."""
    for place in batch.unsettled():
        batch.settle(place, Emit())


@pytest.fixture
def status(
    kafka_world: KafkaWorld, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Any:
    """`claimstream status` on this world: its exit code and its last line that begins with ``in``."""
    for service, url in kafka_world.urls.items():
        monkeypatch.setenv(variable(service), url)
    monkeypatch.setenv("CLAIMSTREAM_PREFIX", kafka_world.prefix)
    monkeypatch.setenv("CLAIMSTREAM_KAFKA_BOOTSTRAP", kafka_world.kafka.bootstrap)

    async def run() -> tuple[int, str]:
        capsys.readouterr()
        code = await asyncio.to_thread(main, ["status", "--unexplained-after", "0s"])
        lines = capsys.readouterr().out.splitlines()
        return code, next(line for line in lines if line.startswith("in "))

    return run


async def test_a_dropped_record_is_unexplained_until_an_operator_resolves_it(
    served: SampleSite, kafka_world: KafkaWorld, status: Any
) -> None:
    world = kafka_world
    site = ScenarioSite(served, FILLER)

    async def probe() -> float | None:
        return await oldest_uncommitted(world.options, world.prefix, list(READERS))

    async def missing() -> list[str] | None:
        return await unexplained(world.frontier, 0.0, probe)

    def article(name: str) -> Article:
        return Article(
            f"News of the {name}", [f"“We have seen the {name} ourselves,” said Anna Berg, a sailor."]
        )

    for name in ("ferry", "whale", "light"):
        site.publish(f"/{name}", article(name))

    await world.submit(site.url("/ferry"))
    await world.quiet()
    assert await missing() == []
    assert await status() == (0, "in 1 = stored 1 + open 0; unexplained 0")

    world.board.break_("cleaner.pages", swallow)
    world.board.hold("cleaner.pages")
    await world.submit(site.url("/whale"))
    await world.board.until_held("cleaner.pages")
    await world.until_fetched()
    assert await missing() is None, "while a record lies uncommitted nobody can say that it is lost"
    assert (await status())[1] == "in 2 = stored 1 + open 1; unexplained unknown"

    world.board.release("cleaner.pages")
    await world.quiet()
    whale = world.visit_of(site.url("/whale"))
    assert await missing() == [whale]
    assert await status() == (1, "in 2 = stored 1 + open 1; unexplained 1")

    await world.submit(site.url("/light"))
    await world.quiet()
    light = world.visit_of(site.url("/light"))
    assert await missing() == [whale, light]

    world.board.repair("cleaner.pages")
    assert await refetch(world.frontier, site.url("/whale")) == whale
    await world.quiet()
    assert await close(world.frontier, light) == [light]
    await world.quiet()
    assert await missing() == []
    assert (await world.account()).fates == {"stored": 2, "dead": 1}
    assert [(told.fate, told.code) for told in await world.told() if told.url == site.url("/light")] == [
        ("dead", "lost")
    ]
    assert await status() == (0, "in 3 = stored 2 + dead 1 + open 0; unexplained 0")


async def test_while_the_store_cannot_send_what_it_says_nobody_can_say_what_is_lost(
    served: SampleSite, kafka_world: KafkaWorld
) -> None:
    world = kafka_world
    site = ScenarioSite(served, FILLER)
    site.publish(
        "/whale",
        Article("News of the whale", ["“We have seen it,” said Anna Berg, a sailor of the harbour."]),
    )
    broker = Broker(world.common, world.kafka)

    async def missing() -> list[str] | None:
        """As the heartbeat asks, an hour from now."""
        return await unexplained(
            world.frontier, HOUR / 2, lambda: oldest_unsettled(broker), now=lambda: now_us() + int(HOUR * 1e6)
        )

    async def until(expected: list[str] | None) -> None:
        """The broker answers before a mark can be read."""
        async with asyncio.timeout(60):
            while await missing() != expected:
                await asyncio.sleep(0.2)

    world.board.break_("extractor.articles", swallow)
    await world.submit(site.url("/whale"))
    await world.quiet()
    whale = world.visit_of(site.url("/whale"))
    await until([whale])

    await world.leave("store")
    relay = KafkaSender(
        world.options,
        prefix=world.prefix,
        max_bytes=world.max_bytes,
        transactional_id=f"{world.prefix}.store.relay",
    )
    await relay.mark("store", "relay", int((time.time() - HOUR / 6) * 1000))
    await relay.close()
    await until(None)

    await world.join("store")
    await until([whale])
