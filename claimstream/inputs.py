"""What a person names on the command line: a file, a page's URL, a feed's URL, a feed's file."""

from __future__ import annotations

import mimetypes
import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from claimstream.words import accepted
from services.fetcher.feeds.model import FeedBroken
from services.fetcher.feeds.parse import parse_feed
from shared.contracts.page import MAX_COMPRESSED_BYTES, MAX_PAGE_BYTES, compress_page
from shared.errors import UsageError

_FEED_PATH = re.compile(r"(\.(rss|atom|xml|rdf)|/(feed|rss|atom)(\.[a-z]+)?)/?$", re.IGNORECASE)
_LIKE_A_URL = re.compile(r"www\.\w|[\w-]+(\.[\w-]+)+/", re.ASCII)
_FEED_SUFFIXES = {".xml", ".rss", ".atom", ".rdf"}


@dataclass(slots=True)
class Inputs:
    """``files``: path, bytes, content type. ``without_entries``: files of feeds that name no article. Everything was
    looked at before anything is done."""

    files: list[tuple[Path, bytes, str | None]] = field(default_factory=list)
    urls: list[str] = field(default_factory=list)
    feeds: list[str] = field(default_factory=list)
    without_entries: list[Path] = field(default_factory=list)


def sort_inputs(names: list[str], *, url: str | None, feeds: bool) -> Inputs:
    """Sort what was named. Raises UsageError for the first that cannot be taken."""
    inputs = Inputs()
    if url is not None:
        accepted(url)
    for name in names:
        if re.match(r"[a-zA-Z][a-zA-Z0-9+.-]+://", name):
            canonical = accepted(name)
            is_feed = feeds or _FEED_PATH.search(urlsplit(canonical).path) is not None
            (inputs.feeds if is_feed else inputs.urls).append(name)
        else:
            _file(inputs, Path(name))
    if url is not None and len(inputs.files) != 1:
        raise UsageError("--url is for one file", hint="Give exactly one file with --url.")
    return inputs


def _file(inputs: Inputs, path: Path) -> None:
    content = read_input(path)
    if path.suffix.lower() in _FEED_SUFFIXES:
        feed = parse_feed(content, "application/xml", path.absolute().as_uri())
        if isinstance(feed, FeedBroken):
            raise UsageError(
                f"{path} is no feed: {feed.hint}", code=feed.code, hint="Give the feed itself, RSS or Atom."
            )
        inputs.urls += [entry.url for entry in feed.entries]
        if not feed.entries:
            inputs.without_entries.append(path)
        return
    if len(compress_page(content)) > MAX_COMPRESSED_BYTES:
        raise _too_large(path, f"more than {MAX_COMPRESSED_BYTES:,} bytes even when compressed")
    guessed = mimetypes.guess_type(path.name)[0]
    inputs.files.append((path, content, guessed))


def read_input(path: Path) -> bytes:
    """The bytes of a file. Raises UsageError when it is missing, empty, too large or cannot be read."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_PAGE_BYTES + 1)
    except FileNotFoundError:
        raise UsageError(f"no file {path}", code="file-missing", hint=_missing(str(path))) from None
    except OSError as error:
        raise UsageError(
            f"cannot read {path}: {error.strerror}",
            code="file-unreadable",
            hint="Check what it is and its permissions.",
        ) from None
    if len(content) > MAX_PAGE_BYTES:
        raise _too_large(path, f"more than {MAX_PAGE_BYTES:,} bytes")
    if not content.strip():
        raise UsageError(
            f"{path} is empty", code="file-empty", hint="Give a file with a page or a text in it."
        )
    return content


def _missing(name: str) -> str:
    if name == "-":
        return "An article is known by its file or URL: save it first. `clean -` and `extract -` read standard input."
    if _LIKE_A_URL.match(name):
        return f"Check the name; if it is a page's address, type https://{name}."
    return "Check the name."


def _too_large(path: Path, how: str) -> UsageError:
    return UsageError(
        f"{path} has {how}",
        code="page-too-large",
        hint="News pages are a tenth of it. Split it, or hand in the article alone.",
    )
