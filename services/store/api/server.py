"""The API as a process: its own port for those who ask, and the health port that every service has."""

from __future__ import annotations

import asyncio
import contextlib

import uvicorn
from sqlalchemy.ext.asyncio import AsyncEngine

from services.store import models
from services.store.api.app import Parts, build
from services.store.api.fates import Account
from services.store.api.reading import Reader, open_read_only
from services.store.api.settings import ApiSettings
from services.store.app import MIGRATIONS
from services.store.settings import StoreSettings
from shared import metrics
from shared.clock import Clock, SystemClock
from shared.database import check_schema
from shared.errors import ClaimstreamError, SettingsInvalid
from shared.pipeline.health import HealthServer, Report
from shared.settings import CommonSettings, load
from shared.telemetry import logger

log = logger("api")

NAME = "api"
CHECK_SECONDS = 5.0
START_SECONDS = 0.01  # between two looks whether it listens; uvicorn tells nobody
# Streams end by themselves within a poll; an answer that is under way may take its query's time.
GRACE_SECONDS = 10
KEEP_ALIVE_SECONDS = 15


class ApiServer:
    """:meth:`run` returns after :meth:`stop`. ``account`` answers for fates, as in :class:`Parts`; ``resources`` are
    closed at the end."""

    def __init__(
        self,
        common: CommonSettings,
        settings: ApiSettings | None = None,
        store: StoreSettings | None = None,
        *,
        account: Account | None = None,
        clock: Clock | None = None,
    ) -> None:
        self._common = common
        self._settings = settings or load(ApiSettings)
        store = store or load(StoreSettings)
        self._engine: AsyncEngine = open_read_only(store.database_url.get_secret_value())
        self.resources = contextlib.AsyncExitStack()
        self.resources.push_async_callback(self._engine.dispose)
        self._stopping = asyncio.Event()
        parts = Parts(
            Reader(self._engine, self._settings.query_seconds),
            epoch=store.epoch,
            prefix=common.prefix,
            account=account,
            ready=self._codes,
            stopping=self._stopping.is_set,
            clock=clock or SystemClock(),
        )
        config = uvicorn.Config(
            build(self._settings, parts),
            host=self._settings.host,
            port=self._settings.port,
            interface="asgi3",
            log_config=None,
            access_log=False,
            lifespan="off",
            ws="none",
            proxy_headers=False,  # an address that anybody can write is no address
            server_header=False,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
        self._server = uvicorn.Server(config)
        self._server.capture_signals = contextlib.nullcontext  # type: ignore[method-assign,assignment]
        self.listening = asyncio.Event()

    @property
    def port(self) -> int:
        """The port that it really listens on (0 in the settings means any)."""
        return int(self._server.servers[0].sockets[0].getsockname()[1])

    def stop(self) -> None:
        """Ask for an orderly end: streams end, answers that are under way are given."""
        self._stopping.set()
        self._server.should_exit = True

    async def run(self) -> None:
        """Raises SettingsInvalid where the address cannot be listened on."""
        health = HealthServer(
            self._common.health_host, self._common.health_port, live=_nothing, ready=self._problems
        )
        await health.start()
        serving = asyncio.create_task(self._serve(), name="api")
        try:
            while not self._server.started and not serving.done():
                await asyncio.wait([serving], timeout=START_SECONDS)
            if self._server.started:
                self.listening.set()
                log.info("running", service=NAME, port=self.port, health=health.port)
            while not serving.done():
                metrics.ready.labels(NAME).set(0 if await self._problems() else 1)
                await asyncio.wait([serving], timeout=CHECK_SECONDS)
            await serving
        finally:
            serving.cancel()
            await health.close()
            await self.resources.aclose()

    async def _serve(self) -> None:
        try:
            await self._server.serve()
        except SystemExit:  # uvicorn's word for an address that is taken
            raise SettingsInvalid(
                f"CLAIMSTREAM_API_HOST, _PORT: {self._settings.host}:{self._settings.port} cannot be listened on"
            ) from None

    async def _codes(self) -> Report:
        """What is missing, for strangers: no message of a driver."""
        return {name: text.partition(":")[0] for name, text in (await self._problems()).items()}

    async def _problems(self) -> Report:
        try:
            async with asyncio.timeout(CHECK_SECONDS):
                await check_schema(self._engine, MIGRATIONS, models.VERSION_TABLE)
        except ClaimstreamError as error:
            return {"store-database": f"{error.code}: {error.message}"}
        except TimeoutError:
            return {"store-database": f"database-away: no answer within {CHECK_SECONDS:g} s"}
        return {}


async def _nothing() -> Report:
    return {}
