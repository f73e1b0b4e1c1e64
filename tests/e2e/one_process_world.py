"""The world of `claimstream ingest`: one process, which can be cut off at any point and started again."""

from __future__ import annotations

from pathlib import Path

from claimstream.databases import in_file
from claimstream.oneprocess import OneProcess
from shared.contracts.record import Outgoing, Record
from shared.pipeline.redrive import Letter, plan, redriven
from tests.e2e.switchboard import Switchboard
from tests.e2e.world import FETCHING, WATCHED, World


class OneProcessWorld(World):
    """A start after :meth:`cut_off` has a switchboard of its own: nothing is held any more."""

    def __init__(self, path: Path) -> None:
        super().__init__(in_file(path).urls)
        self._path = path
        self.process: OneProcess

    async def __aenter__(self) -> OneProcessWorld:
        await self.start()
        return self

    async def start(self) -> None:
        self.board = Switchboard()
        self.process = OneProcess(self._path, wrap=self.board.wrap, **FETCHING)
        for topic in WATCHED:
            self.process.tap(topic, self._saw)  # before it starts: what was left is sent at once
        await self.process.__aenter__()

    async def cut_off(self) -> None:
        """Everything that is queued or in hand is gone."""
        await self.process.__aexit__(None, None, None)

    async def _saw(self, record: Outgoing) -> None:
        seen = self.records[record.topic]
        seen.append(Record(record.topic, 0, len(seen), 0, record.key, record.value, tuple(record.headers)))

    async def produce(self, *records: Outgoing) -> None:
        await self.process.deliver(records)

    async def letters(self) -> list[Letter]:
        return await self.process.local.letters()

    async def redrive(self, topic: str) -> int:
        chosen = plan([letter for letter in await self.letters() if letter.record.topic == topic]).chosen
        await self.produce(*map(redriven, chosen))
        await self.process.local.mark_redriven([letter.record.offset for letter in chosen])
        return len(chosen)

    async def quiet(self, seconds: float = 60) -> None:
        await self.process.until_quiet()

    async def close(self) -> None:
        await self.cut_off()
