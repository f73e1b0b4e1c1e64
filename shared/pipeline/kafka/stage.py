"""One stage on Kafka: a FastStream batch subscriber around a judge, with commits, drain, pause and poison handled.

The order of things, which is the promise: judge the batch, produce what it caused, await every acknowledgement,
only then commit the offsets of the finished prefix of each partition. What is left is sought back to.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import Any

from aiokafka import ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import KafkaError

from shared import metrics
from shared.contracts.topics import full_name, group_name
from shared.errors import ClaimstreamError, DependencyAway, DeployBroken
from shared.pipeline import fail_points
from shared.pipeline.backoff import Backoff
from shared.pipeline.judge import AnyJudge
from shared.pipeline.kafka import offsets
from shared.pipeline.kafka.consumer import GuardedConsumer
from shared.pipeline.kafka.polled import Polled
from shared.pipeline.kafka.progress import Progress
from shared.pipeline.kafka.refusals import meaning
from shared.pipeline.kafka.subscriber import POLL_INTERVAL_MS, Raw, Subscriber
from shared.pipeline.source import Sender
from shared.telemetry import logger

log = logger("stage")
# A loop that shows no sign of life for this long will not recover by itself.
STUCK_SECONDS = POLL_INTERVAL_MS / 2000
STALLED = "The handler hangs, or one record needs longer than CLAIMSTREAM_BATCH_SECONDS."


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
        self.progress = Progress(self.label)
        self.expiry = offsets.Expiry(self.label)
        self._sender = sender
        self._batch_seconds = batch_seconds
        self._backoff = Backoff()
        self._idle = asyncio.Event()
        self._idle.set()
        self._stopping = False
        self._resume: asyncio.TimerHandle | None = None
        self._active = time.monotonic()
        # A look-up by label costs more than what is counted: once here, not with every batch.
        self._records_in = metrics.records_in.labels(self.label)
        self._batch_size = metrics.batch_size.labels(self.label)
        self._batch_age = metrics.batch_age.labels(self.label)
        self._event_age = metrics.event_age.labels(self.label)
        self._in_flight = metrics.in_flight.labels(self.label)
        self._paused = metrics.paused.labels(self.label)
        self._subscriber = Subscriber(
            full_name(prefix, self.stage.topic),
            group_name(prefix, self.stage.service, self.stage.name),
            self._on_batch,
            options=options,
            listener=self,
            on_odd=self._odd,
            max_records=self.stage.batch,
            drain_seconds=batch_seconds + offsets.COMMIT_SECONDS,
        )

    # -- life ---------------------------------------------------------------------------------------------------

    async def start(self) -> None:
        await self._subscriber.start()

    async def stop(self) -> None:
        """End the batch in hand (its finished part is committed), leave the group, close."""
        self._stopping = True
        if self._resume is not None:
            self._resume.cancel()
        await self._idle.wait()
        await self._subscriber.stop()

    @property
    def consumer(self) -> GuardedConsumer:
        consumer = self._subscriber.consumer
        if consumer is None:
            raise RuntimeError(f"{self.label} does not run")
        return consumer

    # -- health -------------------------------------------------------------------------------------------------

    async def look(self) -> None:
        """Measure lag and progress."""
        if self._subscriber.consumer is None:
            return
        await self.progress.look(self.consumer)
        if self.progress.away is not None:
            self._active = time.monotonic()  # a watchdog's patience begins when the broker is back

    def problem(self) -> ClaimstreamError | None:
        """What keeps the stage from its work now: a broken deploy, a dependency that is away, or loss."""
        if (problem := self.failure or self.away or self.progress.away) is not None:
            return problem
        consumer = self._subscriber.consumer
        if consumer is not None and consumer.trouble is not None:
            return meaning(consumer.trouble)
        return self.expiry.problem()

    def stuck(self) -> str | None:
        """Why the stage will not recover by itself, or None."""
        consumer = self._subscriber.consumer
        if consumer is None or self.failure is not None:
            return None
        if (reason := consumer.end_of_fetching()) is not None:
            return reason
        if (idle := time.monotonic() - max(consumer.turned, self._active)) > STUCK_SECONDS:
            return f"no sign of life for {idle:.0f} s"
        if (still := self.progress.stalled_seconds()) > STUCK_SECONDS:
            return f"no record for {still:.0f} s although some wait"
        return None

    # -- rebalances -----------------------------------------------------------------------------------------------

    async def on_partitions_revoked(self, revoked: set[TopicPartition]) -> None:
        """Give the batch in hand the rest of its time, so that its work is committed and not repeated elsewhere."""
        if revoked:
            log.info("draining", stage=self.label, partitions=len(revoked))
        await self._idle.wait()
        self.consumer.forget()
        for partition in revoked:
            with contextlib.suppress(KeyError):
                metrics.lag.remove(self.label, str(partition.partition))

    async def on_partitions_assigned(self, assigned: set[TopicPartition]) -> None:
        metrics.rebalances.labels(self.label).inc()
        log.info("assigned", stage=self.label, partitions=sorted(tp.partition for tp in assigned))
        if not assigned:
            return
        if self._resume is not None or self.failure is not None:
            self.consumer.pause(*assigned)
        try:
            committed = {tp: await self.consumer.committed(tp) for tp in assigned}
            known = {tp: offset for tp, offset in committed.items() if offset is not None}
            await self.expiry.look(self.consumer, known)
        except KafkaError as error:
            log.warning("cannot compare offsets with the log's start", stage=self.label, error=repr(error))

    def _odd(self, partition: TopicPartition, offset: int) -> None:
        metrics.odd_headers.labels(self.label).inc()
        log.warning(
            "a header key is not UTF-8; the header is passed over, the record is handled",
            stage=self.label,
            code="header-key-undecodable",
            record=f"{self.stage.topic}:{partition.partition}:{offset}",
            hint="Have its producer mended: most Kafka clients cannot read such a record.",
        )

    # -- batches --------------------------------------------------------------------------------------------------

    async def _on_batch(self, raw: Raw) -> None:
        self._idle.clear()
        self._in_flight.set(len(raw))
        started = time.monotonic()
        try:
            await self._run_batch(raw)
        except DependencyAway as error:
            self._pause(raw, error)
        except DeployBroken as error:
            self._break(raw, error)
        except (
            ClaimstreamError
        ) as error:  # the sender's: a topic that takes less than deploy/topics.toml says
            self._pause(raw, DependencyAway(error.message, code=error.code, hint=error.hint))
        except Exception as error:
            # Whatever it is, nothing of this batch was committed: back to its start, and wait before the next try.
            log.exception("batch failed in the pipeline", stage=self.label)
            self._pause(raw, DependencyAway(repr(error), code="pipeline-failed"))
        finally:
            self._active = time.monotonic()
            self._batch_age.observe(self._active - started)
            self._in_flight.set(0)
            self._idle.set()

    async def _run_batch(self, raw: Raw) -> None:
        if self._stopping or self.failure is not None:
            offsets.seek_back(self.consumer, offsets.starts(raw))
            return
        if not (raw := self._still_ours(raw)):
            return
        if self.consumer.gaps:
            gaps, self.consumer.gaps = self.consumer.gaps, {}
            await self.expiry.look(self.consumer, {tp: expected for tp, (expected, _) in gaps.items()})
        self._records_in.inc(len(raw))
        self._batch_size.observe(len(raw))
        oldest = min(m.timestamp for m in raw)
        self._event_age.observe(max(0.0, time.time() - oldest / 1000))

        decisions = await self.judge.decide(Polled(self.stage.topic, raw), self._batch_seconds)
        finished, done, rest = offsets.finished_prefixes(raw, decisions)
        if fail_points.armed is not None:
            fail_points.reach(f"{self.label}.before-produce")
        if outgoing := [out for decision in finished for out in decision.outgoing]:
            await self._sender.send(outgoing)
        if fail_points.armed is not None:
            fail_points.reach(f"{self.label}.after-produce")
        if done:
            await offsets.commit(self.consumer, done, self.label)
        if fail_points.armed is not None:
            fail_points.reach(f"{self.label}.after-commit")
        self.judge.count(finished)
        offsets.seek_back(self.consumer, rest)
        if not finished:
            message = f"no record was settled within {self._batch_seconds:g} s"
            raise DependencyAway(message, code="batch-stalled", hint=STALLED)
        self.away = None
        self._backoff.reset()
        self._paused.set(0)

    def _still_ours(self, raw: Raw) -> Raw:
        """Without what a rebalance has taken away between the poll and now: it comes again, here or elsewhere.

        From here on a rebalance waits for the batch, so whatever is ours now is ours until its commit.
        """
        consumer = self.consumer
        stale = {tp for tp, end in offsets.behind(raw).items() if (consumer.handed(tp) or 0) < end}
        return [m for m in raw if TopicPartition(m.topic, m.partition) not in stale] if stale else raw

    def _pause(self, raw: Raw, error: DependencyAway) -> None:
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
        self._paused.set(1)
        offsets.seek_back(self.consumer, offsets.starts(raw))
        self.consumer.pause(*self.consumer.assignment())
        if not self._stopping:
            self._resume = asyncio.get_running_loop().call_later(delay, self._go_on)

    def _go_on(self) -> None:
        self._resume = None
        if (consumer := self._subscriber.consumer) is not None:
            consumer.resume(*consumer.paused())

    def _break(self, raw: Raw, error: DeployBroken) -> None:
        self.failure = error
        log.error("stage stopped", stage=self.label, code=error.code, error=error.message, hint=error.hint)
        offsets.seek_back(self.consumer, offsets.starts(raw))
        self.consumer.pause(*self.consumer.assignment())
