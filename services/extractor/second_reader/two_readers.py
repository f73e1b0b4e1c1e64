"""A record through both readers: first ours, then the second one where it has something to be asked."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from services.extractor.second_reader.asking import SecondReader
from services.extractor.second_reader.steps import Again, Doubtful, First, Outcome, Task
from shared.contracts.record import Record
from shared.errors import DependencyAway, DeployBroken
from shared.pipeline.results import Emit, Result
from shared.pipeline.stage import Item
from shared.telemetry import logger

log = logger("second_reader")


def in_two_steps(
    run: Callable[[Task], Awaitable[Outcome]], second: SecondReader, *, below: float, parallel: int
) -> Callable[[Item[Record]], Awaitable[Result]]:
    """``parallel`` articles are read at once, while any number of them wait for their answers. Whatever becomes of the
    second reader, its answers or the second step, what was read first goes out."""
    gate = asyncio.Semaphore(parallel)

    async def handle(item: Item[Record]) -> Result:
        async with gate:
            outcome = await run(First(item.value, below))
        if not isinstance(outcome, Doubtful):
            return outcome
        corrections = await second.corrections(outcome.questions)
        if not corrections:
            return outcome.emit
        try:
            again = await run(Again(item.value, outcome.tagged, corrections, second.model))
        except (DependencyAway, DeployBroken):
            raise
        except Exception as error:
            log.warning("an article could not be read again; it goes out as it was", error=repr(error))
            return outcome.emit
        return again if isinstance(again, Emit) else outcome.emit

    return handle
