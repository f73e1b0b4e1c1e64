"""An aiokafka consumer that knows what it handed over, and says when it does not work any more."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError

from shared.pipeline.kafka.records import TolerantRecords, is_readable
from shared.telemetry import logger

log = logger("consumer")
Records = dict[TopicPartition, list[ConsumerRecord]]


class GuardedConsumer(AIOKafkaConsumer):  # type: ignore[misc]
    """``on_odd(partition, offset)`` is called for each record with a header key that is not UTF-8.

    ``turned`` is the monotonic time of the last ``getmany`` that ended, for a watchdog: an exception in the fetcher
    can leave a consumer in a state in which ``max_poll_interval`` never fires. ``moved`` is the time of the last one
    that had records, ``trouble`` what the last one raised, if it did. ``gaps`` are jumps from one offset to another
    since the caller last cleared them.
    """

    def __init__(
        self, *args: Any, on_odd: Callable[[TopicPartition, int], None] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._on_odd = on_odd
        self._reparsed = TolerantRecords.reparsed
        self._handed: dict[TopicPartition, int] = {}
        self.gaps: dict[TopicPartition, tuple[int, int]] = {}
        self.trouble: KafkaError | None = None
        self.turned = self.moved = time.monotonic()

    def seek(self, partition: TopicPartition, offset: int) -> None:
        self._handed[partition] = offset
        super().seek(partition, offset)

    def forget(self) -> None:
        """Forget what was handed over: call it when partitions are revoked."""
        self._handed.clear()
        self.gaps.clear()

    def handed(self, partition: TopicPartition) -> int | None:
        """The offset behind the last record handed over, None before the first."""
        return self._handed.get(partition)

    def holds(self, partition: TopicPartition) -> bool:
        """Whether records of it are here already and wait until those of other partitions are handed over."""
        return self._fetcher is not None and partition in self._fetcher._records

    def end_of_fetching(self) -> str | None:
        """Why no record will ever come again, or None: a dead fetcher makes ``getmany`` return nothing for ever."""
        task: asyncio.Task[None] | None = self._fetcher.error_future if self._fetcher is not None else None
        if task is None or not task.done() or self._closed:
            return None
        error = None if task.cancelled() else task.exception()
        return f"the fetcher of the Kafka client ended: {error!r}"

    async def getmany(
        self, *partitions: TopicPartition, timeout_ms: int = 0, max_records: int | None = None
    ) -> Records:
        try:
            got: Records = await super().getmany(*partitions, timeout_ms=timeout_ms, max_records=max_records)
        except KafkaError as error:
            log.warning("polling failed", error=repr(error))
            self.trouble = error
            raise
        for partition, records in got.items():
            expected = self._handed.get(partition)
            if expected is not None and records[0].offset > expected:
                self.gaps[partition] = (expected, records[0].offset)
            self._handed[partition] = records[-1].offset + 1
        # From the first such batch on, every record is looked at: a batch is handed over in parts.
        if TolerantRecords.reparsed != self._reparsed and self._on_odd is not None:
            self._report(got)
        self.trouble = None
        self.turned = time.monotonic()
        if got:
            self.moved = self.turned
        return got

    def _report(self, got: Records) -> None:
        for partition, records in got.items():
            for record in records:
                if not all(is_readable(name) for name, _ in record.headers):
                    self._on_odd(partition, record.offset)  # type: ignore[misc]
