"""One stage on Kafka: a FastStream batch subscriber around a judge, with commits, drain, pause and poison handled.

The order of things, which is the promise: judge the batch, produce what it caused, await every acknowledgement,
only then commit the offsets of the finished prefix of each partition. What is left is sought back to.
"""

from __future__ import annotations

import asyncio
import time
from functools import partial
from typing import Any

from aiokafka import ConsumerRebalanceListener, ConsumerRecord, TopicPartition
from aiokafka.errors import CommitFailedError, IllegalStateError, KafkaError
from faststream import AckPolicy
from faststream.kafka import KafkaBroker
from faststream.kafka.message import KafkaMessage

from shared import metrics
from shared.contracts.record import Record
from shared.contracts.topics import full_name, group_name
from shared.errors import DependencyAway, DeployBroken
from shared.pipeline.backoff import Backoff
from shared.pipeline.judge import AnyJudge, Decision
from shared.pipeline.kafka.consumer import GuardedConsumer
from shared.pipeline.source import Sender
from shared.telemetry import logger

log = logger("stage")
POLL_MS = 100
FETCH_WAIT_MS = 100
SESSION_MS = 30_000
REBALANCE_MS = 60_000  # above every drain; aiokafka's default of 10 s expels a member that drains for 15
POLL_INTERVAL_MS = 300_000
COMMIT_SECONDS = 10.0
PARTITION_BYTES = 5 * 2**20  # above the largest record (4 MiB), so that it never blocks a partition


