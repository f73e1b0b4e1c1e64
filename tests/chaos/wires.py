"""The wires between one process and its servers: what passes over them can be held, cut and let through again."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from asyncio import StreamReader, StreamWriter

CHUNK = 64 * 1024
Address = tuple[str, int]


class Wire:
    """Every connection from one process to one server. ``stall``: nothing passes, and nobody is told (a cable that
    was pulled); ``cut``: what is open is reset, and what is opened is reset, too."""

    def __init__(self, listening: socket.socket, target: Address) -> None:
        self.target = target
        self._listening = listening
        self._server: asyncio.Server | None = None
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._refusing = False
        self._writers: set[StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        self._listening.setblocking(False)
        self._server = await asyncio.start_server(self._connected, sock=self._listening)

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._abort_all()

    def stall(self) -> None:
        self._flowing.clear()

    def cut(self) -> None:
        self._refusing = True
        self._abort_all()

    def heal(self) -> None:
        self._refusing = False
        self._flowing.set()

    def _abort_all(self) -> None:
        for writer in self._writers:
            writer.transport.abort()

    def _connected(self, reader: StreamReader, writer: StreamWriter) -> None:
        task = asyncio.create_task(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        self._writers.add(writer)
        server: StreamWriter | None = None
        try:
            await self._flowing.wait()
            first = await reader.read(CHUNK)  # all that is spoken here begins with the one who asks
            # Who hung up while the wire was dead never reached the server; a reader is at its end when it is empty.
            if self._refusing or reader.at_eof():
                return
            answers, server = await asyncio.open_connection(*self.target)
            self._writers.add(server)
            server.write(first)
            both = [
                asyncio.create_task(self._pump(reader, server, asks=True)),
                asyncio.create_task(self._pump(answers, writer, asks=False)),
            ]
            try:
                await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for pump in both:
                    pump.cancel()
                await asyncio.gather(*both, return_exceptions=True)
        except OSError:
            writer.transport.abort()
        finally:
            for end in filter(None, (writer, server)):
                end.close()
                self._writers.discard(end)

    async def _pump(self, reader: StreamReader, writer: StreamWriter, *, asks: bool) -> None:
        with contextlib.suppress(OSError):
            while chunk := await reader.read(CHUNK):
                if not self._flowing.is_set():
                    await self._flowing.wait()
                    if asks and reader.at_eof():
                        return  # who hung up meanwhile is not spoken for any more
                writer.write(chunk)
                await writer.drain()
            await self._flowing.wait()
