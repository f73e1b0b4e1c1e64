"""A web server of the test's own, on loopback, that sends exactly the bytes it is told to."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from ipaddress import ip_address

from services.fetcher.http import Fetcher, FetchOutcome
from services.fetcher.http.addresses import Address

PAGE = "<p>“Never,” she said.</p>".encode() * 40
CONTACT = "crawl@news.example"
Answer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Site:
    """What listens on ``port``, and the requests that came, each as its raw head."""

    def __init__(self) -> None:
        self.port = 0
        self.requests: list[bytes] = []
        self.open_connections = 0
        self.bytes_sent = 0

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def header(self, name: str) -> str | None:
        """A header of the last request."""
        for line in self.requests[-1].decode("latin-1").split("\r\n")[1:]:
            key, _, value = line.partition(": ")
            if key.lower() == name.lower():
                return value
        return None


class FixedResolver:
    """Answers with the lists it is given, one a question; the last one again and again."""

    def __init__(self, *answers: list[str] | Exception) -> None:
        self._answers = list(answers)
        self.asked: list[str] = []

    async def resolve(self, host: str, port: int) -> list[Address]:
        self.asked.append(host)
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, Exception):
            raise answer
        return [ip_address(address) for address in answer]

    async def aclose(self) -> None:
        pass


Serve = Callable[..., Awaitable[Site]]
MakeFetcher = Callable[..., Fetcher]
Get = Callable[[str], Awaitable[FetchOutcome]]


def http(body: bytes = b"<p>Hello</p>", status: str = "200 OK", **headers: str) -> bytes:
    """An answer as bytes; ``content_type="…"`` becomes Content-Type. Content-Length is right unless given."""
    given = {"content_type": "text/html; charset=utf-8", "content_length": str(len(body))} | headers
    lines = [f"{name.replace('_', '-')}: {value}\r\n" for name, value in given.items() if value]
    return f"HTTP/1.1 {status}\r\n{''.join(lines)}\r\n".encode("latin-1") + body
