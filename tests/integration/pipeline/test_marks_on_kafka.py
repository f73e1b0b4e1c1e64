"""A source's mark on a real broker: kept, renewed, and unknown while nobody ever said it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from shared.contracts.topics import FATES
from shared.pipeline.kafka.marks import unsent_seconds
from shared.pipeline.kafka.sender import KafkaSender
from shared.pipeline.kafka.topics import apply_topics
from shared.topics_file import load_topics
from tests.integration.pipeline.harness import World

TOLERANCE = 60.0


async def until(world: World, told: Callable[[float | None], bool]) -> None:
    """The broker answers a commit before its transaction's offsets can be read."""
    async with asyncio.timeout(60):
        while not told(await unsent_seconds(world.options, world.prefix, "store", "relay")):
            await asyncio.sleep(0.1)


async def test_a_mark_is_as_old_as_what_it_says_and_a_newer_one_takes_its_place(world: World) -> None:
    await apply_topics(world.options, world.prefix, [load_topics()[FATES]])
    sender = KafkaSender(
        world.options,
        prefix=world.prefix,
        max_bytes=lambda _: 2**20,
        transactional_id=f"{world.prefix}.store.relay",
    )
    try:
        now = time.time()
        await sender.mark("store", "relay", int((now - 900) * 1000))
        await until(world, lambda age: age is not None and age > 900 - TOLERANCE)
        assert await unsent_seconds(world.options, world.prefix, "store", "nobody") is None
        await sender.mark("store", "relay", int(now * 1000))
        await until(world, lambda age: age is not None and age < TOLERANCE)
    finally:
        await sender.close()
