"""An echo service on a real Kafka: one stage from `urls` to `fates`, with a handler that a test chooses.

The service comes in by TLS and SCRAM, with the rights that its stage needs and no others; the tests' own clients are a
super user's, on the plaintext listener.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete
from aiokafka.record.default_records import _DefaultRecordBatchBuilderPy

from claimstream.devservices import Kafka
from shared.contracts.envelope import Envelope
from shared.contracts.record import Outgoing, Record
from shared.contracts.topics import full_name, group_name
from shared.errors import Undecodable
from shared.pipeline.kafka.acls import Grant
from shared.pipeline.kafka.service import KafkaService
from shared.pipeline.kafka.topics import admin, apply_topics
from shared.pipeline.results import Emit, Result
from shared.pipeline.service import Service
from shared.pipeline.stage import Item, Stage, each
from shared.settings import CommonSettings
from shared.topics_file import TopicSpec
from tests.real import access

MAX_BYTES = 300_000
DEAD_EXTRA = 65_536
HandleOne = Callable[[Item[bytes]], Awaitable[Result]]


def max_bytes(topic: str) -> int:
    return MAX_BYTES + DEAD_EXTRA if "!" in topic else MAX_BYTES


def decode(record: Record, _envelope: Envelope) -> bytes:
    if not record.value:
        raise Undecodable("the value is empty")
    return record.value


async def echo(item: Item[bytes]) -> Result:
    return Emit((Outgoing("fates", item.record.key, item.value),))


def echo_stage(handle_one: HandleOne = echo, *, parallel: int = 1, **options: Any) -> Stage[bytes]:
    return Stage("echo", "urls", "urls", decode, each(handle_one, parallel=parallel), **options)


class RawHeaderName(str):
    """A header key that goes onto the wire as bytes which are no UTF-8; aiokafka's producer would encode it."""

    __slots__ = ()

    def encode(self, _encoding: str = "utf-8", _errors: str = "strict") -> bytes:
        return b"\xff\xfe"


