"""The sender beside aiokafka's own producer: sizes, poison, deadlines, fencing."""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiokafka.errors import MessageSizeTooLargeError, OutOfOrderSequenceNumber

from claimstream.devservices import Kafka
from shared.contracts.placement import partition_for
from shared.contracts.record import Outgoing
from shared.errors import BrokerAway, RecordTooLarge, TopicMissing
from shared.pipeline.kafka.sender import KafkaSender
from tests.integration.pipeline.harness import MAX_BYTES, World, max_bytes


@contextlib.asynccontextmanager
async def sender(world: World, **options: Any) -> AsyncIterator[KafkaSender]:
    made = KafkaSender(world.options, prefix=world.prefix, **{"max_bytes": max_bytes, **options})
    try:
        yield made
    finally:
        await made.close()


def out(value: bytes, topic: str = "urls") -> Outgoing:
    return Outgoing(topic, b"k", value)


async def test_one_record_too_large_for_its_topic_poisons_a_plain_producer(world: World) -> None:
    await world.create(partitions=1)
    topic = world.topic("urls")
    async with world.producer(
        enable_idempotence=True, linger_ms=50, max_batch_size=2 * MAX_BYTES
    ) as producer:
        await producer.send_and_wait(topic, b"before")
        acks = [
            await producer.send(topic, value)
            for value in (b"neighbour", os.urandom(MAX_BYTES + 1), b"neighbour")
        ]
        first = await asyncio.gather(*acks, return_exceptions=True)
        later = await asyncio.gather(await producer.send(topic, b"later"), return_exceptions=True)
    assert all(isinstance(result, MessageSizeTooLargeError) for result in first)
    assert isinstance(later[0], OutOfOrderSequenceNumber)


async def test_ours_refuses_it_before_anything_is_sent_and_goes_on(world: World) -> None:
    await world.create(partitions=1)
    async with sender(world) as ours:
        with pytest.raises(RecordTooLarge):
            await ours.send([out(b"neighbour"), out(os.urandom(MAX_BYTES + 1)), out(b"neighbour")])
        assert await world.read("urls") == []
        await ours.send([out(b"later")])
    assert [record.value for record in await world.read("urls")] == [b"later"]


async def test_a_topic_that_takes_less_than_we_believe_costs_one_send_and_one_producer(world: World) -> None:
    await world.create(partitions=1)
    async with sender(world, max_bytes=lambda _topic: 10 * MAX_BYTES) as ours:
        with pytest.raises(RecordTooLarge) as refused:
            await ours.send([out(os.urandom(2 * MAX_BYTES))])
        assert "topics apply" in refused.value.hint
        await ours.send([out(b"later")])
    assert [record.value for record in await world.read("urls")] == [b"later"]


async def test_a_record_without_key_and_value_is_refused_with_a_code(world: World) -> None:
    await world.create(partitions=1)
    async with sender(world) as ours:
        with pytest.raises(RecordTooLarge) as refused:
            await ours.send([Outgoing("urls", None, None)])
    assert refused.value.code == "record-empty"


async def test_a_topic_that_does_not_exist_is_named_and_not_taken_for_a_broker_that_is_away(
    world: World,
) -> None:
    await world.create(partitions=1)
    async with sender(world, deadline=1) as ours:
        with pytest.raises(TopicMissing, match=r"claims\.v1"):
            await ours.send([out(b"x", "claims")])


async def test_a_send_without_a_broker_ends_at_its_deadline_and_the_next_one_works(
    kafka: Kafka, world: World
) -> None:
    await world.create(partitions=1)
    async with (
        sender(world, deadline=4) as ours,
        sender(world, deadline=4, transactional_id="relay") as relay,
    ):
        await ours.send([out(b"1")])
        await relay.send_transaction([out(b"2")])
        await asyncio.to_thread(kafka.kill)
        try:
            began = time.monotonic()
            with pytest.raises(BrokerAway):
                await ours.send([out(b"3")])
            with pytest.raises(BrokerAway):
                await relay.send_transaction([out(b"4")])
            assert time.monotonic() - began < 25
        finally:
            await asyncio.to_thread(kafka.start)
        async with asyncio.timeout(30):
            for one in (ours.send, relay.send_transaction):
                while True:
                    try:
                        await one([out(b"5")])
                        break
                    except BrokerAway:
                        await asyncio.sleep(0.2)
    assert [record.value for record in await world.read("urls")][:2] == [b"1", b"2"]
    assert [record.value for record in await world.read("urls")][-2:] == [b"5", b"5"]


async def test_a_second_relay_fences_the_first_and_nothing_of_its_transaction_is_seen(world: World) -> None:
    await world.create(partitions=1)
    relay = f"{world.prefix}.relay"
    async with (
        sender(world, transactional_id=relay) as first,
        sender(world, transactional_id=relay) as second,
    ):
        await first.send_transaction([out(b"first")])
        await second.send_transaction([out(b"second")])
        with pytest.raises(BrokerAway) as fenced:
            await first.send_transaction([out(b"lost its place")])
        assert fenced.value.code == "relay-fenced"
        await second.send_transaction([out(b"second again")])
    assert [r.value for r in await world.read("urls")] == [b"first", b"second", b"second again"]


async def test_a_record_is_placed_where_the_contract_says_by_key_or_by_another_id(world: World) -> None:
    await world.create(partitions=6)
    ids = [f"00000000-0000-5000-8000-{number:012}".encode() for number in range(20)]
    async with sender(world) as ours:
        await ours.send([Outgoing("urls", one, b"by key") for one in ids])
        await ours.send([Outgoing("fates", b"k%d" % n, one, place_by=one) for n, one in enumerate(ids)])
    assert {(r.key, r.partition) for r in await world.read("urls")} == {(i, partition_for(i, 6)) for i in ids}
    assert {(r.value, r.partition) for r in await world.read("fates")} == {
        (i, partition_for(i, 6)) for i in ids
    }
