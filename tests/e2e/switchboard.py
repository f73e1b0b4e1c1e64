"""Between the services and their transport: holds stages, breaks them, counts what they have handled.

Only ``handle`` is replaced, so everything before it (decoding) and after it (producing, committing) is the real thing.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from shared.pipeline.service import Service
from shared.pipeline.stage import Batch, Handler, Stage

Fault = Callable[[Batch[Any]], None]
"""May settle items of the batch before the stage sees them, or raise in its place."""


class Switchboard:
    """A stage is named ``service.stage`` (``store.articles``)."""

    def __init__(self) -> None:
        self._open: dict[str, asyncio.Event] = {}
        self._faults: dict[str, Fault] = {}
        self._handled: Counter[str] = Counter()
        self._seen: Counter[str] = Counter()
        self._news = asyncio.Condition()

    def wrap(self, service: Service) -> Service:
        """The service with its stages under this switchboard."""
        service.stages = tuple(self._wrapped(stage) for stage in service.stages)
        return service

    def hold(self, stage: str) -> None:
        """The stage waits before its next batch."""
        self._open.setdefault(stage, asyncio.Event()).clear()
        self._seen[stage] = 0

    def release(self, stage: str) -> None:
        self._open[stage].set()

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
        """Wait until a batch stands before the held stage."""
        async with asyncio.timeout(seconds), self._news:
            await self._news.wait_for(lambda: self._seen[stage] > 0)

    def _wrapped(self, stage: Stage[Any]) -> Stage[Any]:
        return replace(stage, handle=self._guarded(f"{stage.service}.{stage.name}", stage.handle))

    def _guarded(self, name: str, inner: Handler[Any]) -> Handler[Any]:
        gate = self._open.setdefault(name, asyncio.Event())
        gate.set()

        async def handle(batch: Batch[Any]) -> None:
            async with self._news:
                self._seen[name] += len(batch.items)
                self._news.notify_all()
            await gate.wait()
            if (fault := self._faults.get(name)) is not None:
                fault(batch)
            await inner(batch)
            async with self._news:
                self._handled[name] += len(batch.items)
                self._news.notify_all()

        return handle


def fails_on(marker: str) -> Fault:
    """A handler that raises on every record with this text in its value."""

    def fault(batch: Batch[Any]) -> None:
        if any(marker.encode() in (item.record.value or b"") for item in batch.items):
            raise RuntimeError(f"{marker} in the text")

    return fault
