"""A news site of any size on loopback, in a process of its own: ``python -m bench.load.press PORT HOSTS``.

The articles of the sample site, each time about another numbered town, so that no two pages are alike. A page is
rendered once and then filled in: the site must not take the processor time that it is there to measure.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from claimstream.sample.outlet import load_outlets
from claimstream.sample.page import article_page

# Stand in the rendered pages where the number of the town and the address of the site belong.
NUMBER = 7_000_001
ADDRESS = "press.invalid"
ROBOTS = b"User-agent: *\nAllow: /\n"


@dataclass(frozen=True, slots=True)
class Template:
    """``path`` and ``page`` with both stand-ins in them."""

    path: str
    page: bytes
    content_type: str


def templates() -> list[Template]:
    """One for each article of the sample site."""
    found = []
    for outlet in load_outlets().values():
        articles = [article.copy(NUMBER) for article in outlet.current(1)]
        for article in articles:
            page = article_page(outlet, f"http://{ADDRESS}", article, articles)
            content_type = f"text/html; charset={outlet.charset}"
            found.append(Template(outlet.path(article.slug), page.encode(outlet.charset), content_type))
    return found


def addresses(hosts: int) -> list[str]:
    """Loopback addresses; each is a host of its own to a polite fetcher."""
    return [f"127.0.{number // 250}.{number % 250 + 1}" for number in range(hosts)]


def urls(port: int, hosts: int, count: int, first: int = 0) -> list[str]:
    """``count`` pages from number ``first`` on, spread over the hosts."""
    paths = [template.path for template in templates()]
    at = addresses(hosts)
    return [
        f"http://{at[n % hosts]}:{port}" + paths[n % len(paths)].replace(str(NUMBER), f"{n:07d}")
        for n in range(first, first + count)
    ]


def answer(known: Sequence[Template], path: str, host: str) -> tuple[int, bytes, str]:
    """Status, body and content type."""
    if path == "/robots.txt":
        return 200, ROBOTS, "text/plain"
    number = path[-7:]
    for template in known:
        if number.isdigit() and path == template.path.replace(str(NUMBER), number):
            page = template.page.replace(str(NUMBER).encode(), number.encode())
            return 200, page.replace(ADDRESS.encode(), host.encode()), template.content_type
    return 404, b"", "text/plain"


async def serve(port: int, hosts: int) -> None:
    known = templates()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            first, *lines = head.split("\r\n")
            fields = dict(line.lower().split(": ", 1) for line in lines if ": " in line)
            status, body, content_type = answer(known, first.split(" ")[1], fields.get("host", ""))
            writer.write(
                f"HTTP/1.1 {status} .\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\n"
                "Connection: close\r\n\r\n".encode()
                + body
            )
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(connected, addresses(hosts), port, backlog=1024)
    print("ready", flush=True)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), int(sys.argv[2])))
