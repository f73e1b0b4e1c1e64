"""Dead letters on Kafka: read all of a topic, and send some back in one transaction with their markers."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from aiokafka import TopicPartition
from aiokafka.errors import KafkaError

from shared.contracts.record import Record
from shared.contracts.topics import full_name
from shared.pipeline.kafka.consumer import GuardedConsumer
from shared.pipeline.kafka.refusals import meaning
from shared.pipeline.kafka.topics import admin
from shared.pipeline.redrive import Letter, letters_of, marker, redriven
from shared.pipeline.source import Sender

POLL_MS = 200
# Letters a transaction: one that does not commit is repeated whole, and each letter may be as large as a page.
AT_ONCE = 20


async def read_letters(options: Mapping[str, Any], prefix: str, topics: Sequence[str]) -> list[Letter]:
    """All letters of the dead-letter ``topics`` (short names) that exist, a topic after the other.

    Raises BrokerAway.
    """
    async with admin(options) as client:
        there = set(await client.list_topics())
        wanted = [topic for topic in topics if full_name(prefix, topic) in there]
        found = await asyncio.gather(*(_read(client, options, prefix, topic) for topic in wanted))
    return [letter for records in found for letter in letters_of(records)]


async def redrive(sender: Sender, letters: Sequence[Letter]) -> None:
    """Send the letters back: records and markers are committed together. Raises BrokerAway."""
    for begin in range(0, len(letters), AT_ONCE):
        some = letters[begin : begin + AT_ONCE]
        await sender.send_transaction([*map(redriven, some), *map(marker, some)])


async def _read(client: Any, options: Mapping[str, Any], prefix: str, topic: str) -> list[Record]:
    name = full_name(prefix, topic)
    (described,) = await client.describe_topics([name])
    partitions = [TopicPartition(name, entry["partition"]) for entry in described["partitions"]]
    consumer = GuardedConsumer(**options, isolation_level="read_committed", auto_offset_reset="earliest")
    try:
        await consumer.start()
        consumer.assign(partitions)
        await consumer.seek_to_beginning(*partitions)
        ends = await consumer.end_offsets(partitions)
        records: list[Record] = []
        while any([await consumer.position(partition) < ends[partition] for partition in partitions]):
            for messages in (await consumer.getmany(timeout_ms=POLL_MS)).values():
                records += [
                    Record(topic, m.partition, m.offset, m.timestamp, m.key, m.value, m.headers)
                    for m in messages
                ]
        return records
    except (KafkaError, OSError) as error:
        raise meaning(error) from error
    finally:
        await consumer.stop()
