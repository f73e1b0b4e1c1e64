"""FastStream's batch subscriber as a stage needs it: our consumer inside, and nothing parsed, decoded or committed."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from itertools import chain
from typing import Any

from aiokafka import ConsumerRebalanceListener, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError
from faststream import AckPolicy
from faststream.kafka import KafkaBroker

from shared.pipeline.kafka.consumer import GuardedConsumer

POLL_MS = 100
FETCH_WAIT_MS = 100
SESSION_MS = 30_000
REBALANCE_MS = 60_000  # above every drain; aiokafka's default of 10 s expels a member that drains for 15
POLL_INTERVAL_MS = 300_000
PARTITION_BYTES = 5 * 2**20  # above the largest record (4 MiB), so that it never blocks a partition

Raw = Sequence[ConsumerRecord]


class Subscriber:
    """One member of one consumer group. ``on_batch`` gets the records of a poll, one batch at a time; when it has
    ended, they are let go."""

    def __init__(
        self,
        topic: str,
        group: str,
        on_batch: Callable[[Raw], Coroutine[Any, Any, None]],
        *,
        options: dict[str, Any],
        listener: ConsumerRebalanceListener,
        on_odd: Callable[[TopicPartition, int], None],
        max_records: int,
        drain_seconds: float,
    ) -> None:
        self._broker = KafkaBroker(
            options["bootstrap_servers"],
            apply_types=False,
            logger=None,
            graceful_timeout=drain_seconds,
            allow_auto_create_topics=False,
            consumer_only=True,
        )
        self._subscriber = self._broker.subscriber(
            topic,
            group_id=group,
            batch=True,
            auto_offset_reset="earliest",
            ack_policy=AckPolicy.MANUAL,
            listener=listener,
            session_timeout_ms=SESSION_MS,
            rebalance_timeout_ms=REBALANCE_MS,
            max_poll_interval_ms=POLL_INTERVAL_MS,
            fetch_max_wait_ms=FETCH_WAIT_MS,
            max_partition_fetch_bytes=PARTITION_BYTES,
            isolation_level="read_committed",
            no_reply=True,
        )
        self._subscriber(on_batch)  # without a handler it would not consume
        # FastStream's way from a poll to the handler is left out. It parses headers (a null value raises, and the
        # batch is passed over), and it names the batch in a context variable: every timer keeps the context in which
        # it was set until its time is up, cancelled or not, so the batches of the last 20 s would stay in memory.
        self._on_batch = on_batch
        self._max_records = max_records
        self._subscriber.consume_one = self._hand_over  # type: ignore[assignment, method-assign]
        # Its own polling sleeps after an empty poll, which has waited already, and keeps a batch until the next.
        self._subscriber.get_msg = self._poll  # type: ignore[assignment, method-assign]
        self._builder = partial(GuardedConsumer, **options, on_odd=on_odd)

    async def start(self) -> None:
        """Join the group. Raises aiokafka's errors when the broker does not answer; nothing is left open then."""
        await self._broker.connect()
        # FastStream builds its consumers by this callable.
        self._broker.config.broker_config.builder = self._builder
        try:
            await self._broker.start()
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        with contextlib.suppress(KafkaError):
            await self._broker.stop()

    async def _poll(self, consumer: GuardedConsumer) -> list[ConsumerRecord]:
        got = await consumer.getmany(timeout_ms=POLL_MS, max_records=self._max_records)
        return list(chain.from_iterable(got.values()))

    async def _hand_over(self, records: list[ConsumerRecord]) -> None:
        try:
            await self._on_batch(records)
        finally:
            records.clear()  # FastStream's loop holds the list while it waits for the next

    @property
    def consumer(self) -> GuardedConsumer | None:
        """None before the start and after the end."""
        consumer: GuardedConsumer | None = self._subscriber.consumer
        return consumer
