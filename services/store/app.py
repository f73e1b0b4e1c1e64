"""The store, wired: two stages into the ledger, and the relay out of it, in one process or in two."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine

from services.store import models
from services.store.database_size import DatabaseSize
from services.store.handler import handle_articles, handle_extractions
from services.store.ledger.routes import load_routes
from services.store.outbox import Relay
from services.store.settings import StoreSettings
from services.store.shelf import DatabaseShelf
from shared.clock import Clock, SystemClock
from shared.contracts import codec, topics
from shared.contracts.events import ArticleCleaned, ClaimsExtracted
from shared.database import check_schema, is_sqlite, open_database
from shared.database import migrate as migrate_database
from shared.pipeline.fates import fates_of
from shared.pipeline.service import Service
from shared.pipeline.stage import Stage
from shared.settings import CommonSettings, load

NAME = "store"
RELAY = "relay"  # the process of the outbox relay alone, where it is one
MIGRATIONS = Path(__file__).parent / "migrations"


def build(
    common: CommonSettings, settings: StoreSettings | None = None, *, clock: Clock | None = None
) -> Service:
    """The service ``store``; ``settings`` come from the environment where they are not given.

    Raises :class:`~shared.errors.SettingsInvalid` for a bad URL or routes file and
    :class:`~shared.errors.NotOurDatabase`. Whether the schema is there is a readiness check; a statement that
    misses it raises :class:`~shared.errors.SchemaMissing`, which stops the stage.
    """
    settings = settings or load(StoreSettings)
    clock = clock or SystemClock()
    routes = load_routes(settings.routes_file)
    engine = open_database(settings.database_url.get_secret_value(), program="claimstream-store")
    shelf = DatabaseShelf(engine, epoch=settings.epoch, routes=routes, clock=clock)
    relay = Relay(engine)
    # SQLite has one writer at a time anyway.
    parallel = 1 if is_sqlite(engine) else settings.parallel
    # Rejections go through the outbox, behind the claims: only dead letters are told from here.
    fate = fates_of(NAME, clock)
    service = Service(
        name=NAME,
        stages=(
            Stage[ArticleCleaned](
                service=NAME,
                name="articles",
                topic=topics.ARTICLES,
                decode=codec.decode_article,
                handle=handle_articles(shelf, parallel=parallel),
                fate=fate,
            ),
            Stage[ClaimsExtracted](
                service=NAME,
                name="extractions",
                topic=topics.EXTRACTIONS,
                decode=codec.decode_extraction,
                handle=handle_extractions(shelf, parallel=parallel),
                fate=fate,
            ),
        ),
        sources=(relay,) if settings.relay else (),
    )
    _open(service, engine, relay)
    return service


def build_relay(settings: StoreSettings | None = None) -> Service:
    """The outbox relay as a process of its own: the store then settles while it sends, each scaled by itself.

    Any number of them may run, stores with their own among them: one sends, the others stand by.
    """
    settings = settings or load(StoreSettings)
    engine = open_database(settings.database_url.get_secret_value(), program="claimstream-relay")
    relay = Relay(engine)
    service = Service(name=RELAY, sources=(relay, DatabaseSize(engine, settings.database_folder)))
    _open(service, engine, relay)
    return service


def _open(service: Service, engine: AsyncEngine, relay: Relay) -> None:
    """What both have: ready with the schema there; at the end the relay lets go before the connections close."""
    service.resources.push_async_callback(engine.dispose)
    service.resources.push_async_callback(relay.close)

    async def schema() -> None:
        await check_schema(engine, MIGRATIONS, models.VERSION_TABLE)

    service.ready["store-database"] = schema


async def migrate(url: str) -> None:
    """Bring the store's tables in the database at ``url`` to this release's schema."""
    await migrate_database(url, MIGRATIONS, models.VERSION_TABLE)
