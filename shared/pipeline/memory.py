"""The memory transport: bounded queues in one process, for `ingest`, the demo and tests.

It keeps nothing over a restart: at start every visit without a fate is fetched or read again (see the contracts).
A dead letter goes to ``keep_dead``, which writes it into a table; everything else that nobody reads goes to ``taps``.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence

from shared.clock import Clock, SystemClock
from shared.contracts.record import Outgoing, Record
from shared.errors import DependencyAway, DeployBroken, RecordTooLarge
from shared.pipeline.backoff import Backoff
from shared.pipeline.judge import AnyJudge, Judge
from shared.pipeline.service import Service
from shared.pipeline.source import Source
from shared.pipeline.stage import Stage
from shared.telemetry import logger

log = logger("memory")
QUEUE_RECORDS = 200  # of pages this is at most 180 MB; a producer waits when a consumer is slower
Tap = Callable[[Outgoing], Awaitable[None]]


class MemoryTransport:
    """Runs services on queues. Each stage has a queue of its own, so that all of a topic's readers see every record."""

    def __init__(
        self,
        *,
        max_bytes: Callable[[str], int],
        keep_dead: Tap,
        clock: Clock | None = None,
        batch_seconds: float = 20.0,
        queue_records: int = QUEUE_RECORDS,
    ) -> None:
        self._max_bytes = max_bytes
        self._keep_dead = keep_dead
        self._clock = clock or SystemClock()
        self._batch_seconds = batch_seconds
        self._queue_records = queue_records
        self._queues: dict[str, list[asyncio.Queue[Record]]] = {}
        self._taps: dict[str, list[Tap]] = {}
        self._offsets: dict[str, int] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._busy = 0
        self.failure: DeployBroken | None = None

    # -- as a sender ----------------------------------------------------------------------------------------------

    async def send(self, records: Sequence[Outgoing]) -> None:
        for record in records:
            if record.size > (limit := self._max_bytes(record.topic)):
                raise RecordTooLarge(f"{record.size} bytes for {record.topic}, which takes {limit}")
        for record in records:
            await self._deliver(record)

    async def send_transaction(self, records: Sequence[Outgoing]) -> None:
        await self.send(records)

    def tap(self, topic: str, tap: Tap) -> None:
        """Call ``tap`` with every record of ``topic`` (short name)."""
        self._taps.setdefault(topic, []).append(tap)

    async def _deliver(self, outgoing: Outgoing) -> None:
        if "!" in outgoing.topic:
            await self._keep_dead(outgoing)
            return
        for tap in self._taps.get(outgoing.topic, ()):
            await tap(outgoing)
        offset = self._offsets.get(outgoing.topic, 0)
        self._offsets[outgoing.topic] = offset + 1
        record = Record(
            outgoing.topic,
            0,
            offset,
            int(time.time() * 1000),
            outgoing.key,
            outgoing.value,
            tuple(outgoing.headers),
        )
        for queue in self._queues.get(outgoing.topic, ()):
            while queue.full():
                self.raise_failure()  # a reader that has stopped would be waited for in vain
                await asyncio.sleep(0.01)
            queue.put_nowait(record)

    # -- as a runner ----------------------------------------------------------------------------------------------

    def add(self, service: Service) -> None:
        """Register the stages and sources of a service; they run from :meth:`start` on."""
        for stage in service.stages:
            queue: asyncio.Queue[Record] = asyncio.Queue(self._queue_records)
            self._queues.setdefault(stage.topic, []).append(queue)
            judge = Judge(stage, max_bytes=self._max_bytes, clock=self._clock)
            self._tasks.append(asyncio.create_task(self._run_stage(stage, judge, queue), name=judge.label))
        for source in service.sources:
            name = f"{source.service}.{source.name}"
            self._tasks.append(asyncio.create_task(self._run_source(source, name), name=name))

    @property
    def idle(self) -> bool:
        """Nothing is queued and no stage is at work. What sources will find due is theirs to say."""
        return self._busy == 0 and all(q.empty() for queues in self._queues.values() for q in queues)

    def raise_failure(self) -> None:
        """Raise what ended a task, if anything did: a stage that stopped, or a defect of ours."""
        if self.failure is not None:
            raise self.failure
        for task in self._tasks:
            if task.done() and not task.cancelled() and (error := task.exception()) is not None:
                raise error

    async def close(self) -> None:
        """Stop everything at once; what was under way comes again at the next start."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()

    async def _run_stage(self, stage: Stage[object], judge: AnyJudge, queue: asyncio.Queue[Record]) -> None:
        backoff = Backoff(longest=5.0)
        while True:
            records = [await queue.get()]
            self._busy += 1
            try:
                while len(records) < stage.batch and not queue.empty():
                    records.append(queue.get_nowait())
                while records:
                    try:
                        records = await self._judge(judge, records)
                        backoff.reset()
                    except DependencyAway as error:
                        log.warning("waiting", stage=judge.label, code=error.code, error=error.message)
                        await asyncio.sleep(backoff.next())
                    except DeployBroken as error:
                        log.error("stage stopped", stage=judge.label, code=error.code, error=error.message)
                        self.failure = error
                        return
            finally:
                self._busy -= 1

    async def _judge(self, judge: AnyJudge, records: list[Record]) -> list[Record]:
        decisions = await judge.decide(records, self._batch_seconds)
        settled = [decision for decision in decisions if decision is not None]
        await self.send([out for decision in settled for out in decision.outgoing])
        judge.count(settled)
        return [record for record, decision in zip(records, decisions, strict=True) if decision is None]

    async def _run_source(self, source: Source, name: str) -> None:
        backoff = Backoff(longest=5.0)
        while True:
            self._busy += 1
            try:
                pause = await source.step(self)
                backoff.reset()
            except DependencyAway as error:
                pause = backoff.next()
                log.warning("waiting", stage=name, code=error.code, error=error.message)
            except DeployBroken as error:
                log.error("source stopped", stage=name, code=error.code, error=error.message)
                self.failure = error
                return
            finally:
                self._busy -= 1
            await asyncio.sleep(pause)
