"""Hosts on loopback, one a port, that answer by a table and notice when two requests to one of them overlap."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from types import TracebackType
from typing import Self


@dataclass(frozen=True)
class Reply:
    status: int = 200
    body: bytes = b"<html><body><p>A page.</p></body></html>"
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "text/html; charset=utf-8"),)
    seconds: float = 0.0


@dataclass(frozen=True)
class Asked:
    """One request; times by ``time.monotonic``."""

    path: str
    headers: dict[str, str]
    started: float
    ended: float


Answer = Reply | Callable[[Asked], Reply]
NOT_FOUND = Reply(404, b"nothing here")
ROBOTS = Reply(200, b"User-agent: *\nDisallow: /private\n", (("Content-Type", "text/plain"),))


@dataclass
class LoopbackHost:
    """A host with its own port; ``pages`` may be changed while it runs. ``default`` answers any other path."""

    pages: dict[str, Answer] = field(default_factory=dict)
    default: Answer = NOT_FOUND
    seconds: float = 0.0
    asked: list[Asked] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0
    port: int = 0
    _server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        self.pages.setdefault("/robots.txt", ROBOTS)
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
            self._server = None

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def url(self, path: str) -> str:
        return f"http://{self.host}{path}"

    def paths(self) -> list[str]:
        return [one.path for one in self.asked if one.path != "/robots.txt"]

    def gaps(self) -> list[float]:
        """Seconds between the end of each request and the start of the next."""
        ordered = sorted(self.asked, key=lambda one: one.started)
        return [later.started - earlier.ended for earlier, later in pairwise(ordered)]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        started = time.monotonic()
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            first, *lines = head.split("\r\n")
            headers = {
                name.lower(): value.strip()
                for name, _, value in (line.partition(":") for line in lines if line)
            }
            path = first.split(" ")[1]
            answer = self.pages.get(path, self.default)
            reply = answer(Asked(path, headers, started, 0.0)) if callable(answer) else answer
            await asyncio.sleep(max(self.seconds, reply.seconds))
            self.asked.append(Asked(path, headers, started, time.monotonic()))
            lines = [f"HTTP/1.1 {reply.status} -", f"Content-Length: {len(reply.body)}", "Connection: close"]
            lines += [f"{name}: {value}" for name, value in reply.headers]
            writer.write(("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + reply.body)
            # Before the client can know the end: what it asks next must not look like an overlap.
            self.at_once -= 1
            await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            self.at_once -= 1
        finally:
            writer.close()
