"""What we ask for and how much of it we take, for each kind of document."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

MAX_PAGE_BYTES = 8 * 2**20  # 1.46 MiB is the largest of 181 news pages measured; five times that
MAX_FEED_BYTES = 4 * 2**20  # a feed of a thousand full-text entries; the usual one has 30 to 200 KiB
MAX_ROBOTS_BYTES = 500 * 2**10  # RFC 9309 2.5: a crawler parses at least 500 KiB


class Kind(StrEnum):
    """What a request is for: its Accept header, its limit and which content types pass depend on it."""

    PAGE = "page"
    FEED = "feed"
    ROBOTS = "robots"


ACCEPT = {
    Kind.PAGE: "text/html,application/xhtml+xml;q=0.9,text/plain;q=0.5,*/*;q=0.1",
    Kind.FEED: "application/atom+xml,application/rss+xml,application/feed+json;q=0.9,application/xml;q=0.8,"
    "text/xml;q=0.8,*/*;q=0.1",
    Kind.ROBOTS: "text/plain,*/*;q=0.1",
}


@dataclass(frozen=True)
class FetchLimits:
    """Bounds of one exchange. Seconds and bytes."""

    deadline: float = 30.0
    """The whole exchange, names to last byte: a trickle of a byte a second ends here."""
    connect: float = 10.0
    """Resolving, connecting and the TLS handshake, each."""
    read: float = 15.0
    """Silence between two reads; slower than that is no news site's answer, but an overload's."""
    page_bytes: int = MAX_PAGE_BYTES
    feed_bytes: int = MAX_FEED_BYTES
    robots_bytes: int = MAX_ROBOTS_BYTES
    raw_bytes: int = MAX_PAGE_BYTES
    """On the wire, whatever it expands to."""

    def body(self, kind: Kind) -> int:
        """The most that a decompressed body of ``kind`` may have."""
        return {Kind.PAGE: self.page_bytes, Kind.FEED: self.feed_bytes, Kind.ROBOTS: self.robots_bytes}[kind]

    def raw(self, kind: Kind) -> int:
        """The most that is read from the wire: for an uncompressed body, both limits hold."""
        return min(self.raw_bytes, self.body(kind))


def is_text(content_type: str, kind: Kind) -> bool:
    """Whether a body of this Content-Type is worth reading: markup or text; for feeds also JSON.

    An absent type passes, the cleaner looks at the bytes. robots.txt is taken under any type, since sites
    serve it as anything, and a rule overlooked is rudeness.
    """
    media = content_type.partition(";")[0].strip().lower()
    if not media or kind is Kind.ROBOTS:
        return True
    family, _, name = media.partition("/")
    if family == "text":
        return True
    if family != "application":
        return False
    if name in ("xhtml+xml", "xml") or name.endswith("+xml"):
        return True
    return kind is Kind.FEED and (name == "json" or name.endswith("+json"))
