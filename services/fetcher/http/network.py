"""Is it the host that is away, or we?

A dependency that is away never costs a record (DESIGN.md, promise 3), and our own network is one. But glibc
answers EAI_AGAIN both when our resolver is dead and when the name servers of this one domain are, and
ENETUNREACH both without any route and for an IPv6-only host from an IPv4-only machine. Taking either for
"our network" would give a visit back for ever without an attempt, and it would never get its fate. So a
suspicion is checked against a witness.
"""

from __future__ import annotations

import asyncio
import socket
from collections import OrderedDict
from typing import Protocol

from services.fetcher.http.resolver import NameNotFound, NameServerSilent, Resolver
from shared.clock import Clock, SystemClock

VERDICT_SECONDS = 5.0  # one question for all visits that fail in the same moment
WITNESS_SECONDS = (
    5.0  # glibc's first timeout; a resolver that needs longer for a name it knew is as good as dead
)
WITNESSES = 2  # of the hosts that resolved last
FIRST_WITNESS = "example.com"  # IANA's own name, until a host of the crawl has resolved

# Global addresses to which no packet is sent: connect on a datagram socket only looks up the route.
_ROUTE_TARGETS = ((socket.AF_INET, "192.0.9.1"), (socket.AF_INET6, "2620::1"))


class NetworkProbe(Protocol):
    def resolved(self, host: str) -> None:
        """Told of each name that resolved, so that it can be asked for again as a witness."""

    async def resolver_is_away(self, host: str) -> bool:
        """Asked after a name server was silent about ``host``: is it silent about other names too?"""

    async def routes_are_away(self) -> bool:
        """Asked after ENETUNREACH: has this machine no route at all?"""


class WitnessProbe:
    """Asks the resolver for names that resolved before, and the kernel for a route."""

    def __init__(self, resolver: Resolver, clock: Clock | None = None) -> None:
        self._resolver = resolver
        self._clock = clock or SystemClock()
        self._known: OrderedDict[str, None] = OrderedDict()
        self._asking = asyncio.Lock()
        self._verdict: tuple[float, bool] | None = None

    def resolved(self, host: str) -> None:
        self._known[host] = None
        self._known.move_to_end(host)
        while len(self._known) > WITNESSES + 1:  # one more, since the suspect itself is no witness
            self._known.popitem(last=False)

    async def resolver_is_away(self, host: str) -> bool:
        async with self._asking:
            now = self._clock.monotonic()
            if self._verdict is None or now - self._verdict[0] > VERDICT_SECONDS:
                witnesses = [name for name in reversed(self._known) if name != host][:WITNESSES]
                away = not await self._answers(witnesses or [FIRST_WITNESS])
                self._verdict = (now, away)
            return self._verdict[1]

    async def _answers(self, names: list[str]) -> bool:
        for name in names:
            try:
                async with asyncio.timeout(WITNESS_SECONDS):
                    await self._resolver.resolve(name, 443)
            except NameNotFound:
                return True  # "does not exist" is an answer: the resolver works
            except (NameServerSilent, TimeoutError):
                continue
            return True
        return False

    async def routes_are_away(self) -> bool:
        return not any(_has_route(family, target) for family, target in _ROUTE_TARGETS)


def _has_route(family: socket.AddressFamily, target: str) -> bool:
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((target, 9))
    except OSError:
        return False
    return True
