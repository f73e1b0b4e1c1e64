"""The pool of workers in which the cleaner and the extractor do their work."""

from __future__ import annotations

import pytest

from shared.errors import DeployBroken
from shared.pipeline.pool import WorkerPool


def double(number: int) -> int:
    return 2 * number


def fail_to_begin() -> None:
    raise OSError(28, "No space left on device")


async def test_workers_that_cannot_begin_are_the_deploys_fault_and_cost_no_record() -> None:
    async with WorkerPool(double, workers=1, deadline=10, warm_up=fail_to_begin) as pool:
        for number in range(3):  # the first waits while the pool breaks, the others meet it broken
            with pytest.raises(DeployBroken, match="cannot begin"):
                await pool.run(number)


async def test_a_worker_gives_back_what_the_function_returns() -> None:
    async with WorkerPool(double, workers=1, deadline=10) as pool:
        assert await pool.run(21) == 42
