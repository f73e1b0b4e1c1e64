"""Answers of a host that goes wrong, as ``tests/data/doors/pages.toml`` describes them."""

from __future__ import annotations

import asyncio
import gzip
from asyncio import StreamWriter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from claimstream.sample import Request, respond

DRIP_SECONDS = 0.05
LONG = "n" * 10_000
ARTICLE = """<!DOCTYPE html>
<html lang="en"><head><title>The Café Stays</title><meta property="og:type" content="article"></head>
<body><article><h1>The Café Stays</h1>
<p>The harbour board met on Tuesday to decide what becomes of the buildings on the old quay, and of those in them.</p>
<p>“The café on the quay will stay open,” said Lena Fisk, who has chaired the board since the spring of last year.</p>
<p>Its decision comes after a petition that nearly every second inhabitant of the two islands has put a name to.</p>
</article></body></html>
"""


@dataclass(frozen=True)
class Bad:
    """An answer, and what is expected of it; for what the fields mean see the file."""

    name: str
    code: str | None = None
    fate: str = "rejected"
    text_holds: str | None = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    text: str | None = None
    hex: str | None = None
    times: int = 1
    charset: str = "utf-8"
    gzip: bool = False
    close: bool = False
    cut: int | None = None
    trickle: str | None = None
    raw: str | None = None

    @property
    def path(self) -> str:
        return f"/doors/{self.name}"

    async def __call__(self, request: Request, writer: StreamWriter) -> None:
        if self.raw is not None:
            writer.write(self.raw.encode())
            await writer.drain()
            return
        if self.trickle == "silence":
            await asyncio.sleep(3600)
        headers = {name: self._filled(value, request) for name, value in self.headers.items()}
        if self.trickle == "head":
            writer.write(b"HTTP/1.1 200 OK\r\nX-Door: ")
            await _drip(writer)
        if self.trickle == "body" or self.close:
            lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
            writer.write(f"HTTP/1.1 {self.status} OK\r\n{lines}\r\n".encode())
            if self.trickle == "body":
                await _drip(writer)
            writer.write(self._body)
            await writer.drain()
            return
        if self.gzip:
            headers["Content-Encoding"] = "gzip"
        if self.cut is not None:
            headers["Content-Length"] = str(len(self._body))
        await respond(writer, self.status, headers, self._body[: self.cut])

    @cached_property
    def _body(self) -> bytes:
        if self.hex is not None:
            body = bytes.fromhex(self.hex)
        else:
            body = (self.text or "").replace("{article}", ARTICLE).encode(self.charset)
        body *= self.times
        return gzip.compress(body, 1) if self.gzip else body

    def _filled(self, value: str, request: Request) -> str:
        host = request.headers.get("host", "")
        return value.replace("{host}", host).replace("{self}", self.path).replace("{long}", LONG)


async def _drip(writer: StreamWriter) -> None:
    """For ever, or until the client hangs up."""
    while True:
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(DRIP_SECONDS)
