"""What a feed says, whatever it is written in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType


@dataclass(frozen=True)
class FeedEntry:
    """One entry that names a page."""

    id: str
    """The feed's own id of the entry, its URL where it gives none."""
    url: str
    """Absolute, http or https. Not canonical yet."""
    published_at: datetime | None
    updated_at: datetime | None
    """Both UTC; None where the feed says nothing that can be read as a time."""
    title: str
    """Plain or with the feed's markup, at most MAX_TITLE_CHARS; "" if absent."""


@dataclass(frozen=True)
class FeedBroken:
    """Why a document is no feed, or not a sound one. ``code`` is stable; see `HINTS`."""

    code: str
    detail: str

    @property
    def hint(self) -> str:
        return HINTS[self.code]


@dataclass(frozen=True)
class Feed:
    """A feed that could be read."""

    kind: str
    """"rss20", "atom10", "rss10" …, as feedparser names them, or "json"."""
    title: str
    entries: tuple[FeedEntry, ...]
    """In the feed's order, which is the newest first nearly everywhere; no id twice."""
    skipped: int
    """Entries without a link to an http or https page: counted, since a feed of only these is silent."""
    dropped: int
    """Entries beyond MAX_ENTRIES."""
    fault: FeedBroken | None = None
    """Set if the entries are what could be saved of a broken document: use them, count the feed as failing."""


HINTS = MappingProxyType(
    {
        "feed-empty": "The feed's document is empty. Open its URL in a browser.",
        "feed-too-large": "The feed is larger than the fetcher's limit. Ask the publisher for one without full texts.",
        "feed-is-html": "A web page, not a feed. Look into its source for a link of type application/rss+xml.",
        "feed-unknown-format": "Neither RSS, Atom, RDF nor JSON Feed.",
        "feed-malformed": "The feed breaks the rules of XML or JSON. What could be read was taken; tell the publisher.",
    }
)

MAX_ENTRIES = 1_000  # the longest of the feeds that newspapers publish have 100 to 300
MAX_TITLE_CHARS = 500
MAX_ID_CHARS = 2_048
