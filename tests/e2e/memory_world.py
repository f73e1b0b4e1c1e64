"""The world in one process: the memory transport, and one SQLite file."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

from claimstream.databases import in_file
from claimstream.local import LocalTables
from shared.contracts.record import Outgoing, Record
from shared.pipeline.memory import MemoryTransport
from shared.pipeline.redrive import Letter, plan, redriven
from shared.topics_file import load_topics, max_bytes_of
from tests.e2e.world import SERVICES, WATCHED, World, build, common

LOOK_SECONDS = 0.02


class MemoryWorld(World):
    def __init__(self, path: Path) -> None:
        super().__init__(in_file(path).urls)
        self._stack = AsyncExitStack()
        self.local = LocalTables(self.ledger)
        self.transport: MemoryTransport

    async def __aenter__(self) -> MemoryWorld:
        await self.migrate()
        await self.local.create()
        self.transport = MemoryTransport(max_bytes=max_bytes_of(load_topics()), keep_dead=self.local.keep)
        for topic in WATCHED:
            self.transport.tap(topic, self._saw)
        for name in SERVICES:
            service = build(name, common(), self.urls)
            self._stack.push_async_callback(service.resources.aclose)
            self.transport.add(self.board.wrap(service))
        self._stack.push_async_callback(self.transport.close)
        return self

    async def _saw(self, record: Outgoing) -> None:
        seen = self.records[record.topic]
        seen.append(Record(record.topic, 0, len(seen), 0, record.key, record.value, tuple(record.headers)))

    async def produce(self, *records: Outgoing) -> None:
        await self.transport.send(records)

    async def letters(self) -> list[Letter]:
        return await self.local.letters()

    async def redrive(self, topic: str) -> int:
        chosen = plan([letter for letter in await self.letters() if letter.record.topic == topic]).chosen
        await self.produce(*map(redriven, chosen))
        await self.local.mark_redriven([letter.record.offset for letter in chosen])
        return len(chosen)

    async def quiet(self, seconds: float = 60) -> None:
        async with asyncio.timeout(seconds):
            while not await self._is_quiet():
                await asyncio.sleep(LOOK_SECONDS)

    async def _is_quiet(self) -> bool:
        """Looked at in the order in which a record goes: what is empty here has passed everything on to the next."""
        self.transport.raise_failure()
        return (
            self.transport.idle
            and not await self.queued()
            and self.transport.idle
            and not await self.unsent()
            and self.transport.idle
            and not await self.unanswered()
        )

    async def close(self) -> None:
        await self._stack.aclose()
