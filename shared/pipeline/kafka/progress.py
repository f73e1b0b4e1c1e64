"""Whether a stage gets what waits for it: lag, a broker that does not answer, a partition that stands still.

Not from what the consumer says of itself: a Kafka client whose fetcher has died polls on, in good health and for
nothing. So the ends of the partitions are asked of the broker, beside the consumer's own positions.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from aiokafka import TopicPartition
from aiokafka.errors import IllegalStateError, KafkaError

from shared import metrics
from shared.errors import BrokerAway
from shared.pipeline.kafka.consumer import GuardedConsumer
from shared.pipeline.kafka.refusals import meaning

ANSWER_SECONDS = 5.0


class Progress:
    """``look`` now and then; ``stalled_seconds`` and ``away`` are what it found last."""

    def __init__(self, label: str, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._label = label
        self._monotonic = monotonic
        self._still: dict[TopicPartition, tuple[int, float]] = {}
        self.away: BrokerAway | None = None

    async def look(self, consumer: GuardedConsumer) -> None:
        """Ask the broker for the ends of what is assigned, and compare."""
        assigned = sorted(consumer.assignment())
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                if not assigned:
                    await consumer.topics()
                ends = await consumer.end_offsets(assigned) if assigned else {}
                positions = {partition: await consumer.position(partition) for partition in assigned}
        except IllegalStateError:  # a rebalance took a partition away while we asked
            self._still.clear()
            return
        except (KafkaError, TimeoutError, OSError) as error:
            self.away = meaning(error)
            self._still.clear()
            return
        self.away = None
        paused = consumer.paused()
        self._still = {partition: seen for partition, seen in self._still.items() if partition in positions}
        for partition, position in positions.items():
            metrics.lag.labels(self._label, str(partition.partition)).set(max(0, ends[partition] - position))
            if partition in paused or position >= ends[partition]:
                self._still.pop(partition, None)
            else:
                self._note(partition, position, consumer)

    def _note(self, partition: TopicPartition, position: int, consumer: GuardedConsumer) -> None:
        """Where records wait. A slow handler with a backlog comes to a partition late: what lies here and waits for its
        turn stands still only as long as nothing at all is handed over."""
        if consumer.holds(partition) and partition in self._still:
            self._still[partition] = (position, max(self._still[partition][1], consumer.moved))
        elif partition not in self._still or self._still[partition][0] != position:
            self._still[partition] = (position, self._monotonic())

    def stalled_seconds(self) -> float:
        """How long the slowest partition has not moved although records wait in it."""
        now = self._monotonic()
        return max((now - since for _, since in self._still.values()), default=0.0)
