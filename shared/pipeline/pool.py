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
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from typing import Any, Generic, ParamSpec, TypeVar

from pebble import ProcessExpired, ProcessPool

from shared.errors import DeployBroken, HandlerKilled, HandlerTimeout

P = ParamSpec("P")
R = TypeVar("R")
# How often a worker's time is looked at. Longer than this is no look late: a busy machine has such pauses.
TICK_SECONDS = 0.25
# A worker is replaced after this many records: parsers fragment memory, and a slow leak must not end in a kill.
RECORDS_PER_WORKER = 5_000


class WorkerPool(Generic[P, R]):
    """Runs ``function`` in one of ``workers`` processes (0: one for each processor).

    ``deadline`` is in seconds from when a worker begins, of a time in which this process ran: neither a step of the
    clock nor a pause of the whole container or machine is the record's fault. (Pebble's own timeout goes by the time
    of day: a clock that is put right by a minute would cost every record in hand.) ``warm_up`` runs once in every new
    worker, before its first record. The function's module is imported once in the fork server, so that a new worker
    starts fast.
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
        self._ticks: dict[Future[Any], int] = {}
        self._late: set[Future[Any]] = set()
        self._watching: asyncio.Task[None] | None = None
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([function.__module__])
        self._pool = ProcessPool(
            max_workers=self.workers, max_tasks=RECORDS_PER_WORKER, initializer=warm_up, context=context
        )

    async def run(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """The function's result. Raises what it raised, HandlerTimeout past the deadline, HandlerKilled if it died,
        DeployBroken if no worker can begin: that is no fault of the record's."""
        try:
            future = self._pool.schedule(self._function, args=args, kwargs=kwargs)
        except RuntimeError as error:
            raise _broken(error) from error
        self._ticks[future] = 0
        if self._watching is None:
            self._watching = asyncio.create_task(self._watch(), name="pool deadlines")
        try:
            return await asyncio.wrap_future(future)
        except BrokenProcessPool as error:
            raise _broken(error) from error
        except ProcessExpired as error:
            raise HandlerKilled(f"the worker process ended with {error.exitcode}") from None
        except asyncio.CancelledError:
            if future in self._late:
                raise HandlerTimeout(f"no result within {self.deadline:g} s") from None
            future.cancel()  # type: ignore[no-untyped-call]
            raise
        finally:
            self._ticks.pop(future, None)
            self._late.discard(future)

    async def _watch(self) -> None:
        """Count the ticks of what runs; cancel, and so kill, what has had its time. A tick that comes late counts once:
        then nothing of ours ran meanwhile, or not enough to judge a worker by."""
        tick = min(TICK_SECONDS, self.deadline / 4)
        most = round(self.deadline / tick)
        while self._ticks:
            await asyncio.sleep(tick)
            for future in [future for future in self._ticks if future.running()]:
                self._ticks[future] += 1
                if self._ticks[future] > most:
                    self._late.add(future)
                    future.cancel()
        self._watching = None

    async def close(self) -> None:
        """End the workers now; what they were at is repeated, because it was never committed."""
        if self._watching is not None:
            self._watching.cancel()

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
