"""``deploy/feeds.toml``: the feeds that an operator keeps in version control.

[[feed]]
url = "https://news.example/rss"
every = "15m"                        # optional
labels = { desk = "economy" }        # optional; comes back with every claim
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from services.fetcher.settings import duration
from shared.contracts.canonical import UrlRefused, canonical_url
from shared.errors import SettingsInvalid

LEAST_SECONDS = 60.0  # a feed that is asked more often than once a minute is no longer a guest's


@dataclass(frozen=True, slots=True)
class FeedSource:
    """A feed to poll: every ``every`` seconds; ``labels`` go to each of its submissions."""

    url: str
    every: float
    labels: dict[str, str] = field(default_factory=dict)


def load_feeds(path: Path, *, every: float, least: float = LEAST_SECONDS) -> list[FeedSource]:
    """The feeds of the file; ``every`` (seconds) is for those that say nothing. Raises SettingsInvalid, naming the
    entry."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise _invalid(path, f"cannot be read: {error}") from None
    except tomllib.TOMLDecodeError as error:
        raise _invalid(path, f"is no TOML: {error}") from None
    entries = document.get("feed", [])
    unknown = sorted(set(document) - {"feed"})
    if unknown or not isinstance(entries, list):
        raise _invalid(path, f"holds {', '.join(unknown) or 'a feed that is no [[feed]]'}")
    return [_feed(path, number, entry, every, least) for number, entry in enumerate(entries, 1)]


def _feed(path: Path, number: int, entry: Any, every: float, least: float) -> FeedSource:
    where = f"[[feed]] number {number}"
    if not isinstance(entry, dict) or not isinstance(entry.get("url"), str):
        raise _invalid(path, f"{where} has no url")
    unknown = sorted(set(entry) - {"url", "every", "labels"})
    if unknown:
        raise _invalid(path, f"{where} has {', '.join(unknown)}, which no feed has")
    labels = entry.get("labels", {})
    if not isinstance(labels, dict) or not all(isinstance(value, str) for value in labels.values()):
        raise _invalid(path, f"{where}: labels must be texts")
    try:
        url = canonical_url(entry["url"])
        interval = duration(entry.get("every", every))
    except UrlRefused as refusal:
        raise _invalid(path, f"{where}: {entry['url']!r}: {refusal.message}") from None
    except ValueError as error:
        raise _invalid(path, f"{where}: {error}") from None
    if interval < least:
        raise _invalid(path, f"{where}: every is {interval:g} s, at least {least:g} s is polite")
    return FeedSource(url, interval, labels)


def _invalid(path: Path, what: str) -> SettingsInvalid:
    return SettingsInvalid(
        f"{path} {what}", hint="Correct the file; the comments of deploy/feeds.toml show the form."
    )