@dataclass(frozen=True)
class World:
    """Topics of one test: what goes in, what comes out, what is committed."""

    kafka: Kafka
    prefix: str

    @property
    def bootstrap(self) -> str:
        return self.kafka.bootstrap

    @property
    def options(self) -> dict[str, Any]:
        return {"bootstrap_servers": self.bootstrap}

    @property
    def user(self) -> str:
        return f"{self.prefix}-echo"

    def topic(self, short: str) -> str:
        return full_name(self.prefix, short)

    @property
    def group(self) -> str:
        return group_name(self.prefix, "echo", "urls")

    async def admit(self) -> None:
        """Make the service's user. Rights may be given on topics that are not there yet."""
        rights = {Grant("TOPIC", self.topic("urls"), "READ"), Grant("GROUP", self.group, "READ")}
        rights |= {Grant("TOPIC", self.topic(name), "WRITE") for name in ("fates", "urls!echo")}
        await access.user_with(self.kafka, self.user, rights)

    async def create(self, partitions: int = 4) -> None:
        specs = [
            TopicSpec(
                name=name,
                partitions=1 if "!" in name else partitions,
                configs={"max.message.bytes": str(max_bytes(name))},
            )
            for name in ("urls", "fates", "urls!echo")
        ]
        await apply_topics(self.options, self.prefix, specs)
        # A topic takes a moment to have its leaders; a test that times something should not begin before that.
        async with self.producer() as producer:
            for spec in specs:
                await producer.partitions_for(self.topic(spec.name))

    def service(
        self,
        stage: Stage[Any] | None = None,
        *,
        batch_seconds: float = 20,
        send_seconds: float = 30,
        **service: Any,
    ) -> KafkaService:
        return KafkaService(
            Service("echo", stages=[stage or echo_stage()], **service),
            CommonSettings(
                prefix=self.prefix, batch_seconds=batch_seconds, pool_deadline=min(15, batch_seconds / 2)
            ),
            access.outside(self.kafka, self.user, send_seconds=send_seconds),
            max_bytes=max_bytes,
        )

    @contextlib.asynccontextmanager
    async def producer(self, **options: Any) -> AsyncIterator[AIOKafkaProducer]:
        producer = AIOKafkaProducer(**self.options, max_request_size=2 * MAX_BYTES, **options)
        await producer.start()
        try:
            yield producer
        finally:
            await producer.stop()

    async def produce(
        self, values: Sequence[bytes | None], *, partition: int | None = None, headers: Any = None
    ) -> None:
        """To `urls`; each value's key is its index."""
        async with self.producer() as producer:
            acks = [
                await producer.send(
                    self.topic("urls"), value, key=b"%d" % index, headers=headers, partition=partition
                )
                for index, value in enumerate(values)
            ]
            await asyncio.gather(*acks)

    async def produce_raw(self, records: Sequence[dict[str, Any]], *, partition: int) -> None:
        """One record batch, past every check of the producer: keys ``key``, ``value``, ``headers``."""
        async with self.producer() as producer:
            batch = producer.create_batch()
            batch._builder = _DefaultRecordBatchBuilderPy(2, 0, 0, -1, -1, 0, 1 << 20)
            for number, record in enumerate(records):
                fields = {"key": None, "value": None, "headers": [], **record}
                batch._builder.append(number, int(time.time() * 1000), **fields)
                batch._relative_offset += 1
            await (await producer.send_batch(batch, self.topic("urls"), partition=partition))

    async def read(self, short: str, *, committed: bool = True) -> list[Any]:
        """Every record of a topic, from its beginning to its present end."""
        topic = self.topic(short)
        level = "read_committed" if committed else "read_uncommitted"
        consumer = AIOKafkaConsumer(**self.options, isolation_level=level)
        await consumer.start()
        try:
            numbers = await consumer._client._wait_on_metadata(topic)
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

    async def out(self) -> Counter[bytes]:
        """The values on `fates`, and how often each stands there."""
        return Counter(record.value for record in await self.read("fates"))

    async def letters(self) -> list[dict[str, bytes]]:
        """The headers of the dead letters."""
        return [dict(record.headers) for record in await self.read("urls!echo")]

    async def until_out(self, number: int, seconds: float = 60) -> Counter[bytes]:
        """Wait until so many different values stand on `fates`."""

        async def there() -> bool:
            return len(await self.out()) >= number

        await until(there, seconds)
        return await self.out()

    async def committed(self, group: str | None = None) -> dict[int, int]:
        """The committed offset of each partition of `urls` that has one."""
        client: AIOKafkaAdminClient
        async with admin(self.options) as client:
            found = await client.list_consumer_group_offsets(group or self.group)
        return {tp.partition: at.offset for tp, at in found.items() if at.offset >= 0}

    async def until_committed(self, total: int, seconds: float = 60) -> None:
        async def there() -> bool:
            return sum((await self.committed()).values()) >= total

        await until(there, seconds)

    async def delete_before(self, partition: int, offset: int) -> None:
        """What retention does: the log of a partition of `urls` now starts at ``offset``."""
        async with admin(self.options) as client:
            await client.delete_records(
                {TopicPartition(self.topic("urls"), partition): RecordsToDelete(offset)}
            )


@contextlib.asynccontextmanager
async def running(runner: KafkaService) -> AsyncIterator[KafkaService]:
    """Runs it until the block ends; a service that breaks makes the test fail."""
    task = asyncio.create_task(runner.run())
    try:
        while runner._starting and not task.done():
            await asyncio.sleep(0.02)
        yield runner
    finally:
        runner.stop()
        await task


async def until(check: Callable[[], Awaitable[bool]], seconds: float = 60) -> None:
    async with asyncio.timeout(seconds):
        while not await check():
            await asyncio.sleep(0.1)


def counted(metric: Any, *labels: str) -> float:
    """The value of a counter or gauge now."""
    value: float = metric.labels(*labels)._value.get()
    return value