class KafkaStage(ConsumerRebalanceListener):  # type: ignore[misc]
    """Runs one stage until :meth:`stop`. ``failure`` is set when the deploy is to blame and the stage has stopped."""

    def __init__(
        self, judge: AnyJudge, sender: Sender, options: dict[str, Any], *, prefix: str, batch_seconds: float
    ) -> None:
        self.judge = judge
        self.stage = judge.stage
        self.label = judge.label
        self.failure: DeployBroken | None = None
        self.away: DependencyAway | None = None
        self.lost_before_read = 0
        self._sender = sender
        self._options = options
        self._prefix = prefix
        self._batch_seconds = batch_seconds
        self._backoff = Backoff()
        self._idle = asyncio.Event()
        self._idle.set()
        self._stopping = False
        self._generation = 0
        self._resume: asyncio.TimerHandle | None = None
        self._broker: KafkaBroker | None = None
        self._subscriber: Any = None
        self._progress = time.monotonic()

    # -- life ---------------------------------------------------------------------------------------------------

    async def start(self) -> None:
        broker = KafkaBroker(
            **{k: v for k, v in self._options.items() if k == "bootstrap_servers"},
            apply_types=False,
            logger=None,
            graceful_timeout=self._batch_seconds + COMMIT_SECONDS,
            allow_auto_create_topics=False,
            consumer_only=True,
        )
        subscriber = broker.subscriber(
            full_name(self._prefix, self.stage.topic),
            group_id=group_name(self._prefix, self.stage.service, self.stage.name),
            batch=True,
            max_records=self.stage.batch,
            batch_timeout_ms=POLL_MS,
            auto_offset_reset="earliest",
            ack_policy=AckPolicy.MANUAL,
            listener=self,
            session_timeout_ms=SESSION_MS,
            rebalance_timeout_ms=REBALANCE_MS,
            max_poll_interval_ms=POLL_INTERVAL_MS,
            fetch_max_wait_ms=FETCH_WAIT_MS,
            max_partition_fetch_bytes=PARTITION_BYTES,
            isolation_level="read_committed",
            parser=_parse,
            decoder=_decode,
            no_reply=True,
        )
        subscriber(self._on_batch)
        await broker.connect()
        # FastStream builds its consumers by this callable; ours survives unreadable records.
        broker.config.broker_config.builder = partial(
            GuardedConsumer, **self._options, on_unreadable=self._unreadable
        )
        self._broker, self._subscriber = broker, subscriber
        await broker.start()

    async def stop(self) -> None:
        """End the batch in hand (its finished part is committed), leave the group, close."""
        self._stopping = True
        if self._resume is not None:
            self._resume.cancel()
        await self._idle.wait()
        if self._broker is not None:
            await self._broker.stop()

    @property
    def consumer(self) -> GuardedConsumer:
        consumer: GuardedConsumer = self._subscriber.consumer
        return consumer

    def idle_seconds(self) -> float:
        """Seconds without any sign of life: no poll has ended and no batch has."""
        consumer = self._subscriber.consumer if self._subscriber is not None else None
        turned = consumer.turned if consumer is not None else self._progress
        return time.monotonic() - max(turned, self._progress)

    # -- rebalances -----------------------------------------------------------------------------------------------

    async def on_partitions_revoked(self, revoked: set[TopicPartition]) -> None:
        """Give the batch in hand the rest of its time, so that its work is committed and not repeated elsewhere."""
        if revoked:
            log.info("draining", stage=self.label, partitions=len(revoked))
        await self._idle.wait()
        self._generation += 1
        if self._subscriber is not None and self._subscriber.consumer is not None:
            self.consumer.forget()

    async def on_partitions_assigned(self, assigned: set[TopicPartition]) -> None:
        self._generation += 1
        metrics.rebalances.labels(self.label).inc()
        log.info("assigned", stage=self.label, partitions=sorted(tp.partition for tp in assigned))
        if assigned and (self._resume is not None or self.failure is not None):
            self.consumer.pause(*assigned)
        if assigned:
            await self._look_for_expired(assigned)

    async def _look_for_expired(self, assigned: set[TopicPartition]) -> None:
        """A log that starts behind the committed offset means that retention deleted what nobody had read."""
        try:
            starts = await self.consumer.beginning_offsets(list(assigned))
            for partition in assigned:
                committed = await self.consumer.committed(partition)
                if committed is not None and (lost := starts[partition] - committed) > 0:
                    self.lost_before_read += lost
                    metrics.expired.labels(self.label).inc(lost)
                    log.error(
                        "records expired unread",
                        stage=self.label,
                        partition=partition.partition,
                        records=lost,
                    )
        except KafkaError as error:
            log.warning("cannot compare offsets with the log's start", stage=self.label, error=repr(error))

    def _unreadable(self, partition: TopicPartition, offset: int) -> None:
        metrics.unreadable.labels(self.label).inc()
        log.error(
            "record passed over: a header key is not UTF-8, which the Kafka client cannot read",
            stage=self.label,
            code="header-key-undecodable",
            record=f"{self.stage.topic}:{partition.partition}:{offset}",
            hint="Read it with a client that hands over raw header keys, and have its producer mended.",
        )

    # -- batches --------------------------------------------------------------------------------------------------

    async def _on_batch(self, raw: tuple[ConsumerRecord, ...]) -> None:
        self._idle.clear()
        metrics.in_flight.labels(self.label).set(len(raw))
        started = time.monotonic()
        try:
            await self._run_batch(raw)
        except DependencyAway as error:
            self._pause(raw, error)
        except DeployBroken as error:
            self._break(raw, error)
        except Exception as error:
            # Whatever it is, nothing of this batch was committed: back to its start, and wait before the next try.
            log.exception("batch failed in the pipeline", stage=self.label)
            self._pause(raw, DependencyAway(repr(error), code="pipeline-failed"))
        finally:
            self._progress = time.monotonic()
            metrics.batch_age.labels(self.label).observe(self._progress - started)
            metrics.in_flight.labels(self.label).set(0)
            self._idle.set()

    async def _run_batch(self, raw: tuple[ConsumerRecord, ...]) -> None:
        generation = self._generation
        if self._stopping or self.failure is not None:
            self._seek_back(raw)
            return
        records = [
            Record(self.stage.topic, m.partition, m.offset, m.timestamp, m.key, m.value, m.headers)
            for m in raw
        ]
        metrics.records_in.labels(self.label).inc(len(raw))
        metrics.batch_size.labels(self.label).observe(len(raw))
        oldest = min(record.timestamp for record in records)
        metrics.event_age.labels(self.label).observe(max(0.0, time.time() - oldest / 1000))

        decisions = await self.judge.decide(records, self._batch_seconds)
        finished, offsets, rest = self._prefixes(raw, decisions)
        outgoing = [out for decision in finished for out in decision.outgoing]
        if outgoing:
            await self._sender.send(outgoing)
        if offsets:
            await self._commit(offsets, generation)
        self.judge.count(finished)
        for partition, offset in rest.items():
            if partition in self.consumer.assignment():
                self.consumer.seek(partition, offset)
        self._measure_lag()
        if self.away is not None or finished:
            self.away = None
            self._backoff.reset()
            metrics.paused.labels(self.label).set(0)

    @staticmethod
    def _prefixes(
        raw: tuple[ConsumerRecord, ...], decisions: list[Decision | None]
    ) -> tuple[list[Decision], dict[TopicPartition, int], dict[TopicPartition, int]]:
        """The finished prefix of each partition, the offsets to commit for it, and where the rest begins."""
        finished: list[Decision] = []
        offsets: dict[TopicPartition, int] = {}
        rest: dict[TopicPartition, int] = {}
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

    async def _commit(self, offsets: dict[TopicPartition, int], generation: int) -> None:
        # A partition that left and came back may have been moved on by another member: its offset is not ours to set.
        # One that is not assigned would fail the whole commit.
        mine = self.consumer.assignment() if generation == self._generation else set()
        offsets = {partition: offset for partition, offset in offsets.items() if partition in mine}
        if not offsets:
            metrics.commits.labels(self.label, "not_ours").inc()
            return
        try:
            async with asyncio.timeout(COMMIT_SECONDS):
                await self.consumer.commit(offsets)
        except (CommitFailedError, IllegalStateError) as error:
            metrics.commits.labels(self.label, "failed").inc()
            log.warning("commit failed, the records come again", stage=self.label, error=repr(error))
        except (KafkaError, TimeoutError) as error:
            metrics.commits.labels(self.label, "failed").inc()
            raise DependencyAway(f"commit: {error!r}", code="broker-away") from error
        else:
            metrics.commits.labels(self.label, "ok").inc()

    def _seek_back(self, raw: tuple[ConsumerRecord, ...]) -> None:
        first: dict[TopicPartition, int] = {}
        for message in raw:
            first.setdefault(TopicPartition(message.topic, message.partition), message.offset)
        for partition, offset in first.items():
            if partition in self.consumer.assignment():
                self.consumer.seek(partition, offset)

    def _pause(self, raw: tuple[ConsumerRecord, ...], error: DependencyAway) -> None:
        """Hold still but stay in the group: paused partitions are still polled, so membership is kept."""
        self.away = error
        delay = self._backoff.next()
        log.warning(
            "paused",
            stage=self.label,
            code=error.code,
            error=error.message,
            hint=error.hint,
            seconds=round(delay, 2),
        )
        metrics.pauses.labels(self.label, error.code).inc()
        metrics.paused.labels(self.label).set(1)
        self._seek_back(raw)
        self.consumer.pause(*self.consumer.assignment())
        self._resume = asyncio.get_running_loop().call_later(delay, self._go_on)

    def _go_on(self) -> None:
        self._resume = None
        if self._subscriber is not None and self._subscriber.consumer is not None:
            self.consumer.resume(*self.consumer.paused())

    def _break(self, raw: tuple[ConsumerRecord, ...], error: DeployBroken) -> None:
        self.failure = error
        log.error("stage stopped", stage=self.label, code=error.code, error=error.message, hint=error.hint)
        self._seek_back(raw)
        self.consumer.pause(*self.consumer.assignment())

    def _measure_lag(self) -> None:
        for partition in self.consumer.assignment():
            end = self.consumer.highwater(partition)
            handed = self.consumer.handed(partition)
            if end is not None and handed is not None:
                metrics.lag.labels(self.label, str(partition.partition)).set(max(0, end - handed))


async def _parse(message: tuple[ConsumerRecord, ...]) -> KafkaMessage:
    # A header with a null or non-UTF-8 value makes FastStream's own parser raise, and the record is passed over.
    return KafkaMessage(body=b"", raw_message=message, consumer=_NO_CONSUMER)


async def _decode(message: KafkaMessage) -> Any:
    return message.raw_message


class _NoConsumer:
    """FastStream never commits here: offsets are committed by the stage, after the acknowledgements."""

    async def commit(self) -> None:
        raise AssertionError("only the stage commits")

    def seek(self, partition: TopicPartition, offset: int) -> None:
        raise AssertionError("only the stage seeks")


_NO_CONSUMER = _NoConsumer()
