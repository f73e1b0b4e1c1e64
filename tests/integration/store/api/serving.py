"""The API as a process has it: a server on loopback, in this event loop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from services.store.api.fates import Account
from services.store.api.server import ApiServer
from services.store.api.settings import ApiSettings
from services.store.settings import StoreSettings
from shared.settings import CommonSettings

PATIENCE = 60.0  # seconds until what should come counts as missing, on a machine that is busy


@asynccontextmanager
async def serving(
    url: str,
    settings: dict[str, Any] | None = None,
    *,
    account: Account | None = None,
    prefix: str = "claimstream",
) -> AsyncIterator[ApiServer]:
    chosen = ApiSettings.model_validate({"port": 0, "rate": 1e6, "burst": 10**6, **(settings or {})})
    store = StoreSettings.model_validate({"database_url": url})
    server = ApiServer(CommonSettings(prefix=prefix), chosen, store, account=account)
    running = asyncio.create_task(server.run())
    listening = asyncio.create_task(server.listening.wait())
    await asyncio.wait([running, listening], timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED)
    listening.cancel()
    try:
        if running.done():
            await running
        yield server
    finally:
        server.stop()
        await asyncio.wait_for(running, PATIENCE)


class Events:
    """What a stream said: events as (id, data), and the last id, which a reader comes back with."""

    def __init__(self, lines: AsyncIterator[str]) -> None:
        self._lines = lines
        self.last_id = ""
        self.comments = 0

    async def next(self) -> tuple[str, str]:
        """The next event, in reasonable time. Raises StopAsyncIteration where the stream ends."""
        async with asyncio.timeout(PATIENCE):
            return await self._next()

    async def _next(self) -> tuple[str, str]:
        data = ""
        async for line in self._lines:
            field, _, value = line.partition(": ")
            if field == "id":
                self.last_id = value
            elif field == "data":
                data = value
            elif field == "" and value:
                self.comments += 1
            elif not line and data:
                return self.last_id, data
        raise StopAsyncIteration

    async def until_placed(self) -> None:
        """Until the reader has an id to come back with."""
        async with asyncio.timeout(PATIENCE):
            while not self.last_id:
                line = await anext(self._lines)
                if line.startswith("id: "):
                    self.last_id = line[4:]


@asynccontextmanager
async def events(server: ApiServer, last: str | None = None, **query: Any) -> AsyncIterator[Events]:
    headers = {} if last is None else {"Last-Event-ID": last}
    async with (
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{server.port}", timeout=PATIENCE) as client,
        client.stream("GET", "/v1/claims/stream", params=query, headers=headers) as answer,
    ):
        assert answer.status_code == 200, await answer.aread()
        assert answer.headers["content-type"].startswith("text/event-stream")
        yield Events(answer.aiter_lines())
