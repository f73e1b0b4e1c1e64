"""Names to addresses, as a dependency that tests and operators can replace."""

from __future__ import annotations

import asyncio
import errno
import socket
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_address
from typing import Protocol

from services.fetcher.http.addresses import Address

# getaddrinfo blocks a thread for up to 15 s (glibc: 5 s, three tries) while a name server is silent. A pool
# of its own, so that slow names starve neither file nor database work on asyncio's default threads.
RESOLVER_THREADS = 32


class NameNotFound(Exception):
    """The name does not exist, or has no address. The resolver works."""


class NameServerSilent(Exception):
    """No answer to the question (EAI_AGAIN): this name's servers fail, or our own resolver does."""


class Resolver(Protocol):
    async def resolve(self, host: str, port: int) -> list[Address]:
        """The addresses of ``host`` in the order to try them, never empty.

        Raises NameNotFound or NameServerSilent.
        """

    async def aclose(self) -> None:
        """Give back what the resolver holds."""


class SystemResolver:
    """The machine's resolver: getaddrinfo, with its order of addresses (RFC 6724)."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(RESOLVER_THREADS, thread_name_prefix="resolver")

    async def resolve(self, host: str, port: int) -> list[Address]:
        loop = asyncio.get_running_loop()
        try:
            answers = await loop.run_in_executor(self._threads, _getaddrinfo, host, port)
        except socket.gaierror as failure:
            if failure.errno in (socket.EAI_AGAIN, socket.EAI_SYSTEM):
                raise NameServerSilent(f"{host}: {failure.strerror}") from failure
            raise NameNotFound(f"{host}: {failure.strerror}") from failure
        except (UnicodeError, ValueError) as failure:
            # A label over 63 characters or an empty one: getaddrinfo's IDNA step raises these.
            raise NameNotFound(f"{host[:80]!r} is no host name") from failure
        addresses = list(dict.fromkeys(ip_address(answer) for answer in answers))
        if not addresses:
            raise NameNotFound(f"{host} has no address")
        return addresses

    async def aclose(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)


def _getaddrinfo(host: str, port: int) -> list[str]:
    answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(sockaddr[0]) for *_, sockaddr in answers]


NO_ROUTE = frozenset({errno.ENETUNREACH, errno.ENETDOWN})
"""What connect says when this machine has no way out. EHOSTUNREACH is not among them: a router said so."""
