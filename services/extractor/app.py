"""The extractor's wiring: `articles` in, `extractions` out, the work in killable processes."""

from __future__ import annotations

from functools import partial

from services.extractor.reader import choose, verified
from services.extractor.settings import ExtractorSettings
from services.extractor.work import work
from shared.clock import Clock, SystemClock
from shared.contracts.envelope import Envelope
from shared.contracts.record import Record
from shared.contracts.topics import ARTICLES
from shared.pipeline.fates import fates_of
from shared.pipeline.pool import WorkerPool
from shared.pipeline.results import Result
from shared.pipeline.service import Service
from shared.pipeline.stage import Item, Stage, each
from shared.settings import CommonSettings, load

SERVICE = "extractor"
BATCH = 64


def build(settings: CommonSettings, clock: Clock | None = None) -> Service:
    """The service with its pool of workers running.

    Raises :class:`~shared.errors.ModelInvalid` for a model whose files are not what its manifest says.
    """
    chosen = load(ExtractorSettings)
    verified(chosen.model)
    pool: WorkerPool[[Record], Result] = WorkerPool(
        work,
        workers=settings.pool_workers,
        deadline=settings.pool_deadline,
        warm_up=partial(choose, chosen.model, chosen.statements),
    )

    async def handle(item: Item[Record]) -> Result:
        return await pool.run(item.value)

    stage = Stage(
        SERVICE,
        "articles",
        ARTICLES,
        _undecoded,
        # Two a worker: one is worked on while the next is on its way to the process.
        each(handle, parallel=2 * pool.workers),
        fate=fates_of(SERVICE, clock or SystemClock()),
        batch=BATCH,
    )
    service = Service(SERVICE, stages=[stage])
    service.resources.push_async_callback(pool.close)
    return service


def _undecoded(record: Record, _envelope: Envelope) -> Record:
    """The worker decodes: reading a 20 KB article costs more than carrying it there."""
    return record
