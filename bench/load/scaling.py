"""One, two and four members of a group: with a handler that sleeps 20 ms, and the real extractor beside it.

The sleeping one shows whether the pipeline scales with its members; the real one is bounded by the machine's cores.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition
from aiokafka.structs import OffsetAndMetadata

from bench.load import sleeper
from bench.load.world import Patience, World, settled
from shared.contracts.topics import ARTICLES, full_name, group_name
from shared.pipeline.kafka.groups import Reader
from shared.topics_file import load_topics

MEMBERS = (1, 2, 4)
PROMISED = 0.9  # of linear
FROM, TO = 0.15, 0.8  # of the records, between which the rate is taken: all members have work then


@dataclass(frozen=True, slots=True)
class Scaled:
    """Records a second by number of members."""

    rates: dict[int, float]

    def of_linear(self, members: int) -> float:
        return self.rates[members] / self.rates[1] / members


async def sleeping(made: World, records: int) -> Scaled:
    """``records`` a member lie on `articles`, as many in each partition; each number of members reads from a group of
    its own."""
    await _fill(made, [b"{}"], records * max(MEMBERS))
    rates = {}
    for members in MEMBERS:
        reader = Reader(sleeper.SERVICE, f"sleep{members}", ARTICLES)
        command = [sys.executable, "-m", "bench.load.sleeper", reader.stage]
        with made.service(*["sleeper"] * members, command=command) as ports:
            rates[members] = await _rate(ports, records * members)
    return Scaled(rates)


async def real(made: World, articles: Sequence[bytes], records: int) -> Scaled:
    """The extractor with one worker a process, over ``articles`` as the cleaner writes them, again and again."""
    await _fill(made, articles, records)
    reader = Reader("extractor", "articles", ARTICLES)
    rates = {}
    for members in MEMBERS:
        await _rewind(made, reader)
        with made.service(*["extractor"] * members, workers=1) as ports:
            rates[members] = await _rate(ports, records)
    return Scaled(rates)


async def articles_of(made: World, most: int) -> list[bytes]:
    """Values that lie on `articles`."""
    consumer = AIOKafkaConsumer(
        full_name(made.prefix, ARTICLES), **made.options, group_id=None, auto_offset_reset="earliest"
    )
    await consumer.start()
    try:
        found: list[bytes] = []
        while len(found) < most:
            batch: dict[TopicPartition, list[ConsumerRecord]] = await consumer.getmany(timeout_ms=2_000)
            if not batch:
                break
            found += [r.value for records in batch.values() for r in records if r.value is not None]
        return found[:most]
    finally:
        await consumer.stop()


async def _fill(made: World, values: Sequence[bytes], records: int) -> None:
    producer = AIOKafkaProducer(**made.options, linger_ms=20, compression_type="zstd")
    await producer.start()
    try:
        topic = full_name(made.prefix, ARTICLES)
        partitions = len(await producer.partitions_for(topic))
        for number in range(records):
            await producer.send(topic, values[number % len(values)], partition=number % partitions)
        await producer.flush()
    finally:
        await producer.stop()


async def _rewind(made: World, reader: Reader) -> None:
    """Let the group, of which no member runs, begin again."""
    topic = full_name(made.prefix, reader.topic)
    group = group_name(made.prefix, reader.service, reader.stage)
    consumer = AIOKafkaConsumer(**made.options, group_id=group, enable_auto_commit=False)
    await consumer.start()
    try:
        partitions = [TopicPartition(topic, number) for number in range(load_topics()[ARTICLES].partitions)]
        consumer.assign(partitions)
        starts = await consumer.beginning_offsets(partitions)
        await consumer.commit({tp: OffsetAndMetadata(offset, "") for tp, offset in starts.items()})
    finally:
        await consumer.stop()


async def _rate(ports: Sequence[int], records: int) -> float:
    """Records a second that the processes with these ports have settled, in the middle of all ``records``."""
    patience = Patience()
    while (first := settled(ports)) < records * FROM:
        await patience.look(first)
    began = time.monotonic()
    while (now := settled(ports)) < records * TO:
        await patience.look(now)
    return (now - first) / (time.monotonic() - began)
