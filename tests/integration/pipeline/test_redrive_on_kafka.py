"""Dead letters go back once, and what the groups have not done yet is known."""

from __future__ import annotations

import time
from collections import Counter

from shared.pipeline.kafka.groups import Reader, lags, oldest_uncommitted
from shared.pipeline.kafka.letters import read_letters, redrive
from shared.pipeline.kafka.sender import KafkaSender
from shared.pipeline.redrive import plan
from shared.pipeline.results import Result
from shared.pipeline.stage import Item
from tests.integration.pipeline.harness import World, echo, echo_stage, max_bytes, running

READER = Reader("echo", "urls", "urls")


async def test_a_mended_service_gets_its_letters_back_once(world: World) -> None:
    await world.create(partitions=2)
    await world.produce([b"good", b"bad 1", b"bad 2"], headers=[("ce_id", b"1"), ("odd", b"\xff")])
    tries: Counter[bytes] = Counter()

    async def broken(item: Item[bytes]) -> Result:
        tries[item.value] += 1
        if item.value != b"good":
            raise ValueError("not yet mended")
        return await echo(item)

    async with running(world.service(echo_stage(broken))):
        await world.until_committed(3)
    letters = await read_letters(world.options, world.prefix, ["urls!echo", "pages!echo"])
    assert [(one.code, one.attempt, one.redriven) for one in letters] == [("handler-failed", 1, False)] * 2

    sender = KafkaSender(
        world.options, prefix=world.prefix, max_bytes=max_bytes, transactional_id=f"{world.prefix}.redrive"
    )
    try:
        await redrive(sender, plan(letters).chosen)
    finally:
        await sender.close()
    again = await read_letters(world.options, world.prefix, ["urls!echo"])
    assert [one.redriven for one in again] == [True, True]
    assert plan(again).chosen == ()

    async with running(world.service()):
        assert await world.until_out(3) == {b"good": 1, b"bad 1": 1, b"bad 2": 1}
    assert {dict(r.headers).get("ce_attempt") for r in await world.read("fates") if r.value != b"good"} == {
        b"2"
    }


async def test_what_a_group_has_not_committed_is_counted_and_its_age_is_known(world: World) -> None:
    await world.create(partitions=2)
    await world.produce([b"%d" % number for number in range(10)])
    began = time.time()
    (lag,) = await lags(world.options, world.prefix, [READER])
    assert (lag.committed, lag.behind) == (0, 10)
    assert 0 <= lag.oldest < time.time() - began + 10
    async with running(world.service()):
        await world.until_committed(10)
    (lag,) = await lags(world.options, world.prefix, [READER])
    assert (lag.committed, lag.behind, lag.oldest) == (10, 0, 0.0)
    assert await oldest_uncommitted(world.options, world.prefix, [READER]) == 0.0
