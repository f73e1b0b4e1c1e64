"""A service on Kafka: starts its stages and sources, watches them, and ends them in the right order.

Starting waits for what is away (a broker or a database that comes up later is normal); it never gives up on that.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from aiokafka.errors import KafkaError

from shared import metrics
from shared.clock import Clock, SystemClock
from shared.errors import ClaimstreamError, DependencyAway, DeployBroken, StageStuck
from shared.pipeline.backoff import Backoff
from shared.pipeline.health import HealthServer, Report
from shared.pipeline.judge import Judge
from shared.pipeline.kafka.connection import connection_options
from shared.pipeline.kafka.refusals import why
from shared.pipeline.kafka.sender import KafkaSender
from shared.pipeline.kafka.stage import KafkaStage
from shared.pipeline.kafka.topics import require_topics
from shared.pipeline.service import Service
from shared.pipeline.source import Draining, Source
from shared.pipeline.stage import Stage
from shared.settings import CommonSettings, KafkaSettings
from shared.telemetry import logger

log = logger("service")
WATCH_SECONDS = 1.0
CHECK_SECONDS = 5.0
LOOK_SECONDS = 5.0  # between two questions to the broker about lag and progress


class KafkaService:
    """Runs one :class:`Service`. :meth:`run` returns after :meth:`stop`; it raises what broke the deploy."""

    def __init__(
        self,
        service: Service,
        common: CommonSettings,
        kafka: KafkaSettings,
        *,
        max_bytes: Callable[[str], int],
        clock: Clock | None = None,
    ) -> None:
        self.service = service
        self._common, self._kafka = common, kafka
        self._options = connection_options(kafka)
        self._max_bytes = max_bytes
        self._clock = clock or SystemClock()
        self._stop = asyncio.Event()
        self._source_problems: dict[str, ClaimstreamError] = {}
        self._starting = True
        self.stages: list[KafkaStage] = []
        self.health: HealthServer | None = None

    def stop(self) -> None:
        """Ask for an orderly end: drain, commit, leave the groups, close."""
        self._stop.set()

    async def run(self) -> None:
        self.health = HealthServer(
            self._common.health_host, self._common.health_port, live=self._live, ready=self._ready
        )
        await self.health.start()
        log.info("health", service=self.service.name, port=self.health.port)
        sender = self._sender(None)
        sources: list[asyncio.Task[None]] = []
        looking: asyncio.Task[None] | None = None
        try:
            await self._start_stages(sender)
            self._starting = False
            for source in self.service.sources:
                name = f"{source.service}.{source.name}"
                sources.append(asyncio.create_task(self._run_source(source, name), name=name))
            looking = asyncio.create_task(self._look(), name="look")
            if not self._stop.is_set():
                log.info("running", service=self.service.name, stages=[stage.label for stage in self.stages])
            await self._watch(sources)
        finally:
            if looking is not None:
                looking.cancel()
            await self._end(sources, sender)

    async def _start_stages(self, sender: KafkaSender) -> None:
        if not self._stop.is_set():
            topics = [stage.topic for stage in self.service.stages]
            await self._until_there(lambda: require_topics(self._options, self._common.prefix, topics))
        for stage in self.service.stages:
            await self._until_there(partial(self._start_stage, stage, sender))

    async def _start_stage(self, stage: Stage[Any], sender: KafkaSender) -> None:
        runner = KafkaStage(
            Judge(stage, max_bytes=self._max_bytes, clock=self._clock),
            sender,
            self._options,
            prefix=self._common.prefix,
            batch_seconds=self._common.batch_seconds,
        )
        for counter in (metrics.expired, metrics.odd_headers):
            counter.labels(runner.label)  # shown from 0 on, or the first record would be no increase
        await runner.start()
        self.stages.append(runner)

    async def _until_there(self, start: Callable[[], Awaitable[None]]) -> None:
        """Call ``start`` until the broker is there or the service was asked to end."""
        backoff = Backoff()
        while not self._stop.is_set():
            try:
                await start()
            except (DependencyAway, KafkaError, OSError) as error:
                problem = error if isinstance(error, DependencyAway) else await why(self._options, error)
                delay = backoff.next()
                log.warning(
                    "waiting for the broker",
                    service=self.service.name,
                    code=problem.code,
                    error=problem.message,
                    hint=problem.hint,
                    seconds=round(delay, 2),
                )
                self._source_problems["start"] = problem
                await self._stops_within(delay)
            else:
                self._source_problems.pop("start", None)
                return

    async def _watch(self, sources: list[asyncio.Task[None]]) -> None:
        while not await self._stops_within(WATCH_SECONDS):
            for stage in self.stages:
                if (reason := stage.stuck()) is not None:
                    raise StageStuck(f"{stage.label}: {reason}")
            for task in sources:
                if task.done() and not self._stop.is_set():
                    task.result()
                    raise StageStuck(f"source {task.get_name()} ended by itself")
            metrics.ready.labels(self.service.name).set(0 if await self._ready() else 1)
            self._note_stopped()

    def _note_stopped(self) -> None:
        """Which stages and sources have stopped for good: an alert must not wait for their lag."""
        for stage in self.stages:
            metrics.stage_stopped.labels(stage.label).set(stage.failure is not None)
        for source in self.service.sources:
            name = f"{source.service}.{source.name}"
            broken = isinstance(self._source_problems.get(name), DeployBroken)
            metrics.stage_stopped.labels(name).set(broken)

    async def _look(self) -> None:
        while not await self._stops_within(LOOK_SECONDS):
            try:
                await asyncio.gather(*(stage.look() for stage in self.stages))
            except Exception:  # what it measures must not end with one failure to measure
                log.exception("looking at the stages failed", service=self.service.name)

    async def _stops_within(self, seconds: float) -> bool:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stop.wait(), seconds)
        return self._stop.is_set()

    async def _end(self, sources: list[asyncio.Task[None]], sender: KafkaSender) -> None:
        self._stop.set()
        for task in sources:
            # A step that is under way may finish; a source that waits ends at once.
            with contextlib.suppress(Exception):
                await asyncio.wait_for(task, self._kafka.send_seconds)
        for stage in self.stages:
            try:
                await stage.stop()
            except Exception:
                log.exception("stage did not end cleanly", stage=stage.label)
        await sender.close()
        await self.service.resources.aclose()
        if self.health is not None:
            await self.health.close()
        log.info("ended", service=self.service.name)

    async def _run_source(self, source: Source, name: str) -> None:
        sender = self._sender(f"{self._common.prefix}.{name}")
        paused = metrics.paused.labels(name)
        backoff = Backoff()
        try:
            while not self._stop.is_set():
                try:
                    pause = await source.step(sender)
                except DependencyAway as error:
                    pause = backoff.next()
                    self._source_problems[name] = error
                    metrics.pauses.labels(name, error.code).inc()
                    paused.set(1)
                    log.warning(
                        "waiting", stage=name, code=error.code, error=error.message, seconds=round(pause, 2)
                    )
                except DeployBroken as error:
                    log.error(
                        "source stopped", stage=name, code=error.code, error=error.message, hint=error.hint
                    )
                    self._source_problems[name] = error
                    await self._stop.wait()
                    return
                except Exception as error:
                    pause = backoff.next()
                    self._source_problems[name] = ClaimstreamError(repr(error))
                    paused.set(1)
                    log.exception("source failed, trying again", stage=name, seconds=round(pause, 2))
                else:
                    backoff.reset()
                    self._source_problems.pop(name, None)
                    paused.set(0)
                await (self._stops_within(pause) if pause > 0 else asyncio.sleep(0))
        finally:
            if isinstance(source, Draining):
                await source.drain()
            await sender.close()

    def _sender(self, transactional_id: str | None) -> KafkaSender:
        return KafkaSender(
            self._options,
            prefix=self._common.prefix,
            max_bytes=self._max_bytes,
            deadline=self._kafka.send_seconds,
            transactional_id=transactional_id,
        )

    async def _live(self) -> Report:
        return {stage.label: reason for stage in self.stages if (reason := stage.stuck()) is not None}

    async def _ready(self) -> Report:
        problems: Report = {}
        if self._starting:
            problems["start"] = "not all stages run yet"
        for stage in self.stages:
            if (problem := stage.problem()) is not None:
                problems[stage.label] = f"{problem.code}: {problem.message}"
        for name, problem in self._source_problems.items():
            problems[name] = f"{problem.code}: {problem.message}"
        for name, check in self.service.ready.items():
            try:
                async with asyncio.timeout(CHECK_SECONDS):
                    await check()
            except ClaimstreamError as error:
                problems[name] = f"{error.code}: {error.message}"
            except TimeoutError:
                problems[name] = f"no answer within {CHECK_SECONDS:g} s"
            except Exception as error:  # a check that is broken must not end the service that it checks
                problems[name] = repr(error)
        return problems
