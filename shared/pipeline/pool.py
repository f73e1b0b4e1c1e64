"""Killable worker processes for CPU work, with a deadline a record.

A blocked event loop stops heartbeats, so parsing happens in processes. ``ProcessPoolExecutor`` would not do: one
killed worker fails it and every pending task. With pebble only the killer and the hanger fail.
"""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import os
from collections.abc import Callable
from concurrent.futures import TimeoutError as FutureTimeout
from concurrent.futures.process import BrokenProcessPool
from typing import Any, Generic, ParamSpec, TypeVar

from pebble import ProcessExpired, ProcessPool

from shared.errors import DeployBroken, HandlerKilled, HandlerTimeout

P = ParamSpec("P")
R = TypeVar("R")
# A worker is replaced after this many records: parsers fragment memory, and a slow leak must not end in a kill.
RECORDS_PER_WORKER = 5_000


class WorkerPool(Generic[P, R]):
    """Runs ``function`` in one of ``workers`` processes (0: one for each processor).

    ``deadline`` is in seconds from when a worker begins. ``warm_up`` runs once in every new worker, before
    its first record. The function's module is imported once in the fork server, so that a new worker starts fast.
    """

    def __init__(
        self,
        function: Callable[P, R],
        *,
        workers: int = 0,
        deadline: float,
        warm_up: Callable[[], None] | None = None,
    ) -> None:
        self.workers = workers or os.cpu_count() or 1
        self.deadline = deadline
        self._function = function
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([function.__module__])
        self._pool = ProcessPool(
            max_workers=self.workers, max_tasks=RECORDS_PER_WORKER, initializer=warm_up, context=context
        )

    async def run(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """The function's result. Raises what it raised, HandlerTimeout past the deadline, HandlerKilled if it died,
        DeployBroken if no worker can begin: that is no fault of the record's."""
        try:
            future = self._pool.schedule(self._function, args=args, kwargs=kwargs, timeout=self.deadline)
        except RuntimeError as error:
            raise _broken(error) from error
        try:
            return await asyncio.wrap_future(future)
        except BrokenProcessPool as error:
            raise _broken(error) from error
        except FutureTimeout:
            raise HandlerTimeout(f"no result within {self.deadline:g} s") from None
        except ProcessExpired as error:
            raise HandlerKilled(f"the worker process ended with {error.exitcode}") from None
        except asyncio.CancelledError:
            future.cancel()  # type: ignore[no-untyped-call]
            raise

    async def close(self) -> None:
        """End the workers now; what they were at is repeated, because it was never committed."""

        def stop() -> None:
            self._pool.stop()  # type: ignore[no-untyped-call]
            self._pool.join()

        await asyncio.to_thread(stop)

    async def __aenter__(self) -> WorkerPool[P, R]:
        return self

    async def __aexit__(self, *_: Any) -> None:
        with contextlib.suppress(RuntimeError):
            await self.close()


def _broken(error: RuntimeError) -> DeployBroken:
    return DeployBroken(
        f"the worker processes cannot begin: {error}",
        hint="The log has why: most likely memory, the space in /tmp, or a file that is missing. Mend it and restart.",
    )
