"""An aiokafka consumer that survives records which aiokafka cannot hand over.

A header key that is not UTF-8 raises UnicodeDecodeError inside ``getmany``, below any parser and for ever; and the
records of other partitions that the same call had drained already are dropped with their positions moved on.
So on that error every partition is rewound to what was really handed over, and all are read record by record
until the one to blame stands alone: it is reported and passed over.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError

from shared.telemetry import logger

log = logger("consumer")
Records = dict[TopicPartition, list[ConsumerRecord]]
STEP_RECORDS = 500  # read singly in one call where the caller names no limit; the next call goes on
STEP_WAIT_MS = 1_000  # for a fetch of a partition in which a record is known to be


class GuardedConsumer(AIOKafkaConsumer):  # type: ignore[misc]
    """``on_unreadable(partition, offset)`` is called for each record that had to be passed over.

    ``turned`` is the monotonic time of the last ``getmany`` that ended, for a watchdog: an exception in the fetcher
    can leave a consumer in a state in which ``max_poll_interval`` never fires. ``trouble`` is what the last one
    raised, if it did. ``gaps`` are jumps from one offset to another since the caller last cleared them.
    """

    def __init__(
        self, *args: Any, on_unreadable: Callable[[TopicPartition, int], None] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._on_unreadable = on_unreadable
        self._handed: dict[TopicPartition, int] = {}
        self._skipped: dict[TopicPartition, int] = {}
        self._suspicious = False
        self._epoch = 0
        self.gaps: dict[TopicPartition, tuple[int, int]] = {}
        self.trouble: KafkaError | None = None
        self.turned = time.monotonic()

    def seek(self, partition: TopicPartition, offset: int) -> None:
        self._handed[partition] = offset
        super().seek(partition, offset)

    def forget(self) -> None:
        """Forget what was handed over: call it when partitions are revoked."""
        self._epoch += 1
        self._handed.clear()
        self.gaps.clear()

    def handed(self, partition: TopicPartition) -> int | None:
        """The offset behind the last record handed over, None before the first."""
        return self._handed.get(partition)

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
            if self._suspicious:
                got = await self._isolate(max_records or STEP_RECORDS)
            else:
                got = await self._plain(*partitions, timeout_ms=timeout_ms, max_records=max_records)
        except UnicodeDecodeError:
            self._suspicious = True
            got = {}
        except KafkaError as error:
            log.warning("polling failed", error=repr(error))
            self.trouble = error
            raise
        for partition, records in got.items():
            expected = self._handed.get(partition)
            if expected is not None and records[0].offset > expected:
                self.gaps[partition] = (expected, records[0].offset)
            self._handed[partition] = max(records[-1].offset + 1, self._handed.get(partition, 0))
        self.trouble = None
        self.turned = time.monotonic()
        return got

    async def _plain(self, *partitions: TopicPartition, timeout_ms: int, max_records: int | None) -> Records:
        got: Records = await super().getmany(*partitions, timeout_ms=timeout_ms, max_records=max_records)
        return got

    async def _isolate(self, limit: int) -> Records:
        """Read each partition singly from where it was handed over; suspicion ends when all have been read so.

        Whatever ends this early (a rebalance, an error) leaves the suspicion, so that the next call rewinds again
        and nothing that was drained here is lost.
        """
        epoch = self._epoch
        self._skipped = {}
        assigned = sorted(self.assignment() - self.paused())
        ends = await self.end_offsets(assigned) if assigned else {}
        for partition in assigned:
            await self._rewind(partition)
        found: Records = {}
        for partition in assigned:
            if records := await self._step(partition, ends[partition], max(1, limit // len(assigned))):
                found[partition] = records
        if epoch != self._epoch:
            return {}
        self._suspicious = False
        self._handed.update(self._skipped)
        return found

    async def _rewind(self, partition: TopicPartition) -> None:
        handed = self._handed.get(partition)
        if handed is None and self._group_id is not None:
            handed = await self.committed(partition)
        if handed is None:
            await self.seek_to_beginning(partition)
        else:
            super().seek(partition, handed)

    async def _step(self, partition: TopicPartition, end: int, limit: int) -> list[ConsumerRecord]:
        records: list[ConsumerRecord] = []
        while len(records) < limit and await self.position(partition) < end:
            try:
                got = await self._plain(partition, timeout_ms=STEP_WAIT_MS, max_records=1)
            except UnicodeDecodeError:
                offset = await self.position(partition)
                if self._on_unreadable is not None:
                    self._on_unreadable(partition, offset)
                super().seek(partition, offset + 1)
                self._skipped[partition] = offset + 1
                break
            if partition not in got:
                break
            records += got[partition]
        return records
