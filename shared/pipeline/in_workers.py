"""A service's work in killable processes: a pool as its settings say, which ends with the service."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from shared.pipeline.pool import WorkerPool
from shared.pipeline.results import Result
from shared.pipeline.service import Service
from shared.pipeline.stage import Handler, Item, each
from shared.settings import CommonSettings

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")


def pool_of(
    service: Service, settings: CommonSettings, function: Callable[P, R], warm_up: Callable[[], None]
) -> WorkerPool[P, R]:
    """The pool in which the service runs the function."""
    pool = WorkerPool(
        function, workers=settings.pool_workers, deadline=settings.pool_deadline, warm_up=warm_up
    )
    service.resources.push_async_callback(pool.close)
    return pool


def in_workers(
    service: Service, settings: CommonSettings, function: Callable[[T], Result], warm_up: Callable[[], None]
) -> Handler[T]:
    """A batch handler in which a worker does all that there is to do with a record."""
    pool = pool_of(service, settings, function, warm_up)

    async def handle(item: Item[T]) -> Result:
        return await pool.run(item.value)

    # Two a worker: one is worked on while the next is on its way to the process.
    return each(handle, parallel=2 * pool.workers)
