"""From consumed records to decisions: decode, hand over, collect, and turn every verdict into records to produce.

Knows no transport. A decision is what must be acknowledged before the record's offset may be committed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from shared import metrics, tracing
from shared.clock import Clock
from shared.contracts.envelope import Envelope
from shared.contracts.record import Outgoing, Record
from shared.errors import DependencyAway, DeployBroken, HandlerFailed, RecordError, RecordTooLarge
from shared.pipeline.arrivals import Arrivals
from shared.pipeline.attributes import has, lazily
from shared.pipeline.dead_letters import dead_letter, fitted
from shared.pipeline.limits import DeadLetterLimiter
from shared.pipeline.log_ids import ids_of
from shared.pipeline.results import Dead, Emit, Reject, Result
from shared.pipeline.stage import Batch, Stage
from shared.telemetry import logger

T = TypeVar("T")
log = logger("pipeline")
# Copied from every record to whatever it causes: how often it was tried, and the trace that it belongs to.
INHERITED = ("ce_attempt", "traceparent")


@dataclass(frozen=True, slots=True)
class Decision:
    """A settled record: what to produce for it, and under which label it counts."""

    outgoing: tuple[Outgoing, ...]
    result: str
    code: str = ""


NOTHING = Decision((), "emit")


class Judge(Generic[T]):
    """Judges the records of one stage. ``max_bytes`` gives the size limit of a topic by short name."""

    def __init__(
        self,
        stage: Stage[T],
        *,
        max_bytes: Callable[[str], int],
        clock: Clock,
        limiter: DeadLetterLimiter | None = None,
    ) -> None:
        self.stage = stage
        self.label = f"{stage.service}.{stage.name}"
        self._max_bytes = max_bytes
        self._clock = clock
        self._limiter = limiter or DeadLetterLimiter()
        self._handler_seconds = metrics.handler_seconds.labels(self.label)

    async def decide(self, records: Sequence[Record], budget: float) -> list[Decision | None]:
        """Decisions in the order of ``records``; None for those that were not settled within ``budget`` seconds.

        Raises DependencyAway (nothing of the batch may be committed) and DeployBroken (the stage must stop).
        """
        began = tracing.began()
        batch = Arrivals(records, self.stage.decode, self.stage.service)
        started = self._clock.monotonic()
        await self._handle(batch, budget)
        self._handler_seconds.observe(self._clock.monotonic() - started)
        decisions: list[Decision | None] = [
            None
            if result is None
            else NOTHING
            if type(result) is Emit and not result.records
            else self._decision(records[place], result)
            for place, result in enumerate(batch.results)
        ]
        if any(decision is not None and decision.result == "dead" for decision in decisions):
            self._limiter.check(self._verdicts(decision for decision in decisions if decision is not None))
        if began:
            tracing.stage_spans(self.label, began, records, decisions)
        return decisions

    async def _handle(self, batch: Batch[T], budget: float) -> None:
        try:
            async with asyncio.timeout(budget):
                try:
                    await self.stage.handle(batch)
                except (DependencyAway, DeployBroken):
                    raise
                except Exception as error:
                    log.warning(
                        "batch failed, trying its records one by one", stage=self.label, error=repr(error)
                    )
                    await self._one_by_one(batch)
        except TimeoutError:
            left = len(batch.unsettled())
            log.warning("batch ran out of time", stage=self.label, seconds=budget, unsettled=left)

    async def _one_by_one(self, batch: Batch[T]) -> None:
        for index in batch.unsettled():
            single = Batch([batch.items[index]])
            result: Result | None
            try:
                await self.stage.handle(single)
                result = single.results[0]
                if result is None:
                    raise RuntimeError("the handler ended without settling the record")
            except (DependencyAway, DeployBroken):
                raise
            except RecordError as error:
                result = Dead(error.code, error.hint, error.message)
            except Exception as error:
                item = batch.items[index]
                log.exception("handler failed", stage=self.label, **ids_of(item.record, item.envelope))
                result = Dead(HandlerFailed.code, HandlerFailed.hint, repr(error))
            batch.settle(index, result)

    def _decision(self, record: Record, result: Result) -> Decision:
        envelope = lazily(record.headers)
        if isinstance(result, Emit):
            decision = Decision(self._inherit(record, envelope, result.records), "emit")
        elif isinstance(result, Reject):
            fates = self._inherit(record, envelope, self.stage.fate(record, envelope, result))
            decision = Decision(fates, "reject", result.code)
            log.info(
                "record rejected",
                stage=self.label,
                code=result.code,
                **ids_of(record, envelope),
            )
        else:
            return self._give_up(record, envelope, result)
        for out in decision.outgoing:
            if out.size > (limit := self._max_bytes(out.topic)):
                detail = f"{out.size} bytes for {out.topic}, which takes {limit}"
                return self._give_up(record, envelope, Dead(RecordTooLarge.code, RecordTooLarge.hint, detail))
        return decision

    def _verdicts(self, decisions: Iterable[Decision]) -> list[bool]:
        """What the decisions say of the deploy: True for each dead letter that may be its fault."""
        return [
            decision.result == "dead"
            for decision in decisions
            if self.stage.trusted or decision.result != "dead" or decision.code == HandlerFailed.code
        ]

    def _give_up(self, record: Record, envelope: Envelope, verdict: Dead) -> Decision:
        letter = dead_letter(
            record, verdict, service=self.stage.service, stage=self.stage.name, clock=self._clock
        )
        letter = fitted(letter, self._max_bytes(letter.topic))
        log.error(
            "record given up",
            stage=self.label,
            code=verdict.code,
            hint=verdict.hint,
            detail=verdict.detail[:500],
            event_id=envelope.id,
            **ids_of(record, envelope),
        )
        fates = self._inherit(record, envelope, self.stage.fate(record, envelope, verdict))
        return Decision((letter, *fates), "dead", verdict.code)

    @staticmethod
    def _inherit(record: Record, envelope: Envelope, records: Sequence[Outgoing]) -> tuple[Outgoing, ...]:
        if not any(has(record.headers, name) for name in INHERITED):
            return tuple(records)
        inherited: list[tuple[str, bytes]] = []
        if envelope.attempt > 1:
            inherited.append(("ce_attempt", str(envelope.attempt).encode()))
        if envelope.traceparent:
            inherited.append(("traceparent", envelope.traceparent.encode()))
        if not inherited:
            return tuple(records)
        return tuple(
            Outgoing(
                out.topic,
                out.key,
                out.value,
                [*((n, v) for n, v in out.headers if n not in INHERITED), *inherited],
                out.place_by,
            )
            for out in records
        )

    def count(self, decisions: Sequence[Decision]) -> None:
        """Count committed decisions in the metrics and towards the dead-letter limit."""
        if all(decision is NOTHING for decision in decisions):
            self._limiter.take_good(len(decisions))
            metrics.records_out.labels(self.label, "emit", "").inc(len(decisions))
            return
        self._limiter.take(self._verdicts(decisions))
        totals: dict[tuple[str, str], int] = {}
        for decision in decisions:
            totals[decision.result, decision.code] = totals.get((decision.result, decision.code), 0) + 1
        for (result, code), number in totals.items():
            metrics.records_out.labels(self.label, result, code).inc(number)
            if result == "dead":
                metrics.dead_letters.labels(self.label, code).inc(number)


AnyJudge = Judge[Any]
