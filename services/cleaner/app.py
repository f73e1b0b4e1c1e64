"""The cleaner's wiring: `pages` in, `articles` out, the work in killable processes, the memory of sites around it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from services.cleaner.handler import warm_up
from services.cleaner.memory.database import SiteMemories
from services.cleaner.memory.rounds import Rounds
from services.cleaner.memory.schema import check
from services.cleaner.settings import CleanerSettings
from services.cleaner.work import Looked, Outcome, Remembering, Task, step, work
from shared.clock import Clock, SystemClock
from shared.contracts import codec
from shared.contracts.page import CompressedPage
from shared.contracts.topics import PAGES
from shared.database import open_database
from shared.pipeline.fates import fates_of
from shared.pipeline.in_workers import in_workers, pool_of
from shared.pipeline.results import Result
from shared.pipeline.service import Service
from shared.pipeline.stage import Handler, Item, Stage, each
from shared.settings import CommonSettings, load

SERVICE = "cleaner"
BATCH = 64  # pages are up to 900 kB each: a batch stays below 60 MB


def build(
    common: CommonSettings, clock: Clock | None = None, settings: CleanerSettings | None = None
) -> Service:
    """The service with its pool of workers running; ``settings`` come from the environment where they are not given.

    Raises :class:`~shared.errors.SettingsInvalid` for a bad URL and :class:`~shared.errors.NotOurDatabase`. Whether the
    schema is there is a readiness check; a statement that misses it raises :class:`~shared.errors.SchemaMissing`.
    """
    settings = settings or load(CleanerSettings)
    service = Service(SERVICE)
    handle = (
        in_workers(service, common, work, warm_up)
        if settings.database_url is None
        else _remembering(service, common, settings.database_url.get_secret_value())
    )
    fate = fates_of(SERVICE, clock or SystemClock())
    service.stages = [Stage(SERVICE, "pages", PAGES, codec.decode_page, handle, fate=fate, batch=BATCH)]
    return service


def _remembering(service: Service, common: CommonSettings, url: str) -> Handler[CompressedPage]:
    engine = open_database(url, program="claimstream-cleaner")
    service.resources.push_async_callback(engine.dispose)
    pool = pool_of(service, common, step, warm_up)
    rounds = Rounds(SiteMemories(engine).ask, most=BATCH)
    service.resources.push_async_callback(rounds.close)

    async def schema() -> None:
        await check(engine)

    service.ready["cleaner-database"] = schema
    return each(in_two_steps(pool.run, rounds, parallel=2 * pool.workers), parallel=BATCH)


def in_two_steps(
    run: Callable[[Task], Awaitable[Outcome]], rounds: Rounds, *, parallel: int
) -> Callable[[Item[CompressedPage]], Awaitable[Result]]:
    """Look at the page, ask the memory, write what it says. All pages of a batch are under way, so that they ask
    together; ``parallel`` of them are looked at."""
    gate = asyncio.Semaphore(parallel)

    async def handle(item: Item[CompressedPage]) -> Result:
        async with rounds.visitor(), gate:
            outcome = await run(item.value)
        if not isinstance(outcome, Looked):
            return outcome
        memory = await rounds.answer(outcome.seen)
        if not memory.removed and not memory.kept:
            return outcome.emit
        (record,) = outcome.emit.records
        finished = await run(Remembering(record.value or b"", memory))
        if isinstance(finished, Looked):
            raise TypeError("a page that the memory has answered is not looked at again")
        return finished

    return handle
