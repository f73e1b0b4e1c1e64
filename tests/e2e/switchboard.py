"""Between the services and their transport: holds stages, breaks them, counts what they have handled.

Of a stage only ``handle`` is replaced, so everything before it (decoding) and after it (producing, committing) is the
real thing. A source is held between the acknowledgement of what it sent and its own next statement, which is where a
failure makes it send again.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from shared.contracts.record import Outgoing
from shared.pipeline.marks import Marking
from shared.pipeline.service import Service
from shared.pipeline.source import Place, Sender, Source
from shared.pipeline.stage import Batch, Handler, Stage

Fault = Callable[[Batch[Any]], None]
"""May settle items of the batch before the stage sees them, or raise in its place."""


class Switchboard:
    """A stage is named ``service.stage`` (``store.articles``), a source likewise (``store.relay``)."""

    def __init__(self) -> None:
        self._open: dict[str, asyncio.Event] = {}
        self._faults: dict[str, Fault] = {}
        self._handled: Counter[str] = Counter()
        self._seen: Counter[str] = Counter()
        self._news = asyncio.Condition()

    def wrap(self, service: Service) -> Service:
        """The service with its stages and sources under this switchboard."""
        service.stages = tuple(self._wrapped(stage) for stage in service.stages)
        service.sources = tuple(_HeldSource(source, self._acknowledged) for source in service.sources)
        return service

    def hold(self, stage: str) -> None:
        """The stage waits before its next batch, the source after its next sending."""
        self._open.setdefault(stage, asyncio.Event()).clear()
        self._seen[stage] = 0

    def release(self, stage: str) -> None:
        self._open[stage].set()

    def release_all(self) -> None:
        for gate in self._open.values():
            gate.set()

    def break_(self, stage: str, fault: Fault) -> None:
        """Every batch meets the fault first, until :meth:`repair`."""
        self._faults[stage] = fault

    def repair(self, stage: str) -> None:
        del self._faults[stage]

    def counts(self) -> Counter[str]:
        """Records that each stage has settled so far."""
        return self._handled.copy()

    async def until_handled(self, stage: str, count: int, seconds: float = 30) -> None:
        """Wait until the stage has settled ``count`` records in all."""
        async with asyncio.timeout(seconds), self._news:
            await self._news.wait_for(lambda: self._handled[stage] >= count)

    async def until_held(self, stage: str, seconds: float = 30) -> None:
        """Wait until a batch stands before the held stage, or behind the held source."""
        async with asyncio.timeout(seconds), self._news:
            await self._news.wait_for(lambda: self._seen[stage] > 0)

    async def _pass(self, name: str, count: int) -> None:
        async with self._news:
            self._seen[name] += count
            self._news.notify_all()
        if (gate := self._open.get(name)) is not None:
            await gate.wait()

    async def _acknowledged(self, source: Source, count: int) -> None:
        await self._pass(f"{source.service}.{source.name}", count)

    def _wrapped(self, stage: Stage[Any]) -> Stage[Any]:
        return replace(stage, handle=self._guarded(f"{stage.service}.{stage.name}", stage.handle))

    def _guarded(self, name: str, inner: Handler[Any]) -> Handler[Any]:
        async def handle(batch: Batch[Any]) -> None:
            await self._pass(name, len(batch.items))
            if (fault := self._faults.get(name)) is not None:
                fault(batch)
            await inner(batch)
            async with self._news:
                self._handled[name] += len(batch.items)
                self._news.notify_all()

        return handle


Acknowledged = Callable[[Source, int], Awaitable[None]]


class _HeldSource:
    def __init__(self, inner: Source, acknowledged: Acknowledged) -> None:
        self.service, self.name = inner.service, inner.name
        self._inner, self._acknowledged = inner, acknowledged

    async def step(self, sender: Sender) -> float:
        return await self._inner.step(_HeldSender(sender, partial(self._acknowledged, self._inner)))


class _HeldSender:
    def __init__(self, inner: Sender, acknowledged: Callable[[int], Awaitable[None]]) -> None:
        self._inner, self._acknowledged = inner, acknowledged

    async def send(self, records: Sequence[Outgoing]) -> None:
        await self._inner.send(records)
        await self._acknowledged(len(records))

    async def send_transaction(self, records: Sequence[Outgoing]) -> Sequence[Place | None] | None:
        places = await self._inner.send_transaction(records)
        await self._acknowledged(len(records))
        return places

    async def mark(self, service: str, name: str, through_ms: int) -> None:
        if isinstance(self._inner, Marking):
            await self._inner.mark(service, name, through_ms)


def fails_on(marker: str) -> Fault:
    """A handler that raises on every record with this text in its value."""

    def fault(batch: Batch[Any]) -> None:
        if any(marker.encode() in (item.record.value or b"") for item in batch.items):
            raise RuntimeError(f"{marker} in the text")

    return fault
