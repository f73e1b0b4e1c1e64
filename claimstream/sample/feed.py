"""The outlets' feeds, RSS 2.0 and Atom 1.0, with absolute URLs of the running site."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from xml.sax.saxutils import escape, quoteattr

from claimstream.sample.outlet import Outlet


@dataclass(frozen=True)
class Entry:
    """What a feed says of one URL; `identity` stays the same when the article is edited."""

    url: str
    identity: str
    title: str
    authors: tuple[str, ...]
    summary: str
    published: datetime
    updated: datetime


def render_feed(outlet: Outlet, base_url: str, entries: list[Entry]) -> str:
    """The feed in the outlet's format. It is as new as its newest entry."""
    updated = max(entry.updated for entry in entries)
    render = _atom if outlet.feed == "atom" else _rss
    return "\n".join(render(outlet, base_url, updated, entries)) + "\n"


def _rss(outlet: Outlet, base_url: str, updated: datetime, entries: list[Entry]) -> Iterable[str]:
    yield f'<?xml version="1.0" encoding="{outlet.charset}"?>'
    yield (
        '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
    )
    yield f"<title>{escape(outlet.title)}</title><link>{base_url}/</link>"
    yield f"<description>{escape(outlet.tagline)}</description><language>{outlet.language}</language>"
    yield f"<lastBuildDate>{format_datetime(updated)}</lastBuildDate>"
    yield f'<atom:link rel="self" href="{base_url}{outlet.feed_path}" type="application/rss+xml"/>'
    for entry in entries:
        yield f"<item><title>{escape(entry.title)}</title><link>{escape(entry.url)}</link>"
        yield f'<guid isPermaLink="false">{escape(entry.identity)}</guid>'
        yield f"<pubDate>{format_datetime(entry.published)}</pubDate>"
        yield f"<atom:updated>{entry.updated.isoformat()}</atom:updated>"
        yield from (f"<dc:creator>{escape(author)}</dc:creator>" for author in entry.authors)
        yield f"<description>{escape(entry.summary)}</description></item>"
    yield "</channel></rss>"


def _atom(outlet: Outlet, base_url: str, updated: datetime, entries: list[Entry]) -> Iterable[str]:
    yield f'<?xml version="1.0" encoding="{outlet.charset}"?>'
    yield f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{outlet.language}">'
    yield f"<title>{escape(outlet.title)}</title><subtitle>{escape(outlet.tagline)}</subtitle>"
    yield f"<id>tag:{outlet.key}.example,2025:feed</id><updated>{updated.isoformat()}</updated>"
    yield f'<link rel="self" href="{base_url}{outlet.feed_path}"/><link href="{base_url}/"/>'
    for entry in entries:
        yield f"<entry><title>{escape(entry.title)}</title><id>{escape(entry.identity)}</id>"
        yield f'<link rel="alternate" type="text/html" href={quoteattr(entry.url)}/>'
        yield f"<published>{entry.published.isoformat()}</published>"
        yield f"<updated>{entry.updated.isoformat()}</updated>"
        yield from (f"<author><name>{escape(author)}</name></author>" for author in entry.authors)
        yield f"<summary>{escape(entry.summary)}</summary></entry>"
    yield "</feed>"
