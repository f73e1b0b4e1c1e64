"""The fetcher, wired: intake, crawl, feed poller, account. The one place where its parts meet."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from services.fetcher.account import Outcomes, fates_stage
from services.fetcher.account_read import Probe
from services.fetcher.canary.source import CanarySource
from services.fetcher.crawl.delivery import Delivery
from services.fetcher.crawl.feed_poll import FeedPoller
from services.fetcher.crawl.manners import Manners
from services.fetcher.crawl.page_turn import PageTurn
from services.fetcher.crawl.robots_gate import RobotsGate
from services.fetcher.crawl.source import Crawl
from services.fetcher.feeds.feeds_file import FeedSource, load_feeds
from services.fetcher.frontier.feeds import feed_counts
from services.fetcher.frontier.frontier import SERVICE, Frontier
from services.fetcher.frontier.tables import VERSION_TABLE
from services.fetcher.heartbeat import HeartbeatSource
from services.fetcher.http import Fetcher, FetchLimits
from services.fetcher.intake_stage import intake_stages
from services.fetcher.retention import Retention
from services.fetcher.settings import FetcherSettings
from shared.clock import Clock, SystemClock
from shared.database import check_schema, open_database
from shared.database import migrate as migrate_database
from shared.errors import ContactMissing
from shared.pipeline.service import Service
from shared.telemetry import logger

NAME = SERVICE
MIGRATIONS = Path(__file__).parent / "migrations"
log = logger("fetcher")


async def cannot_say() -> float | None:
    """The probe of an account that sees no consumer groups: what is missing stays unknown."""
    return None


def build(settings: FetcherSettings, *, clock: Clock | None = None, probe: Probe = cannot_say) -> Service:
    """The service ``fetcher``. ``probe`` says how old the oldest unsettled record of any group is.

    Without a contact it runs and fetches nothing. Raises :class:`~shared.errors.ContactMissing` for a contact that
    is none, :class:`~shared.errors.SettingsInvalid` for a bad URL, network or feeds file,
    :class:`~shared.errors.NotOurDatabase`. Whether the schema is there is a readiness check and, by each statement,
    :class:`~shared.errors.SchemaMissing`.
    """
    clock = clock or SystemClock()
    listed = None
    if settings.feeds_file is not None:
        listed = load_feeds(settings.feeds_file, every=settings.feeds_every)
    fetcher = None
    if settings.contact.strip():
        limits = FetchLimits(deadline=settings.page_deadline)
        fetcher = Fetcher(settings.contact, limits=limits, allow=settings.allow_networks, clock=clock)
    else:
        # The rest runs: submissions are taken and accounted for, and wait. A deployment comes up before its contact.
        log.warning("the fetcher does not crawl", code=ContactMissing.code, hint=ContactMissing.hint)
    engine = open_database(settings.database_url.get_secret_value(), program="claimstream-fetcher")
    frontier = Frontier(engine, epoch=settings.epoch, lease_seconds=settings.lease, ages=settings.revisit)
    outcomes = Outcomes(engine)
    heartbeat = HeartbeatSource(
        engine,
        interval=settings.heartbeat_interval,
        unexplained_after=settings.unexplained_after,
        probe=probe,
        feeds=partial(feed_counts, engine),
    )
    canary = CanarySource(engine, every=settings.canary_every, lost_after=settings.unexplained_after)
    retention = Retention(engine, days=settings.keep_days)
    service = Service(
        name=NAME,
        stages=(
            *intake_stages(engine, settings.epoch),
            fates_stage(engine, clock=clock, epoch=settings.epoch),
        ),
        sources=(outcomes, heartbeat, canary, *([retention] if settings.keep_days else ())),
    )
    for close in (engine.dispose, outcomes.close, heartbeat.close, canary.close, retention.close):
        service.resources.push_async_callback(close)
    if fetcher is not None:
        _add_crawl(service, settings, frontier, fetcher, listed, clock)

    async def schema() -> None:
        await check_schema(engine, MIGRATIONS, VERSION_TABLE)

    service.ready["fetcher-database"] = schema
    return service


def _add_crawl(
    service: Service,
    settings: FetcherSettings,
    frontier: Frontier,
    fetcher: Fetcher,
    listed: list[FeedSource] | None,
    clock: Clock,
) -> None:
    """What asks other people's hosts: the crawl and the feed poller."""
    manners = Manners(settings.crawl_delay, settings.tries, settings.backoff_first, settings.backoff_longest)
    gate = RobotsGate(frontier, fetcher, manners, clock)
    delivery = Delivery(frontier)
    page_turn = PageTurn(frontier, fetcher, gate, manners, delivery)
    crawl = Crawl(frontier, page_turn, delivery, manners, clock, concurrency=settings.concurrency)
    poller = FeedPoller(
        frontier, fetcher, gate, manners, listed=listed, silent_after=settings.feeds_silent_after
    )
    service.sources = (crawl, poller, *service.sources)
    for close in (fetcher.aclose, crawl.drain):
        service.resources.push_async_callback(close)


async def migrate(url: str) -> None:
    """Bring the fetcher's tables in the database at ``url`` to this release's schema."""
    await migrate_database(url, MIGRATIONS, VERSION_TABLE)
