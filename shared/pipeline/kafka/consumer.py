"""An aiokafka consumer that survives records which aiokafka cannot hand over.

A header key that is not UTF-8 raises UnicodeDecodeError inside ``getmany``, below any parser and for ever; and the
records of other partitions that the same call had drained already are dropped with their positions moved on.
So on that error every partition is rewound to what was really handed over, read one by one, and the partition that
raises is read record by record until the one to blame stands alone: it is counted, logged and passed over.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition

Records = dict[TopicPartition, list[ConsumerRecord]]
# The most records read singly in one call; more would hold the stage's loop for too long. The next call goes on.
STEP_LIMIT = 2_000


class GuardedConsumer(AIOKafkaConsumer):  # type: ignore[misc]
    """``on_unreadable(partition, offset)`` is called for each record that had to be passed over.

    ``turned`` is the monotonic time of the last ``getmany`` that ended, for a watchdog: an exception in the fetcher
    can leave a consumer in a state in which ``max_poll_interval`` never fires.
    """

    def __init__(
        self, *args: Any, on_unreadable: Callable[[TopicPartition, int], None] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._on_unreadable = on_unreadable
        self._handed: dict[TopicPartition, int] = {}
        self.turned = time.monotonic()

    def seek(self, partition: TopicPartition, offset: int) -> None:
        self._handed[partition] = offset
        super().seek(partition, offset)

    def forget(self) -> None:
        """Forget what was handed over: call it when partitions are revoked."""
        self._handed.clear()

    def handed(self, partition: TopicPartition) -> int | None:
        """The offset behind the last record handed over, None before the first."""
        return self._handed.get(partition)

    async def getmany(
        self, *partitions: TopicPartition, timeout_ms: int = 0, max_records: int | None = None
    ) -> Records:
        try:
            got: Records = await super().getmany(*partitions, timeout_ms=timeout_ms, max_records=max_records)
        except UnicodeDecodeError:
            got = await self._isolate()
        for partition, records in got.items():
            self._handed[partition] = records[-1].offset + 1
        self.turned = time.monotonic()
        return got

    async def _isolate(self) -> Records:
        found: Records = {}
        assigned = sorted(self.assignment() - self.paused())
        for partition in assigned:
            await self._rewind(partition)
        for partition in assigned:
            try:
                got: Records = await super().getmany(partition, timeout_ms=500)
            except UnicodeDecodeError:
                got = {partition: await self._step(partition)}
            for where, records in got.items():
                if records:
                    found[where] = records
        return found

    async def _rewind(self, partition: TopicPartition) -> None:
        handed = self._handed.get(partition)
        if handed is None and self._group_id is not None:
            handed = await self.committed(partition)
        if handed is None:
            await self.seek_to_beginning(partition)
        else:
            super().seek(partition, handed)

    async def _step(self, partition: TopicPartition) -> list[ConsumerRecord]:
        """Read ``partition`` record by record up to the unreadable one and past it."""
        await self._rewind(partition)
        records: list[ConsumerRecord] = []
        for _ in range(STEP_LIMIT):
            try:
                got: Records = await super().getmany(partition, timeout_ms=1_000, max_records=1)
            except UnicodeDecodeError:
                offset = await self.position(partition)
                if self._on_unreadable is not None:
                    self._on_unreadable(partition, offset)
                self.seek(partition, offset + 1)
                break
            records += got.get(partition, [])
        return records
