"""httpx's transport interface over httpcore's pool, with the checked backend underneath.

httpx's own transport takes no network backend: it resolves names itself, where nothing can be checked.
"""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import httpcore
import httpx

from services.fetcher.http.backend import CheckedBackend

# From the most special to the most general: the first that fits is taken.
_HTTPX_FOR = (
    (httpcore.ConnectTimeout, httpx.ConnectTimeout),
    (httpcore.ReadTimeout, httpx.ReadTimeout),
    (httpcore.WriteTimeout, httpx.WriteTimeout),
    (httpcore.PoolTimeout, httpx.PoolTimeout),
    (httpcore.ConnectError, httpx.ConnectError),
    (httpcore.ReadError, httpx.ReadError),
    (httpcore.WriteError, httpx.WriteError),
    (httpcore.RemoteProtocolError, httpx.RemoteProtocolError),
    (httpcore.LocalProtocolError, httpx.LocalProtocolError),
    (httpcore.UnsupportedProtocol, httpx.UnsupportedProtocol),
    # A TLS record that does not authenticate, in the middle of a body: anyio lets these through.
    (ssl.SSLError, httpx.ReadError),
    (OSError, httpx.ReadError),
)


@contextmanager
def _as_httpx() -> Iterator[None]:
    """Raise httpx's error for httpcore's, with the latter as its cause."""
    try:
        yield
    except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError, OSError) as failure:
        for theirs, ours in _HTTPX_FOR:
            if isinstance(failure, theirs):
                raise ours(str(failure)) from failure
        raise
    except httpcore.UnsupportedProtocol as failure:
        raise httpx.UnsupportedProtocol(str(failure)) from failure


class _Body(httpx.AsyncByteStream):
    def __init__(self, parts: httpcore.Response) -> None:
        self._response = parts

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _as_httpx():
            async for part in self._response.aiter_stream():
                yield part

    async def aclose(self) -> None:
        await self._response.aclose()


class CheckedTransport(httpx.AsyncBaseTransport):
    """One connection an exchange, to a checked address, HTTP/1.1.

    No connection is kept: pages of one host lie a crawl delay apart, longer than hosts keep one open, and
    "checked where the connection is made, at every hop" needs no second thought. The pool has no limit of
    its own, since waiting in it would eat a page's deadline; the crawl limits how many it fetches at once.
    """

    def __init__(self, backend: CheckedBackend, ssl_context: ssl.SSLContext) -> None:
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=ssl_context,
            max_connections=None,
            max_keepalive_connections=0,
            http1=True,
            http2=False,
            retries=0,
            network_backend=backend,
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        ask = httpcore.Request(
            method=request.method,
            url=httpcore.URL(
                scheme=request.url.raw_scheme,
                host=request.url.raw_host,
                port=request.url.port,
                target=request.url.raw_path,
            ),
            headers=request.headers.raw,
            content=request.stream,
            extensions=request.extensions,
        )
        with _as_httpx():
            answer = await self._pool.handle_async_request(ask)
        return httpx.Response(
            status_code=answer.status,
            headers=answer.headers,
            stream=_Body(answer),
            extensions=dict(answer.extensions),
        )

    async def aclose(self) -> None:
        await self._pool.aclose()
