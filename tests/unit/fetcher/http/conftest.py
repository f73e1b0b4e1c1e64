"""Fixtures around `site.py`: servers and fetchers, closed when the test ends."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator

import pytest

from services.fetcher.http import Fetcher, FetchLimits, FetchOutcome, FetchRequest
from tests.unit.fetcher.http.site import CONTACT, Answer, Get, MakeFetcher, Serve, Site


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """Start a site: of bytes, sent after each request's head, or of a coroutine that talks itself."""
    servers: list[asyncio.Server] = []
    talks: set[asyncio.Task[None]] = set()

    async def start(answer: bytes | Answer, tls: ssl.SSLContext | None = None) -> Site:
        site = Site()

        async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task is not None
            talks.add(task)
            site.open_connections += 1
            try:
                site.requests.append(await reader.readuntil(b"\r\n\r\n"))
                if isinstance(answer, bytes):
                    writer.write(answer)
                    await writer.drain()
                    site.bytes_sent += len(answer)
                else:
                    await answer(reader, writer)
            except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
                pass
            finally:
                site.open_connections -= 1
                talks.discard(task)
                writer.close()
                try:
                    await writer.wait_closed()
                except (ConnectionError, ssl.SSLError):
                    pass

        server = await asyncio.start_server(talk, "127.0.0.1", 0, ssl=tls)
        servers.append(server)
        site.port = server.sockets[0].getsockname()[1]
        return site

    yield start
    for server in servers:
        server.close()
    for task in list(talks):
        task.cancel()
    await asyncio.gather(*talks, return_exceptions=True)
    for server in servers:
        await server.wait_closed()


@pytest.fixture
async def fetcher_for() -> AsyncIterator[MakeFetcher]:
    """Make fetchers that may go to 127.0.0.1 unless told otherwise, and close them."""
    made: list[Fetcher] = []

    def make(**options: object) -> Fetcher:
        given: dict[str, object] = {"allow": ("127.0.0.0/8",), "limits": FetchLimits(deadline=5.0)}
        fetcher = Fetcher(CONTACT, **(given | options))  # type: ignore[arg-type]
        made.append(fetcher)
        return fetcher

    yield make
    for fetcher in made:
        await fetcher.aclose()


@pytest.fixture
def get(fetcher_for: MakeFetcher) -> Get:
    """Fetch one URL as a page with the usual fetcher."""
    fetcher = fetcher_for()

    async def fetch(url: str) -> FetchOutcome:
        return await fetcher.get(FetchRequest(url))

    return fetch
