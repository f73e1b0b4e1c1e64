"""``claimstream tail [TOPIC]``: follow a topic as a downstream consumer does: committed records, no group."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import time
from collections.abc import AsyncGenerator
from typing import Any

from aiokafka import ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError

from claimstream import kafka
from claimstream.claim_lines import claim_line
from claimstream.cli.moments import seconds_ago
from claimstream.cli.parsing import at_least
from shared.contracts import codec, envelope
from shared.contracts.events import ClaimChanged
from shared.contracts.record import Record
from shared.contracts.topics import CLAIMS, PAGES, full_name
from shared.errors import AccessDenied, Undecodable, UsageError
from shared.pipeline.kafka.consumer import GuardedConsumer
from shared.pipeline.kafka.refusals import why

POLL_MS = 500


def register(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "topic", nargs="?", default=CLAIMS, help="its short name, as in deploy/topics.toml (default: claims)"
    )
    parser.add_argument(
        "--since", help="begin there: 10m, 2h, 3d, or a time as 2026-01-31T12:00Z; `all`: at the beginning"
    )
    parser.add_argument(
        "--json", action="store_true", help="one JSON object a line, with the record's coordinates"
    )
    parser.add_argument("--count", type=at_least(1), help="end after so many records")
    parser.add_argument(
        "--idle", type=at_least(0, float), help="end when nothing has come for so many seconds"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    if options.since not in (None, "all"):
        seconds_ago(options.since)  # refused before a broker is asked
    broker = kafka.from_environment()
    if options.topic not in broker.topics:
        raise UsageError(
            f"no topic {options.topic}",
            code="topic-missing",
            hint="One of: " + ", ".join(sorted(broker.topics)),
        )

    async def follow() -> None:
        async with contextlib.aclosing(_messages(broker, options)) as messages:
            number = 0
            async for message in messages:
                print(
                    as_json(options.topic, message) if options.json else as_line(options.topic, message),
                    flush=True,
                )
                number += 1
                if options.count is not None and number >= options.count:
                    return

    asyncio.run(follow())
    return 0


async def _messages(
    broker: kafka.Broker, options: argparse.Namespace
) -> AsyncGenerator[ConsumerRecord, None]:
    consumer = GuardedConsumer(
        **broker.options, isolation_level="read_committed", auto_offset_reset="earliest"
    )
    topic = full_name(broker.prefix, options.topic)
    try:
        await consumer.start()
        numbers = await _partitions(consumer, topic)
        partitions = [TopicPartition(topic, number) for number in sorted(numbers)]
        consumer.assign(partitions)
        await _begin(consumer, partitions, options.since)
        last = time.monotonic()
        while True:
            got = await consumer.getmany(timeout_ms=POLL_MS)
            for message in sorted(
                (m for ms in got.values() for m in ms), key=lambda m: (m.timestamp, m.offset)
            ):
                last = time.monotonic()
                yield message
            if options.idle is not None and time.monotonic() - last > options.idle:
                return
    except (KafkaError, OSError) as error:
        raise await why(broker.options, error) from error
    finally:
        await consumer.stop()


async def _partitions(consumer: GuardedConsumer, topic: str) -> set[int]:
    consumer.subscribe([topic])  # makes the client learn of the topic
    for _ in range(100):
        if numbers := consumer.partitions_for_topic(topic):
            consumer.unsubscribe()
            return set(numbers)
        if topic in consumer._client.cluster.unauthorized_topics:
            raise AccessDenied(f"Kafka denies us the topic {topic}")
        await asyncio.sleep(0.05)
    raise UsageError(
        f"the broker has no topic {topic}", code="topic-missing", hint="Run `claimstream topics apply` first."
    )


async def _begin(consumer: GuardedConsumer, partitions: list[TopicPartition], since: str | None) -> None:
    if since is None:
        await consumer.seek_to_end(*partitions)
        return
    if since == "all":
        await consumer.seek_to_beginning(*partitions)
        return
    moment = int((time.time() - seconds_ago(since)) * 1000)
    found = await consumer.offsets_for_times(dict.fromkeys(partitions, moment))
    for partition in partitions:
        if (place := found.get(partition)) is None:
            await consumer.seek_to_end(partition)
        else:
            consumer.seek(partition, place.offset)


def _record(topic: str, message: ConsumerRecord) -> Record:
    return Record(
        topic,
        message.partition,
        message.offset,
        message.timestamp,
        message.key,
        message.value,
        message.headers,
    )


def as_json(topic: str, message: ConsumerRecord) -> str:
    """The record with its coordinates; a value that is no JSON stands as text, or by its size on `pages`."""
    value: Any = None
    if message.value is not None and topic != PAGES:
        try:
            value = json.loads(message.value)
        except ValueError:
            value = message.value.decode("utf-8", "replace")
    headers = {name: (octets or b"").decode("utf-8", "replace") for name, octets in message.headers}
    return json.dumps(
        {
            "topic": topic,
            "partition": message.partition,
            "offset": message.offset,
            "timestamp": message.timestamp,
            "key": None if message.key is None else message.key.decode("utf-8", "replace"),
            "headers": headers,
            "bytes": 0 if message.value is None else len(message.value),
            "value": value,
        },
        ensure_ascii=False,
    )


def as_line(topic: str, message: ConsumerRecord) -> str:
    """One line for a person."""
    record = _record(topic, message)
    where = f"{message.partition}:{message.offset}"
    if message.value is None:
        return f"{where}  erased {(message.key or b'').decode('utf-8', 'replace')}"
    try:
        model = codec.decoder_of(topic)(record, envelope.parse(record.headers))
    except (KeyError, Undecodable):
        return f"{where}  {message.value[:200]!r}"
    if isinstance(model, ClaimChanged):
        return f"{where}  {claim_line(model)}"
    return (
        f"{where}  {model.model_dump_json(exclude_none=True)}"
        if hasattr(model, "model_dump_json")
        else f"{where}  {model.page.url}"
    )
