"""FastStream's traps: the plain library beside a stage of ours, on the same records."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import pytest
from faststream.kafka import KafkaBroker
from pydantic import BaseModel

from shared.contracts.envelope import Envelope
from shared.contracts.record import Outgoing, Record
from shared.errors import DatabaseAway, Undecodable
from shared.pipeline.results import Emit, Result
from shared.pipeline.stage import Item, Stage, each
from tests.integration.pipeline.harness import World, echo, echo_stage, running, until

PLAIN = "plain"


class Number(BaseModel):
    number: int


@contextlib.asynccontextmanager
async def plain(world: World, handler: Any, **options: Any) -> AsyncIterator[None]:
    """A FastStream subscriber of `urls` as its documentation shows it."""
    broker = KafkaBroker(world.bootstrap, logger=None)
    broker.subscriber(
        world.topic("urls"), group_id=PLAIN + world.prefix, auto_offset_reset="earliest", **options
    )(handler)
    async with broker:
        await broker.start()
        yield


async def plain_is_past(world: World, offset: int) -> None:
    async def past() -> bool:
        return sum((await world.committed(PLAIN + world.prefix)).values()) >= offset

    await until(past)


async def test_plain_faststream_loses_a_record_whose_handler_failed_and_ours_does_not(world: World) -> None:
    await world.create(partitions=1)
    await world.produce([b"one", b"two", b"three"])
    handled: list[bytes] = []

    async def fails_at_first(body: bytes) -> None:
        if body == b"two" and not broken:
            broken.append(body)
            raise ConnectionError("the database is away")
        handled.append(body)

    broken: list[bytes] = []
    async with plain(world, fails_at_first):
        await plain_is_past(world, 3)
    async with plain(world, fails_at_first):
        await asyncio.sleep(0.5)
    assert handled == [b"one", b"three"]

    broken.clear()

    async def ours(item: Item[bytes]) -> Result:
        if item.value == b"two" and not broken:
            broken.append(item.value)
            raise DatabaseAway("the database is away")
        return await echo(item)

    async with running(world.service(echo_stage(ours))):
        await world.until_committed(3)
    assert await world.out() == {b"one": 1, b"two": 1, b"three": 1}
    assert await world.letters() == []


@pytest.mark.parametrize("value", [None, b"\xff\xfe"], ids=["null", "not UTF-8"])
async def test_plain_faststream_passes_over_a_record_with_such_a_header_value_and_ours_does_not(
    world: World, value: bytes | None
) -> None:
    await world.create(partitions=1)
    await world.produce([b"odd"], headers=[("foreign", value)])
    await world.produce([b"even"])
    handled: list[bytes] = []

    async def handle(body: bytes) -> None:
        handled.append(body)

    async with plain(world, handle):
        await plain_is_past(world, 2)
    assert handled == [b"even"]

    async with running(world.service()):
        await world.until_committed(2)
    assert await world.out() == {b"odd": 1, b"even": 1}


async def test_plain_faststream_loses_a_typed_batch_for_one_bad_record_and_ours_gives_up_that_record(
    world: World,
) -> None:
    await world.create(partitions=1)
    await world.produce([b'{"number": 1}', b'{"number": "one"}', b'{"number": 2}'])
    handled: list[int] = []

    async def handle(batch: list[Number]) -> None:
        handled.extend(entry.number for entry in batch)

    async with plain(world, handle, batch=True, batch_timeout_ms=1_000):
        await plain_is_past(world, 3)
        assert handled == []
        await world.produce([b'{"number": 3}'])  # a batch without the bad one
        await plain_is_past(world, 4)
    assert handled == [3]

    def decode(record: Record, _envelope: Envelope) -> Number:
        try:
            return Number.model_validate_json(record.value or b"")
        except ValueError as error:
            raise Undecodable(str(error)) from None

    async def emit(item: Item[Number]) -> Result:
        return Emit((Outgoing("fates", item.record.key, b"%d" % item.value.number),))

    async with running(world.service(Stage("echo", "urls", "urls", decode, each(emit)))):
        await world.until_committed(4)
    assert await world.out() == {b"1": 1, b"2": 1, b"3": 1}
    assert [letter["dead_offset"] for letter in await world.letters()] == [b"1"]
