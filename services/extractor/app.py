"""The extractor's wiring: `articles` in, `extractions` out, the work in killable processes, and a second reader around
it where one is set."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from services.extractor.reader import choose, verified
from services.extractor.settings import ExtractorSettings
from services.extractor.work import work
from shared.clock import Clock, SystemClock
from shared.contracts.envelope import Envelope
from shared.contracts.record import Record
from shared.contracts.topics import ARTICLES
from shared.errors import SettingsInvalid
from shared.pipeline.fates import fates_of
from shared.pipeline.in_workers import in_workers, pool_of
from shared.pipeline.service import Service
from shared.pipeline.stage import Handler, Stage, each
from shared.settings import CommonSettings, load

SERVICE = "extractor"
BATCH = 64


def build(
    common: CommonSettings, clock: Clock | None = None, settings: ExtractorSettings | None = None
) -> Service:
    """The service with its pool of workers running; ``settings`` come from the environment where they are not given.

    Raises :class:`~shared.errors.ModelInvalid` for a model whose files are not what its manifest says, and
    :class:`~shared.errors.SettingsInvalid` for a second reader that may take longer than a batch has.
    """
    settings = settings or load(ExtractorSettings)
    verified(settings.model)
    service = Service(SERVICE)
    clock = clock or SystemClock()
    warm_up = partial(choose, settings.model, settings.statements)
    handle = (
        _with_second_reader(service, common, settings, warm_up, clock)
        if settings.reader_url
        else in_workers(service, common, work, warm_up)
    )
    service.stages = [
        Stage(SERVICE, "articles", ARTICLES, _undecoded, handle, fate=fates_of(SERVICE, clock), batch=BATCH)
    ]
    return service


def _with_second_reader(
    service: Service,
    common: CommonSettings,
    settings: ExtractorSettings,
    warm_up: Callable[[], None],
    clock: Clock,
) -> Handler[Record]:
    # What only a few deployments need is imported by these alone.
    from services.extractor.second_reader.asking import SecondReader
    from services.extractor.second_reader.endpoint import Endpoint
    from services.extractor.second_reader.steps import step
    from services.extractor.second_reader.two_readers import in_two_steps

    if settings.reader_seconds > common.batch_seconds - common.pool_deadline:
        raise SettingsInvalid(
            f"CLAIMSTREAM_EXTRACTOR_READER_SECONDS is {settings.reader_seconds:g}, and a batch has"
            f" {common.batch_seconds:g} s of which an article may take {common.pool_deadline:g}",
            hint="Raise CLAIMSTREAM_BATCH_SECONDS, or lower one of the other two.",
        )
    endpoint = Endpoint(
        settings.reader_url,
        key=settings.reader_key.get_secret_value() if settings.reader_key else None,
        seconds=settings.reader_seconds,
        parallel=settings.reader_parallel,
    )
    service.resources.push_async_callback(endpoint.close)
    second = SecondReader(
        endpoint.send,
        model=settings.reader_model,
        seconds=settings.reader_seconds,
        parallel=settings.reader_parallel,
        calls=settings.reader_calls,
        clock=clock,
    )
    pool = pool_of(service, common, step, warm_up)
    # All articles of a batch are under way, so that they wait for their answers together.
    return each(
        in_two_steps(pool.run, second, below=settings.reader_below, parallel=2 * pool.workers), parallel=BATCH
    )


def _undecoded(record: Record, _envelope: Envelope) -> Record:
    """The worker decodes: reading a 20 KB article costs more than carrying it there."""
    return record
