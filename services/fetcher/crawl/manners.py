"""How a guest behaves: how long it waits, how often it knocks, when it stops."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from services.fetcher.http import Code

MAX_REDIRECTS = 10  # browsers follow 20; what needs more than ten is a session that we do not have
# Nobody learns more by asking the same host for another page: all that wait for it share this answer.
OF_THE_WHOLE_HOST = frozenset(
    {
        Code.NAME_UNKNOWN,
        Code.NAME_SERVER_SILENT,
        Code.CONNECT_FAILED,
        Code.CONNECT_TIMEOUT,
        Code.ADDRESS_BLOCKED,
    }
)
# What keeps us from robots.txt keeps us from every page: the name, the address, the certificate.
FINAL_FOR_ROBOTS = frozenset({Code.NAME_UNKNOWN, Code.ADDRESS_BLOCKED, Code.TLS_CERTIFICATE})

HINTS = {
    "robots-disallowed": "The site's robots.txt does not let us read this page. Ask the publisher for leave.",
    "robots-unreachable": "The site's robots.txt could not be read, and without it nothing may be (RFC 9309). "
    "Submit the URL again later.",
    "too-many-redirects": f"More than {MAX_REDIRECTS} redirects. Submit the URL that a browser ends at.",
    "redirect-loop": "The host sends on to where we come from, often for want of a cookie. "
    "Submit the URL that a browser ends at.",
    "page-too-large": "Compressed, the page is larger than a record on `pages` may be; news pages are a tenth of it.",
    "handler-failed": "A defect in the fetcher: the log has the traceback. Fix it, then submit the URL again.",
}


@dataclass(frozen=True)
class Manners:
    """Seconds throughout. ``crawl_delay``: between the end of a request and the next one to the same host, unless
    its robots.txt asks for more. ``tries``: requests without an answer until a visit is given up."""

    crawl_delay: float = 1.0
    tries: int = 8  # with the back-off below: two hours, an outage that a news site's readers notice
    backoff_first: float = 60.0
    backoff_longest: float = 3600.0
    rng: random.Random = field(default_factory=random.Random, compare=False)  # jitter, no secret

    def backoff(self, failures: int) -> float:
        """How long to leave a host alone after this many failures in a row (from 1), with jitter: hosts that
        failed together do not come up together."""
        ceiling = min(self.backoff_longest, self.backoff_first * 2.0 ** min(failures - 1, 30))
        return ceiling * self.rng.uniform(0.5, 1.0)
