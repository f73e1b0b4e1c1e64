"""Offsets: which may be committed, where the rest begins, and what retention took away before it was read."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from aiokafka import TopicPartition
from aiokafka.errors import CommitFailedError, IllegalStateError, KafkaError

from shared import metrics
from shared.errors import BrokerAway, ClaimstreamError
from shared.pipeline.judge import Decision
from shared.pipeline.kafka.consumer import GuardedConsumer
from shared.pipeline.kafka.subscriber import Raw
from shared.telemetry import logger

log = logger("offsets")
COMMIT_SECONDS = 10.0
EXPIRED = (
    "Retention was shorter than the stage was behind: submit or refetch what is missing, then restart it."
)

Offsets = dict[TopicPartition, int]


def finished_prefixes(
    raw: Raw, decisions: Sequence[Decision | None]
) -> tuple[list[Decision], Offsets, Offsets]:
    """The finished prefix of each partition, the offsets to commit for it, and where the rest begins."""
    settled = [one for one in decisions if one is not None]
    if len(settled) == len(raw):
        return settled, behind(raw), {}
    finished: list[Decision] = []
    offsets: Offsets = {}
    rest: Offsets = {}
    for message, decision in zip(raw, decisions, strict=True):
        partition = TopicPartition(message.topic, message.partition)
        if partition in rest:
            continue
        if decision is None:
            rest[partition] = message.offset
        else:
            finished.append(decision)
            offsets[partition] = message.offset + 1
    return finished, offsets, rest


def behind(raw: Raw) -> Offsets:
    """The offset behind the last record of each partition in a batch (which is of one topic)."""
    last = {message.partition: message.offset for message in raw}
    return {TopicPartition(raw[0].topic, partition): offset + 1 for partition, offset in last.items()}


def starts(raw: Raw) -> Offsets:
    """The first offset of each partition in a batch."""
    first: Offsets = {}
    for message in raw:
        first.setdefault(TopicPartition(message.topic, message.partition), message.offset)
    return first


def seek_back(consumer: GuardedConsumer, to: Mapping[TopicPartition, int]) -> None:
    """Read again from these offsets, as far as the partitions are still ours."""
    assigned = consumer.assignment()
    for partition, offset in to.items():
        if partition in assigned:
            consumer.seek(partition, offset)


async def commit(consumer: GuardedConsumer, offsets: Mapping[TopicPartition, int], label: str) -> None:
    """Commit, for assigned partitions only: one that is not would fail the whole commit.

    A commit that the group refuses is counted, and the records come again. Raises BrokerAway when nobody answers.
    """
    assigned = consumer.assignment()
    ours = {partition: offset for partition, offset in offsets.items() if partition in assigned}
    if not ours:
        metrics.commits.labels(label, "not_ours").inc()
        return
    try:
        async with asyncio.timeout(COMMIT_SECONDS):
            await consumer.commit(ours)
    except (CommitFailedError, IllegalStateError) as error:
        metrics.commits.labels(label, "failed").inc()
        log.warning("commit failed, the records come again", stage=label, error=repr(error))
    except (KafkaError, TimeoutError) as error:
        metrics.commits.labels(label, "failed").inc()
        raise BrokerAway(f"commit: {error!r}") from error
    else:
        metrics.commits.labels(label, "ok").inc()


class Expiry:
    """Counts records that retention deleted before the stage had read them."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._counted: Offsets = {}
        self.records = 0

    async def look(self, consumer: GuardedConsumer, expected: Mapping[TopicPartition, int]) -> None:
        """``expected`` are the offsets that come next; a log that starts behind one has lost what lies between."""
        if not expected:
            return
        begins = await consumer.beginning_offsets(list(expected))
        for partition, offset in expected.items():
            lost = begins[partition] - max(offset, self._counted.get(partition, 0))
            if lost > 0:
                self._counted[partition] = begins[partition]
                self.records += lost
                metrics.expired.labels(self._label).inc(lost)
                log.error(
                    "records expired unread",
                    stage=self._label,
                    code="expired-unread",
                    partition=partition.partition,
                    records=lost,
                    hint=EXPIRED,
                )

    def problem(self) -> ClaimstreamError | None:
        """What readiness says of it, until a person has seen it and restarted the service."""
        if not self.records:
            return None
        message = f"{self.records} records expired before they were read"
        return ClaimstreamError(message, code="expired-unread", hint=EXPIRED)
