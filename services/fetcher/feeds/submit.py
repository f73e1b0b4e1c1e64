"""From a feed's entries to records of `urls`: submissions like anybody's, with an identity that a poll repeats."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from services.fetcher.feeds.model import FeedEntry
from shared.clock import iso
from shared.contracts import codec
from shared.contracts.canonical import UrlRefused, canonical_url
from shared.contracts.envelope import parse
from shared.contracts.events import UrlSubmitted
from shared.contracts.ids import feed_entry_event_id, submission_key
from shared.contracts.record import Outgoing, Record

EPOCH = "1970-01-01T00:00:00.000000Z"  # of an entry without any time: a repeat must have the same bytes


def entry_submissions(
    feed: str,
    labels: Mapping[str, str],
    entries: Iterable[FeedEntry],
    read_at: Mapping[str, datetime],
) -> dict[str, Outgoing]:
    """For each entry its record, under the key by which the frontier will know the submission.

    ``ce_source`` is the feed, ``ce_id`` derives from feed, entry id and updated time: an entry that the feed calls
    updated is submitted anew. ``read_at``: when each canonical URL was last read; an entry that was updated after
    that is forced, since joining the visit of that hour would answer with the text before the edit.
    """
    records: dict[str, Outgoing] = {}
    for entry in entries:
        updated = None if entry.updated_at is None else iso(entry.updated_at)
        published = None if entry.published_at is None else iso(entry.published_at)
        seen = read_at.get(canonical_or_none(entry.url) or "")
        edited = seen is not None and entry.updated_at is not None and entry.updated_at > seen
        record = codec.urls(
            UrlSubmitted(url=entry.url, feed=feed, published_at=published, labels=dict(labels), force=edited),
            id=feed_entry_event_id(feed, entry.id, updated),
            source=feed,
            time=updated or published or EPOCH,
        )
        place = Record(record.topic, 0, 0, 0, record.key, record.value, record.headers)
        records[submission_key(parse(record.headers), place)] = record
    return records


def canonical_or_none(url: str) -> str | None:
    """The canonical URL; None for one that is submitted all the same, to be refused with its reason."""
    try:
        return canonical_url(url)
    except UrlRefused:
        return None
