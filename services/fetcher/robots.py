"""robots.txt, RFC 9309: what a host lets us ask for, and how often.

The rules are parsed by Protego. What is ours: which answer means what, the way to the file over redirects,
and a bound on what a hostile file can cost.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from protego import Protego

from services.fetcher.http import (
    PRODUCT,
    Code,
    FetchOutcome,
    FetchRequest,
    HttpError,
    Kind,
    Page,
    Redirect,
    Unreachable,
)

MAX_REDIRECTS = 5  # RFC 9309 2.3.1.2: follow at least five, then take the file as unavailable
TTL_SECONDS = 24 * 3600  # RFC 9309 2.4: a cached file is not used for more than a day
RETRY_SECONDS = 10 * 60  # after an answer that closes the host: an outage is over sooner than in a day
MAX_CRAWL_DELAY = 24 * 3600.0  # seconds; a host that names more gets a page a day, and its visits still end

_AGENT_LINE = re.compile(r"\s*user[- ]?agent\s*[:\s]\s*([^#]*)", re.IGNORECASE)
_TOKEN = re.compile(r"[a-z_-]+")
_SOMEBODY_ELSE = "somebody-else"


@dataclass(frozen=True)
class RobotsAnswer:
    """What asking for a host's robots.txt came to; the frontier keeps it until ``ttl`` is over."""

    status: int | None
    """The HTTP status that counts, None where there was no answer."""
    body: bytes
    """At most 500 KiB, and never with a rule cut in half."""
    code: str
    """The code of the last outcome, for the log and the account."""
    network_away: bool = False
    """Our own network is down: this says nothing about the host and must not be kept."""

    @property
    def ttl(self) -> int:
        """Seconds for which the answer may be used."""
        return RETRY_SECONDS if _closes_the_host(self.status) else TTL_SECONDS


class RobotsRules:
    """The rules of one host for us. Made of a kept answer; never raises, whatever the bytes are.

    2xx: the file's rules. 3xx and 4xx: there is no file, everything is allowed (RFC 9309 2.3.1.3). 5xx and
    no answer: nothing is allowed for now (2.3.1.4). 429 counts with the latter, against the letter and for
    the sense of the RFC: a host that is asked too much does not mean "ask for everything".
    """

    def __init__(self, status: int | None, body: bytes, agent: str = PRODUCT) -> None:
        self._agent = agent
        self._closed = _closes_the_host(status)
        has_file = status is not None and 200 <= status < 300
        self._rules = Protego.parse(_for_agent(body, agent)) if has_file else None

    def allowed(self, url: str) -> bool:
        """Whether ``url``, an absolute one of this host, may be fetched."""
        if self._closed:
            return False
        try:
            return self._rules is None or bool(self._rules.can_fetch(url, self._agent))
        except ValueError:  # urllib on a URL that is none, such as an unclosed bracket
            return False

    def crawl_delay(self) -> float | None:
        """Seconds between two requests, the longer of Crawl-delay and Request-rate; None if neither is said."""
        if self._rules is None:
            return None
        delays = []
        delay = self._rules.crawl_delay(self._agent)
        if delay is not None:
            delays.append(float(delay))
        rate = self._rules.request_rate(self._agent)
        if rate is not None:
            # Integers of any length are legal here and may be too large for a float.
            delays.append(MAX_CRAWL_DELAY if rate.seconds > MAX_CRAWL_DELAY else rate.seconds / rate.requests)
        return min(max(delays), MAX_CRAWL_DELAY) if delays else None


def robots_url(url: str) -> str:
    """Where the robots.txt lies that governs ``url``: scheme, host and port count (RFC 9309 2.3)."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/robots.txt"


async def fetch_robots(get: Callable[[FetchRequest], Awaitable[FetchOutcome]], url: str) -> RobotsAnswer:
    """Ask for the robots.txt that governs ``url``.

    ``get`` is `Fetcher.get`, or the crawl's own around it that sees to the lease of each hop's host. Every
    hop passes the address check there.
    """
    target = robots_url(url)
    for _ in range(MAX_REDIRECTS + 1):
        outcome = await get(FetchRequest(target, Kind.ROBOTS))
        match outcome:
            case Redirect():
                target = outcome.target
            case Page(truncated=True):
                # The last line may be half a rule: "Disallow: /" of "Disallow: /private".
                whole = outcome.body.rpartition(b"\n")[0]
                return RobotsAnswer(outcome.status, whole, outcome.code)
            case Page():
                return RobotsAnswer(outcome.status, outcome.body, outcome.code)
            case HttpError():
                return RobotsAnswer(outcome.status, b"", outcome.code)
            case Unreachable(network_away=True):
                return RobotsAnswer(None, b"", outcome.code, network_away=True)
            case _:
                return RobotsAnswer(None, b"", outcome.code)
    return RobotsAnswer(310, b"", Code.REDIRECT_LOOP)


def _closes_the_host(status: int | None) -> bool:
    return status is None or status == 429 or status >= 500


def _for_agent(body: bytes, agent: str) -> str:
    """The file as text, with every user agent that is not us turned into one.

    Protego keeps a copy of each rule for each agent of a group: 17,000 agents above 27,000 rules fit into
    500 KiB, and would be half a billion objects. It also takes "c" for a prefix of "claimstream", where
    RFC 9309 2.2.1 compares whole product tokens.
    """
    lines = body.decode("utf-8-sig", errors="replace").splitlines()
    return "\n".join(_agent_line(line, agent) for line in lines)


def _agent_line(line: str, agent: str) -> str:
    match = _AGENT_LINE.match(line)
    if match is None:
        return line
    value = match[1].strip().lower()
    if not value:
        return "user-agent:"
    if value == "*":
        return "user-agent: *"
    token = _TOKEN.match(value)
    ours = token is not None and token[0] == agent.lower()
    return f"user-agent: {agent if ours else _SOMEBODY_ELSE}"
