"""A stage on a real Kafka: what it promises of single records."""

from __future__ import annotations

import gc
import os

from aiokafka import ConsumerRecord

from shared import metrics
from shared.contracts.record import Outgoing
from shared.pipeline.results import Emit, Reject, Result
from shared.pipeline.stage import Item
from tests.integration.pipeline.harness import MAX_BYTES, World, counted, echo, echo_stage, running, until

TRACE = b"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00"


async def test_every_record_comes_out_once_and_its_offset_is_committed(world: World) -> None:
    await world.create()
    values = [b"value %d" % index for index in range(300)]
    await world.produce(values)
    async with running(world.service()):
        await world.until_out(len(values))
        await world.until_committed(len(values))
    await world.produce([b"the last"])
    async with running(world.service()):
        out = await world.until_out(len(values) + 1)
    assert out == dict.fromkeys([*values, b"the last"], 1)


async def test_a_handled_batch_is_not_kept_in_memory_until_its_time_would_have_been_up(world: World) -> None:
    await world.create()
    await world.produce([b"%d" % number for number in range(50)], partition=0)

    async def none_left() -> bool:
        return not any(
            isinstance(one, ConsumerRecord) and one.topic == world.topic("urls") for one in gc.get_objects()
        )

    gc.disable()  # a cycle through a batch would keep it as well
    try:
        async with running(world.service(echo_stage(batch=10), batch_seconds=45)):
            await world.until_committed(50)
            await until(none_left, 25)
    finally:
        gc.enable()


async def test_what_cannot_be_decoded_is_a_dead_letter_and_the_next_record_is_handled(world: World) -> None:
    await world.create()
    await world.produce([b"", None, b"good"], partition=0)
    await world.produce_raw([{}, {"key": b"k", "value": b"also good"}], partition=0)
    async with running(world.service()):
        await world.until_out(2)
    letters = await world.letters()
    assert [letter["dead_code"] for letter in letters] == [b"undecodable"] * 3
    assert [letter["dead_null"] for letter in letters] == [b"", b"value", b"key,value"]
    assert [letter["dead_offset"] for letter in letters] == [b"0", b"1", b"3"]
    assert await world.committed() == {0: 5}


async def test_the_dead_letter_of_the_largest_record_that_a_topic_takes_fits_its_topic(world: World) -> None:
    await world.create()
    largest = os.urandom(MAX_BYTES - 1000)  # nothing that a compressor could make smaller
    await world.produce(
        [largest], headers=[("foreign", None), ("broken", b"\xff\xfe"), ("dead_code", b"theirs")]
    )

    async def fail(_item: Item[bytes]) -> Result:
        raise ValueError("x" * 100_000)

    async with running(world.service(echo_stage(fail))):
        await world.until_committed(1)
    (letter,) = await world.read("urls!echo")
    assert letter.value == largest
    assert letter.headers[:3] == (("foreign", None), ("broken", b"\xff\xfe"), ("dead_code", b"theirs"))
    assert dict(letter.headers)["dead_code"] == b"handler-failed"


async def test_a_record_too_large_for_its_topic_is_given_up_and_its_neighbours_come_out(world: World) -> None:
    await world.create()
    values = [b"%d" % number for number in range(9)]
    await world.produce(values, partition=0)

    async def grow(item: Item[bytes]) -> Result:
        value = os.urandom(MAX_BYTES) if item.value == b"4" else item.value
        return Emit((Outgoing("fates", item.record.key, value),))

    async with running(world.service(echo_stage(grow))):
        await world.until_committed(9)
    assert await world.out() == dict.fromkeys([v for v in values if v != b"4"], 1)
    assert [letter["dead_code"] for letter in await world.letters()] == [b"record-too-large"]


async def test_a_redriven_record_is_for_one_service_and_its_attempt_and_trace_go_on(world: World) -> None:
    await world.create()
    await world.produce([b"for another"], headers=[("ce_to", b"cleaner"), ("ce_attempt", b"2")])
    redriven = [("ce_to", b"echo"), ("ce_attempt", b"2"), ("traceparent", TRACE)]
    await world.produce([b"for us"], headers=redriven)
    async with running(world.service()):
        await world.until_out(1)
        await world.until_committed(2)
    (out,) = await world.read("fates")
    assert out.value == b"for us"
    assert dict(out.headers) == {"ce_attempt": b"2", "traceparent": TRACE}


async def test_a_rejected_record_tells_the_account_why(world: World) -> None:
    await world.create()
    await world.produce([b"unwanted"])

    async def reject(_item: Item[bytes]) -> Result:
        return Reject("not-an-article", "It has no text.")

    stage = echo_stage(
        reject, fate=lambda record, _envelope, why: [Outgoing("fates", record.key, why.code.encode())]
    )
    before = counted(metrics.records_out, "echo.urls", "reject", "not-an-article")
    async with running(world.service(stage)):
        assert await world.until_out(1) == {b"not-an-article": 1}
        await world.until_committed(1)
    assert counted(metrics.records_out, "echo.urls", "reject", "not-an-article") == before + 1
    assert await world.letters() == []


async def test_a_handler_that_fails_for_a_whole_batch_costs_only_the_record_to_blame(world: World) -> None:
    await world.create()
    values = [b"%d" % number for number in range(20)]
    await world.produce(values, partition=0)

    async def fragile(item: Item[bytes]) -> Result:
        if item.value == b"7":
            raise ZeroDivisionError("seven")
        return await echo(item)

    async with running(world.service(echo_stage(fragile, parallel=20))):
        await world.until_committed(20)
    assert await world.out() == dict.fromkeys([v for v in values if v != b"7"], 1)
    (letter,) = await world.letters()
    assert (letter["dead_code"], letter["dead_offset"]) == (b"handler-failed", b"7")
