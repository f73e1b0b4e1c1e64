"""The pool of workers in which the cleaner and the extractor do their work."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from shared.errors import DeployBroken, HandlerTimeout
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


def wait_and_double(number: int, seconds: float) -> int:
    time.sleep(seconds)
    return 2 * number


async def test_a_record_past_its_deadline_is_given_up_and_the_next_one_is_worked_on() -> None:
    async with WorkerPool(wait_and_double, workers=1, deadline=0.5) as pool:
        with pytest.raises(HandlerTimeout, match="no result within"):
            await pool.run(1, 600)
        async with asyncio.timeout(60):
            assert await pool.run(21, 0) == 42


async def test_a_clock_that_is_put_right_costs_no_record_in_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    real = time.time
    async with WorkerPool(wait_and_double, workers=1, deadline=60) as pool:
        assert await pool.run(1, 0) == 2
        running = asyncio.create_task(pool.run(21, 1))
        await asyncio.sleep(0.3)
        monkeypatch.setattr(time, "time", lambda: real() + 3600)
        assert await running == 42


def say_and_double(number: int, seconds: float) -> int:
    print("at it", flush=True)
    return wait_and_double(number, seconds)


STANDS_STILL = """
import asyncio
from shared.pipeline.pool import WorkerPool
from tests.integration.shared.test_pool import say_and_double

async def main():
    async with WorkerPool(say_and_double, workers=1, deadline=4) as pool:
        print(await pool.run(21, 2), flush=True)

if __name__ == "__main__":
    asyncio.run(main())
"""


def test_a_container_that_is_paused_past_the_deadline_costs_no_record(tmp_path: Path) -> None:
    script = tmp_path / "stands_still.py"
    script.write_text(STANDS_STILL)
    process = subprocess.Popen(
        [sys.executable, str(script)],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "at it\n"
        time.sleep(0.5)  # until the pool knows that, too
        os.killpg(process.pid, signal.SIGSTOP)  # the workers too, as `docker pause` does
        time.sleep(5)
        os.killpg(process.pid, signal.SIGCONT)
        assert process.communicate(timeout=60)[0] == "42\n"
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
