"""The gate before every request: a host's robots.txt, fetched under that host's lease and kept for all replicas."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, replace

from services.fetcher.crawl.manners import Manners
from services.fetcher.frontier.frontier import Frontier
from services.fetcher.frontier.hosts import HostLease
from services.fetcher.frontier.robots_cache import KeptRobots
from services.fetcher.http import Code, FetchOutcome, FetchRequest, Refused
from services.fetcher.http.fetcher import Fetcher
from services.fetcher.robots import RobotsRules, fetch_robots, robots_url
from shared.clock import Clock
from shared.contracts.canonical import UrlRefused, canonical_url, host_key
from shared.errors import NetworkAway

PARSED_RULES = 500  # a parsed robots.txt of a news site takes some 100 kB: at most 50 MB
# Longer than this is not slept through under a lease: the visit goes back and comes up when the delay is over.
LONGEST_SLEEP = 5.0


BUSY_SECONDS = 0.3  # most requests take less; a feed that waits for its host goes before pages


class HostBusy(Exception):
    """Raised when a host that is needed now is not free; worth asking again in ``seconds``."""

    def __init__(self, host: str, seconds: float = BUSY_SECONDS) -> None:
        super().__init__(host)
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Leave:
    """What a host's robots.txt says. ``closed``: it could not be read, and nothing may be fetched for ``seconds``;
    ``code`` says what came of the request.

    ``asked``: it was requested just now, so that the crawl delay counts from now.
    """

    rules: RobotsRules
    closed: bool
    seconds: float
    code: str
    asked: bool = False

    def delay(self, default: float) -> float:
        """Seconds between two requests."""
        return max(default, self.rules.crawl_delay() or 0.0)


class RobotsGate:
    """Answers from this process's memory, then from the frontier, then from the host itself."""

    def __init__(self, frontier: Frontier, fetcher: Fetcher, manners: Manners, clock: Clock) -> None:
        self._frontier = frontier
        self._fetcher = fetcher
        self._manners = manners
        self._clock = clock
        self._parsed: OrderedDict[str, tuple[float, Leave]] = OrderedDict()

    async def leave(self, lease: HostLease, url: str) -> Leave:
        """What governs ``url``, a URL of the leased host.

        Raises HostBusy, NetworkAway (nothing is known then, and nothing was counted) and LeaseLost.
        """
        origin = robots_url(url).removesuffix("/robots.txt")
        known = self._parsed.get(origin)
        if known is not None and known[0] > self._clock.monotonic():
            return known[1]
        kept = await self._frontier.robots(origin)
        if kept is not None:
            return self._remember(origin, kept)
        answer = await fetch_robots(self._asker(lease), url)
        if answer.network_away:
            raise NetworkAway(f"while asking {origin} for its robots.txt")
        seconds = float(answer.ttl)
        if _closes(answer.status):
            seconds = min(seconds, self._manners.backoff(lease.failures + 1))
        fresh = KeptRobots(answer.status, answer.body, answer.code, seconds)
        await self._frontier.keep_robots(origin, fresh)
        return replace(self._remember(origin, fresh), asked=True)

    def _remember(self, origin: str, kept: KeptRobots) -> Leave:
        rules = RobotsRules(kept.status, kept.body)
        leave = Leave(rules, _closes(kept.status), kept.seconds, kept.code)
        self._parsed[origin] = (self._clock.monotonic() + kept.seconds, leave)
        self._parsed.move_to_end(origin)
        while len(self._parsed) > PARSED_RULES:
            self._parsed.popitem(last=False)
        return leave

    def _asker(self, lease: HostLease):  # type: ignore[no-untyped-def]
        """`Fetcher.get` that sees to the lease and the delay of each hop's host."""
        asked = 0

        async def get(request: FetchRequest) -> FetchOutcome:
            nonlocal asked
            try:
                host = host_key(canonical_url(request.url))
            except UrlRefused as refusal:
                return Refused(request.url, Code.BAD_REDIRECT, refusal.message)
            if host != lease.host:
                return await self._ask_elsewhere(host, request)
            if asked:
                await asyncio.sleep(min(self._manners.crawl_delay, LONGEST_SLEEP))
            asked += 1
            await self._frontier.renew(lease)
            return await self._get(request, lease)

        return get

    async def _ask_elsewhere(self, host: str, request: FetchRequest) -> FetchOutcome:
        other = await self._frontier.lease(host)
        if other is None:
            raise HostBusy(host)
        try:
            return await self._get(request, other)
        finally:
            await self._frontier.release(other, wait=self._manners.crawl_delay)

    async def _get(self, request: FetchRequest, lease: HostLease) -> FetchOutcome:
        check = self._frontier.holding(lease, self._fetcher.deadline)
        return await self._fetcher.get(replace(request, check=check))


def _closes(status: int | None) -> bool:
    return not RobotsRules(status, b"").allowed("http://any.example/")
