"""What the consumer groups have not done yet: lag by partition, and the age of the oldest uncommitted record."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from shared.contracts.topics import full_name, group_name
from shared.errors import BrokerAway
from shared.pipeline.kafka.topics import admin

# The first record behind a committed offset may be a transaction's marker, which no reader ever sees.
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
    consumer = AIOKafkaConsumer(**options, isolation_level="read_committed", enable_auto_commit=False)
    try:
        async with admin(options) as client:
            await consumer.start()
            return [await _lag(client, consumer, prefix, reader) for reader in readers]
    except (KafkaError, OSError) as error:
        raise BrokerAway(repr(error)) from error
    finally:
        await consumer.stop()


async def oldest_uncommitted(options: Mapping[str, Any], prefix: str, readers: Sequence[Reader]) -> float:
    """Seconds since the oldest record was written that some reader has not committed; 0.0 when all have."""
    return max((lag.oldest for lag in await lags(options, prefix, readers)), default=0.0)


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
    done = behind = 0
    for partition in partitions:
        entry = committed.get(partition)
        place = entry.offset if entry is not None and entry.offset >= 0 else starts[partition]
        done += place
        place = max(place, starts[partition])
        if place < ends[partition]:
            behind += ends[partition] - place
            places[partition] = place
    return Lag(reader, done, behind, await _oldest(consumer, places, ends))


async def _oldest(
    consumer: AIOKafkaConsumer, places: Mapping[TopicPartition, int], ends: Mapping[TopicPartition, int]
) -> float:
    if not places:
        return 0.0
    consumer.assign(list(places))
    for partition, place in places.items():
        consumer.seek(partition, place)
    first: dict[TopicPartition, int] = {}
    deadline = time.monotonic() + PEEK_MS / 1000
    while len(first) < len(places) and time.monotonic() < deadline:
        got = await consumer.getmany(timeout_ms=200, max_records=len(places) * 10)
        for partition, messages in got.items():
            first.setdefault(partition, messages[0].timestamp)
        # Nothing but markers may be left: then the position is at the end, and nobody waits for anything.
        if not got and all([await consumer.position(p) >= ends[p] for p in places if p not in first]):
            break
    return max((time.time() - written / 1000 for written in first.values()), default=0.0)
