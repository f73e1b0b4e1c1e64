"""JSON Feed 1.0 and 1.1 (jsonfeed.org)."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from services.fetcher.feeds.links import page_url
from services.fetcher.feeds.model import (
    MAX_ENTRIES,
    MAX_ID_CHARS,
    MAX_TITLE_CHARS,
    Feed,
    FeedBroken,
    FeedEntry,
)


def parse_json_feed(text: str, url: str) -> Feed | FeedBroken:
    """The feed in ``text``, its relative links resolved against ``url``."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as failure:
        return FeedBroken("feed-malformed", str(failure)[:200])
    if not isinstance(document, dict):
        return FeedBroken("feed-unknown-format", "JSON, but no object")
    items = document.get("items")
    if "jsonfeed.org/version" not in str(document.get("version", ""))[:100] or not isinstance(items, list):
        return FeedBroken("feed-unknown-format", "JSON, but no JSON Feed: it lacks its version or its items")
    entries: dict[str, FeedEntry] = {}
    skipped = 0
    for item in items[:MAX_ENTRIES]:
        entry = _entry(item, url) if isinstance(item, dict) else None
        if entry is None:
            skipped += 1
        else:
            entries.setdefault(entry.id, entry)
    title = _text(document.get("title"))
    return Feed("json", title, tuple(entries.values()), skipped, max(0, len(items) - MAX_ENTRIES))


def _entry(item: dict[str, object], base: str) -> FeedEntry | None:
    url = page_url(item.get("url"), base)
    if url is None:
        return None
    given = item.get("id")
    identity = str(given)[:MAX_ID_CHARS] if isinstance(given, str | int | float) and given != "" else url
    published, updated = _moment(item.get("date_published")), _moment(item.get("date_modified"))
    return FeedEntry(identity, url, published, updated, _text(item.get("title")))


def _text(value: object) -> str:
    return value.strip()[:MAX_TITLE_CHARS] if isinstance(value, str) else ""


def _moment(value: object) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value.strip()[:40])
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
