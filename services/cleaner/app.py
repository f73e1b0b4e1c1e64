"""The cleaner's wiring: `pages` in, `articles` out, the work in killable processes."""

from __future__ import annotations

from services.cleaner.handler import warm_up
from services.cleaner.work import work
from shared.clock import Clock, SystemClock
from shared.contracts import codec
from shared.contracts.page import CompressedPage
from shared.contracts.topics import PAGES
from shared.pipeline.fates import fates_of
from shared.pipeline.pool import WorkerPool
from shared.pipeline.results import Result
from shared.pipeline.service import Service
from shared.pipeline.stage import Item, Stage, each
from shared.settings import CommonSettings

SERVICE = "cleaner"
BATCH = 64  # pages are up to 900 kB each: a batch stays below 60 MB


def build(settings: CommonSettings, clock: Clock | None = None) -> Service:
    """The service with its pool of workers running."""
    pool: WorkerPool[[CompressedPage], Result] = WorkerPool(
        work, workers=settings.pool_workers, deadline=settings.pool_deadline, warm_up=warm_up
    )

    async def handle(item: Item[CompressedPage]) -> Result:
        return await pool.run(item.value)

    stage = Stage(
        SERVICE,
        "pages",
        PAGES,
        codec.decode_page,
        # Two a worker: one is worked on while the next is on its way to the process.
        each(handle, parallel=2 * pool.workers),
        fate=fates_of(SERVICE, clock or SystemClock()),
        batch=BATCH,
    )
    service = Service(SERVICE, stages=[stage])
    service.resources.push_async_callback(pool.close)
    return service
