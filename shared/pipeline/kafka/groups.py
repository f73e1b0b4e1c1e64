"""What the consumer groups have not done yet: lag by partition, and the age of the oldest uncommitted record."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition

from shared.contracts.topics import full_name, group_name
from shared.pipeline.kafka.refusals import meaning
from shared.pipeline.kafka.topics import admin

# How long the records behind the committed offsets are looked for.
PEEK_MS = 2_000


@dataclass(frozen=True, slots=True)
class Reader:
    """A stage as a reader of a topic (both by their short names)."""

    service: str
    stage: str
    topic: str


@dataclass(frozen=True, slots=True)
class Lag:
    """``committed`` and ``behind`` are records, summed over the partitions; ``oldest`` the age in seconds of the
    oldest record that is not committed, 0 when there is none."""

    reader: Reader
    committed: int
    behind: int
    oldest: float


async def lags(options: Mapping[str, Any], prefix: str, readers: Sequence[Reader]) -> list[Lag]:
    """Ask the broker. A group that has committed nothing is behind by the whole log. Raises BrokerAway."""
    async with admin(options) as client:
        # A consumer each: changing one's assignment costs it half a second until its metadata are new.
        return list(await asyncio.gather(*(_ask(client, options, prefix, reader) for reader in readers)))


async def oldest_uncommitted(options: Mapping[str, Any], prefix: str, readers: Sequence[Reader]) -> float:
    """Seconds since the oldest record was written that some reader has not committed; 0.0 when all have."""
    return max((lag.oldest for lag in await lags(options, prefix, readers)), default=0.0)


async def _ask(client: Any, options: Mapping[str, Any], prefix: str, reader: Reader) -> Lag:
    consumer = AIOKafkaConsumer(**options, isolation_level="read_committed", enable_auto_commit=False)
    try:
        await consumer.start()
        return await _lag(client, consumer, prefix, reader)
    except OSError as error:
        raise meaning(error) from error
    finally:
        await consumer.stop()


async def _lag(client: Any, consumer: AIOKafkaConsumer, prefix: str, reader: Reader) -> Lag:
    topic = full_name(prefix, reader.topic)
    (described,) = await client.describe_topics([topic])
    partitions = [TopicPartition(topic, entry["partition"]) for entry in described["partitions"]]
    if not partitions:
        return Lag(reader, 0, 0, 0.0)
    committed = await client.list_consumer_group_offsets(group_name(prefix, reader.service, reader.stage))
    consumer.assign(partitions)
    starts = await consumer.beginning_offsets(partitions)
    ends = await consumer.end_offsets(partitions)
    places = {}
    done = 0
    for partition in partitions:
        entry = committed.get(partition)
        place = entry.offset if entry is not None and entry.offset >= 0 else starts[partition]
        done += place
        place = max(place, starts[partition])
        if place < ends[partition]:
            places[partition] = place
    waiting = await _first_waiting(consumer, places, ends)
    behind = sum(ends[partition] - places[partition] for partition in waiting)
    return Lag(reader, done, behind, max((time.time() - at / 1000 for at in waiting.values()), default=0.0))


async def _first_waiting(
    consumer: AIOKafkaConsumer, places: Mapping[TopicPartition, int], ends: Mapping[TopicPartition, int]
) -> dict[TopicPartition, float]:
    """When the first record behind each place was written (milliseconds). A partition in which nothing but
    transactions' markers follows is left out: no reader ever sees those, and none can commit past them. One that
    could not be read in time waits since nobody knows when (minus infinity)."""
    if not places:
        return {}
    consumer.assign(list(places))
    for partition, place in places.items():
        consumer.seek(partition, place)
    first: dict[TopicPartition, float] = {}
    deadline = time.monotonic() + PEEK_MS / 1000
    while len(first) < len(places) and time.monotonic() < deadline:
        got = await consumer.getmany(timeout_ms=200)
        for partition, messages in got.items():
            first.setdefault(partition, messages[0].timestamp)
        if not got and all([await consumer.position(p) >= ends[p] for p in places if p not in first]):
            return first
    for partition in places:
        if partition not in first and await consumer.position(partition) < ends[partition]:
            first[partition] = -math.inf
    return first
