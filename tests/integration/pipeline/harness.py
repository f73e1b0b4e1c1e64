"""An echo service on a real Kafka: one stage from `urls` to `fates`, with a handler that a test chooses."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from shared.clock import SystemClock
from shared.contracts.envelope import Envelope
from shared.contracts.record import Outgoing, Record
from shared.contracts.topics import full_name
from shared.errors import Undecodable
from shared.pipeline.kafka.service import KafkaService
from shared.pipeline.kafka.topics import apply_topics
from shared.pipeline.results import Emit, Result
from shared.pipeline.service import Service
from shared.pipeline.stage import Item, Stage, each
from shared.settings import CommonSettings, KafkaSettings
from shared.topics_file import TopicSpec

MAX_BYTES = 1_000_000
CLOCK = SystemClock()


def decode(record: Record, _envelope: Envelope) -> bytes:
    if not record.value:
        raise Undecodable("the value is empty")
    return record.value


async def echo(item: Item[bytes]) -> Result:
    return Emit((Outgoing("fates", item.record.key, item.value),))


def echo_stage(handle_one: Callable[[Item[bytes]], Awaitable[Result]] = echo, **options: Any) -> Stage[bytes]:
    parallel = options.pop("parallel", 1)
    return Stage("echo", "urls", "urls", decode, each(handle_one, parallel=parallel), **options)


async def create_topics(bootstrap: str, prefix: str, partitions: int = 4) -> None:
    configs = {"max.message.bytes": str(MAX_BYTES + 65_536)}
    specs = [
        TopicSpec(name=name, partitions=1 if "!" in name else partitions, configs=configs)
        for name in ("urls", "fates", "urls!echo")
    ]
    await apply_topics({"bootstrap_servers": bootstrap}, prefix, specs)


def service(
    bootstrap: str, prefix: str, stage: Stage[Any], *, batch_seconds: float = 20, send_seconds: float = 30
) -> KafkaService:
    return KafkaService(
        Service("echo", stages=[stage]),
        CommonSettings(prefix=prefix, batch_seconds=batch_seconds, pool_deadline=min(15, batch_seconds / 2)),
        KafkaSettings(bootstrap=bootstrap, send_seconds=send_seconds),
        max_bytes=lambda _topic: MAX_BYTES,
    )


@contextlib.asynccontextmanager
async def running(runner: KafkaService) -> AsyncIterator[KafkaService]:
    task = asyncio.create_task(runner.run())
    try:
        yield runner
    finally:
        runner.stop()
        await task


async def produce(bootstrap: str, prefix: str, values: Sequence[bytes | None], **options: Any) -> None:
    """Values to `urls`, keys by their index; ``headers`` apply to each."""
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap)
    await producer.start()
    try:
        for index, value in enumerate(values):
            key = options.get("key", str(index).encode())
            await producer.send_and_wait(
                full_name(prefix, "urls"),
                value,
                key=key,
                headers=options.get("headers"),
                partition=options.get("partition"),
            )
    finally:
        await producer.stop()


async def read_all(bootstrap: str, prefix: str, short: str) -> list[Any]:
    """Every record of a topic, from its beginning to its present end."""
    topic = full_name(prefix, short)
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, isolation_level="read_committed")
    await consumer.start()
    try:
        # The client learns of a topic on its own time; a topic that it does not know yet has no partitions.
        while not (numbers := consumer.partitions_for_topic(topic)):
            await consumer._client.force_metadata_update()
            consumer._client.add_topic(topic)
            await asyncio.sleep(0.05)
        partitions = [TopicPartition(topic, number) for number in numbers]
        consumer.assign(partitions)
        await consumer.seek_to_beginning(*partitions)
        ends = await consumer.end_offsets(partitions)
        records: list[Any] = []
        while any([await consumer.position(p) < ends[p] for p in partitions]):
            for got in (await consumer.getmany(timeout_ms=200)).values():
                records += got
        return records
    finally:
        await consumer.stop()


async def until(check: Callable[[], Awaitable[bool]], seconds: float = 30) -> None:
    async with asyncio.timeout(seconds):
        while not await check():
            await asyncio.sleep(0.1)
