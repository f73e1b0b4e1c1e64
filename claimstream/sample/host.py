"""One outlet's server: a loopback address and port of its own, its documents, its connections."""

import asyncio
import socket
import time
from collections.abc import Coroutine, Mapping
from http import HTTPStatus
from typing import Any

from claimstream.sample.exchange import (
    MAX_HEAD_BYTES,
    Document,
    Request,
    RequestRecord,
    Responder,
    read_request,
    respond,
    respond_with,
)


class Host:
    """Serves `shelf` (documents by path) and, before it, `routes` (responders of tests by path).

    `number` counts the outlets from 0. Host 1 is 127.0.0.2, or 127.0.0.1 where the system has no more
    than that (macOS); with an `address` all outlets have that one, and port, port + 1 and so on. Requests are
    appended to `records`, in the order in which they began.
    """

    def __init__(
        self, key: str, number: int, port: int, records: list[RequestRecord], address: str | None = None
    ) -> None:
        self.shelf: Mapping[str, Document] = {}
        self.routes: dict[str, Responder] = {}
        self.delay = 0.0
        self._key = key
        self._records = records
        self._socket = (
            _bind_nearest(number, port) if address is None else _bind(address, port and port + number)
        )
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()

    @property
    def base_url(self) -> str:
        """Scheme, address and port, without a slash at the end."""
        address, port = self._socket.getsockname()
        return f"http://{address}:{port}"

    async def start(self) -> None:
        """Accept connections."""

        def connection() -> _Connection:
            return _Connection(asyncio.StreamReader(limit=MAX_HEAD_BYTES), self._connected)

        self._server = await asyncio.get_running_loop().create_server(connection, sock=self._socket)

    async def stop(self) -> None:
        """Stop accepting and cut what is under way."""
        if self._server is None:
            self._socket.close()
            return
        self._server.close()
        for task in self._connections:
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)
        await self._server.wait_closed()

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._serve(reader, writer))
        self._connections.add(task)
        task.add_done_callback(self._connections.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await self._exchange(reader, writer):
                pass
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # the client went away, which is its right
        except (asyncio.LimitOverrunError, ValueError):
            await respond(writer, HTTPStatus.BAD_REQUEST, {"Connection": "close"})
        finally:
            writer.close()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Answer one request; returns whether the connection stays open."""
        request = await read_request(reader)
        if request is None:
            return False
        record = self._record(request)
        client = writer.transport.get_protocol()
        assert isinstance(client, _Connection)
        try:
            finished = await client.unless_gone(self._answer(request, writer, record))
        finally:
            record.end = max(record.start, client.gone_at or time.monotonic())
        kept = request.headers.get("connection", "").lower() != "close"
        return finished and kept and request.path not in self.routes

    async def _answer(self, request: Request, writer: asyncio.StreamWriter, record: RequestRecord) -> None:
        if self.delay:
            await asyncio.sleep(self.delay)
        responder = self.routes.get(request.path)
        if responder is not None:
            await responder(request, writer)
        else:
            record.status = await respond_with(writer, request, self.shelf.get(request.path))

    def _record(self, request: Request) -> RequestRecord:
        target = f"{request.path}?{request.query}" if request.query else request.path
        host = request.headers.get("host", "")
        record = RequestRecord(self._key, request.method, host, target, request.headers, time.monotonic())
        self._records.append(record)
        return record


class _Connection(asyncio.StreamReaderProtocol):
    """A connection that notes when its client hung up.

    Without that, a request which the client gave up on (a trickle past its deadline) would count as
    under way until the responder next wrote, and the client's next request as an overlap.
    """

    gone_at: float | None = None  # seconds of time.monotonic
    _answering: asyncio.Future[None] | None = None

    def eof_received(self) -> bool | None:
        self._leave()
        return super().eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        self._leave()
        super().connection_lost(exc)

    async def unless_gone(self, answer: Coroutine[Any, Any, None]) -> bool:
        """Run `answer` until it ends or the client hangs up; returns whether it ended by itself."""
        self._answering = asyncio.ensure_future(answer)
        try:
            await self._answering
        except asyncio.CancelledError:
            if self.gone_at is None:
                raise
            return False
        finally:
            self._answering.cancel()
        return True

    def _leave(self) -> None:
        self.gone_at = self.gone_at or time.monotonic()
        if self._answering is not None:
            self._answering.cancel()


def _bind_nearest(number: int, port: int) -> socket.socket:
    try:
        return _bind(f"127.0.0.{number + 1}", port)
    except OSError:
        if number == 0:
            raise
        return _bind("127.0.0.1", port and port + number)


def _bind(address: str, port: int) -> socket.socket:
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((address, port))
    except OSError:
        bound.close()
        raise
    return bound
