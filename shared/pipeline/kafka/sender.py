"""Producing: idempotent, size-checked, with a deadline on every acknowledgement.

Three dangers, each reproduced in the tests:

- one record that the broker refuses poisons an idempotent producer's partition, and its neighbours in the batch
  fail with it: so sizes are checked before anything is sent, and a producer is replaced after any failure;
- idempotent sends never time out by themselves: so there is a deadline, past it the broker counts as away;
- ``stop()`` of a producer that cannot reach the broker never ends: so it is abandoned after a moment.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError, MessageSizeTooLargeError, ProducerFenced, UnknownTopicOrPartitionError

from shared import metrics
from shared.contracts.placement import partition_for
from shared.contracts.record import Outgoing
from shared.contracts.topics import PAGES, full_name, group_name
from shared.errors import BrokerAway, RecordTooLarge
from shared.pipeline import fail_points
from shared.pipeline.kafka.marks import mark_of
from shared.pipeline.kafka.refusals import why
from shared.pipeline.kafka.topics import require_topics
from shared.pipeline.source import Place
from shared.telemetry import logger

log = logger("sender")
LINGER_MS = 5  # a few records share a request at hardly any delay
ABANDON_SECONDS = 2.0
# Checked by us against the topic, before compression; this only keeps aiokafka's own limit out of the way.
REQUEST_BYTES = 16 * 2**20
SIZES_DISAGREE = "deploy/topics.toml and the broker disagree about the size; run `claimstream topics apply`."


class KafkaSender:
    """Implements :class:`shared.pipeline.source.Sender`. Pages are zstd already; everything else the producer packs.

    ``transactional_id`` is needed for :meth:`send_transaction` only; a second sender with the same one fences this.
    """

    def __init__(
        self,
        options: dict[str, Any],
        *,
        prefix: str,
        max_bytes: Callable[[str], int],
        deadline: float = 30.0,
        transactional_id: str | None = None,
    ) -> None:
        self._options = options
        self._prefix = prefix
        self._max_bytes = max_bytes
        self._deadline = deadline
        self._transactional_id = transactional_id
        self._producers: dict[str, AIOKafkaProducer] = {}
        self._starting = asyncio.Lock()

    async def send(self, records: Sequence[Outgoing]) -> None:
        self._check(records)
        try:
            async with asyncio.timeout(self._deadline):
                await self._deliver(records, None)
        except (KafkaError, TimeoutError, OSError) as error:
            await self._fail(error, records)
        self._count(records)

    async def send_transaction(self, records: Sequence[Outgoing]) -> list[Place | None]:
        self._check(records)
        try:
            async with asyncio.timeout(self._deadline):
                producer = await self._producer("transaction")
                # Not `producer.transaction()`: on an error it waits for an abort, for ever if the broker is away.
                # Ours is replaced instead, and the next one with this id aborts what was open.
                await producer.begin_transaction()
                places = await self._deliver(records, producer)
                if fail_points.armed is not None:
                    name = str(self._transactional_id).removeprefix(f"{self._prefix}.")
                    fail_points.reach(f"{name}.before-commit")
                await producer.commit_transaction()
        except (KafkaError, TimeoutError, OSError) as error:
            await self._fail(error, records)
        self._count(records)
        return places

    async def mark(self, service: str, name: str, through_ms: int) -> None:
        """Implements :class:`shared.pipeline.marks.Marking`, fenced like the transactions that it speaks of."""
        try:
            async with asyncio.timeout(self._deadline):
                producer = await self._producer("transaction")
                await producer.begin_transaction()
                await producer.send_offsets_to_transaction(
                    mark_of(self._prefix, through_ms), group_name(self._prefix, service, name)
                )
                await producer.commit_transaction()
        except (KafkaError, TimeoutError, OSError) as error:
            await self._fail(error, ())

    async def close(self) -> None:
        """Flush and close; a broker that is away is not waited for."""
        producers, self._producers = list(self._producers.values()), {}
        for producer in producers:
            await _stop(producer)

    def _check(self, records: Sequence[Outgoing]) -> None:
        for record in records:
            if record.size > (limit := self._max_bytes(record.topic)):
                raise RecordTooLarge(f"{record.size} bytes for {record.topic}, which takes {limit}")
            if record.key is None and record.value is None:
                raise RecordTooLarge(
                    f"a record for {record.topic} has neither key nor value", code="record-empty"
                )

    async def _deliver(
        self, records: Sequence[Outgoing], producer: AIOKafkaProducer | None
    ) -> list[Place | None]:
        acks: list[asyncio.Future[Any]] = []
        try:
            for record in records:
                chosen = producer or await self._producer("plain" if record.topic == PAGES else "packed")
                acks.append(await self._enqueue(record, chosen))
            return [_place(metadata) for metadata in await asyncio.gather(*acks)]
        finally:
            for ack in acks:
                ack.add_done_callback(_take_notice)

    async def _enqueue(self, record: Outgoing, producer: AIOKafkaProducer) -> asyncio.Future[Any]:
        topic = full_name(self._prefix, record.topic)
        partition = None
        if record.place_by is not None:
            partitions = await producer.partitions_for(topic)
            partition = partition_for(record.place_by, len(partitions))
        ack: asyncio.Future[Any] = await producer.send(
            topic, record.value, key=record.key, headers=list(record.headers), partition=partition
        )
        return ack

    async def _producer(self, kind: str) -> AIOKafkaProducer:
        producer = self._producers.get(kind)
        if producer is not None:
            return producer
        async with self._starting:
            producer = self._producers.get(kind)
            if producer is None:
                producer = AIOKafkaProducer(
                    **self._options,
                    enable_idempotence=True,
                    linger_ms=LINGER_MS,
                    max_request_size=REQUEST_BYTES,
                    compression_type=None if kind == "plain" else "zstd",
                    transactional_id=self._transactional_id if kind == "transaction" else None,
                )
                try:
                    await producer.start()
                except BaseException:
                    await _stop(producer)
                    raise
                self._producers[kind] = producer
            return producer

    async def _fail(self, error: Exception, records: Sequence[Outgoing]) -> NoReturn:
        log.warning("producing failed, replacing the producer", error=repr(error))
        producers, self._producers = list(self._producers.values()), {}
        for producer in producers:
            await _stop(producer)
        if isinstance(error, MessageSizeTooLargeError):
            raise RecordTooLarge(str(error), hint=SIZES_DISAGREE) from error
        if isinstance(error, ProducerFenced):
            raise BrokerAway(
                "another relay took over", code="relay-fenced", hint="One relay is enough."
            ) from error
        if isinstance(error, (UnknownTopicOrPartitionError, TimeoutError)):
            # The client waits for the metadata of a topic that does not exist as for a broker that is away.
            await self._require({record.topic for record in records})
        raise await why(self._options, error) from error

    async def _require(self, topics: set[str]) -> None:
        with contextlib.suppress(BrokerAway, TimeoutError):
            async with asyncio.timeout(ABANDON_SECONDS):
                await require_topics(self._options, self._prefix, sorted(topics))

    def _count(self, records: Sequence[Outgoing]) -> None:
        totals: dict[str, int] = {}
        for record in records:
            totals[record.topic] = totals.get(record.topic, 0) + 1
        for topic, number in totals.items():
            metrics.produced.labels(topic).inc(number)


def _place(metadata: Any) -> Place | None:
    """A broker that had the batch already, from a try whose answer was lost, need not say where it stands (-1)."""
    return Place(metadata.partition, metadata.offset) if metadata.offset >= 0 else None


def _take_notice(ack: asyncio.Future[Any]) -> None:
    """An error that nobody awaits any more would be reported as one that was never retrieved."""
    if not ack.cancelled():
        ack.exception()


async def _stop(producer: AIOKafkaProducer) -> None:
    try:
        async with asyncio.timeout(ABANDON_SECONDS):
            await producer.stop()
    except (TimeoutError, KafkaError, OSError):
        await _abandon(producer)


async def _abandon(producer: AIOKafkaProducer) -> None:
    """End what would go on delivering records that their sender already counts as failed."""
    task: asyncio.Task[None] | None = producer._sender.sender_task if producer._sender is not None else None
    while task is not None and not task.done():
        # Cancelled once, it waits for requests that never end without a broker; the next time these are cancelled.
        task.cancel()
        await asyncio.wait([task], timeout=ABANDON_SECONDS / 4)
    if task is not None and not task.cancelled():
        task.exception()
    with contextlib.suppress(TimeoutError, KafkaError, OSError):
        async with asyncio.timeout(ABANDON_SECONDS):
            await producer.client.close()
