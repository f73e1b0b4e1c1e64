"""Identity: derived, never drawn, so that a repeat is recognised wherever it turns up.

Every id is a UUIDv5 (RFC 9562) in a namespace of its own below one root:

    root                UUIDv5(NAMESPACE_URL, "urn:claimstream:ids:1")
    <thing>             UUIDv5(root, "<thing>"), for url, article: UUIDv5(root, "<thing>;canonical=<version>")

A name of one part is that text. A name of several is the parts joined by U+001F (unit separator), which no part
may hold, so that ("a", "bc") and ("ab", "c") differ. Numbers are decimal. Names are UTF-8; half a surrogate
pair, which UTF-8 has not, counts as U+FFFD. Vectors: ``tests/data/vectors/ids.json``.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import lru_cache
from typing import Final
from uuid import NAMESPACE_URL, UUID, uuid5

from shared.contracts.canonical import CANONICAL_VERSION, UrlRefused, canonical_url
from shared.contracts.envelope import Envelope
from shared.contracts.record import Record

ROOT: Final = uuid5(NAMESPACE_URL, "urn:claimstream:ids:1")
SEPARATOR: Final = "\x1f"

_URL: Final = uuid5(ROOT, f"url;canonical={CANONICAL_VERSION}").bytes
_ARTICLE: Final = uuid5(ROOT, f"article;canonical={CANONICAL_VERSION}").bytes
_REFUSED: Final = uuid5(ROOT, "refused-url").bytes
_VISIT: Final = uuid5(ROOT, "visit").bytes
_CLAIM: Final = uuid5(ROOT, "claim").bytes
_SUBMISSION: Final = uuid5(ROOT, "submission").bytes
_FEED_ENTRY: Final = uuid5(ROOT, "feed-entry").bytes
_EVENT: Final = uuid5(ROOT, "event").bytes

_DOUBLE_QUOTES = "“”„‟«»‹›＂″‶〝〞〟「」『』"
_SINGLE_QUOTES = "‘’‚‛`´′‵＇ʼ"
_DASHES = "‐‑‒–—―−﹘﹣－"
_WITHOUT_WIDTH = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_UNIFY = str.maketrans(
    _DOUBLE_QUOTES + _SINGLE_QUOTES + _DASHES,
    '"' * len(_DOUBLE_QUOTES) + "'" * len(_SINGLE_QUOTES) + "-" * len(_DASHES),
    _WITHOUT_WIDTH,
)
_EDGE = re.compile(r"^[\s\"'.,;:]+|[\s\"'.,;:]+$")


def _derive(namespace: bytes, *parts: str) -> str:
    for part in parts if len(parts) > 1 else ():
        if SEPARATOR in part:
            raise ValueError("a part of an id holds the separator U+001F")
    name = SEPARATOR.join(parts)
    try:
        octets = name.encode()
    except UnicodeEncodeError:
        octets = "".join("\ufffd" if 0xD800 <= ord(char) <= 0xDFFF else char for char in name).encode()
    return str(UUID(bytes=hashlib.sha1(namespace + octets, usedforsecurity=False).digest()[:16], version=5))


def url_id(canonical: str) -> str:
    """The id of a canonical URL (the caller has it from ``canonical_url``; or a ``urn:sha256:…`` of a file)."""
    return _derive(_URL, canonical)


def refused_url_id(text: str) -> str:
    """The URL id under which a text that is no acceptable URL opens its visit: by the text as submitted."""
    return _derive(_REFUSED, text)


def visit_id(url: str, epoch: int, number: int) -> str:
    """The id of a URL's visit ``number`` (from 1) in the account's ``epoch``; ``url`` is the url id."""
    return _derive(_VISIT, url, str(epoch), str(number))


def article_id(article_url: str) -> str:
    """The id of an article by its URL, which is made canonical first; a ``urn:…`` counts as it stands."""
    try:
        article_url = canonical_url(article_url)
    except UrlRefused:
        pass  # a file's urn, or a URL that a server redirected to and that we would not fetch by ourselves
    return _derive(_ARTICLE, article_url)


def claim_id(article: str, source: str | None, content: str, occurrence: int) -> str:
    """The id of a claim at its first assertion: article id, texts of source and content (normalised here), and
    the smallest ``occurrence`` from 0 whose id this article's ledger has never given out."""
    return _derive(_CLAIM, article, normal_text(source or ""), normal_text(content), str(occurrence))


@lru_cache(maxsize=4096)
def normal_text(text: str) -> str:
    """A text as identity sees it: typographic habits of one edition or another do not make another claim.

    In order: quotation marks, apostrophes and dashes of all kinds as ``"``, ``'``, ``-``, characters without
    width removed; NFKC; case folded; NFKC again (folding can undo it); runs of white space as one space;
    quotation marks, white space and ``. , ; :`` removed from both ends; all of it again until nothing changes.
    """
    while True:
        folded = unicodedata.normalize("NFKC", text.translate(_UNIFY)).casefold()
        folded = unicodedata.normalize("NFKC", folded)
        folded = _EDGE.sub("", " ".join(folded.split()))
        if folded == text:
            return folded
        text = folded


def version_of(text: str) -> str:
    """An article's version: ``sha256:`` and the hex digest of the cleaned text in UTF-8."""
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def file_urn(content: bytes) -> str:
    """The URL of a file that has none: ``urn:sha256:`` and the hex digest of its bytes."""
    return "urn:sha256:" + hashlib.sha256(content).hexdigest()


def submission_key(envelope: Envelope, record: Record) -> str:
    """What makes two records of `urls` one submission: (``ce_source``, ``ce_id``), else the first coordinates.

    A redriven record keeps them in ``ce_origin``. An id, because a foreign ``ce_source`` has no length limit.
    """
    if envelope.source and envelope.id:
        source = envelope.source.replace(SEPARATOR, "\ufffd")
        return _derive(_SUBMISSION, "event", source, envelope.id.replace(SEPARATOR, "\ufffd"))
    return coordinates_key(envelope.origin or record.coordinates)


def coordinates_key(coordinates: str) -> str:
    """The submission key of a record without ``ce_id``: by where it first stood on the broker."""
    return _derive(_SUBMISSION, "coordinates", coordinates)


def feed_entry_event_id(feed: str, entry: str, updated: str | None) -> str:
    """The ``ce_id`` of a feed entry's submission: the same entry is one submission until its updated time moves."""
    parts = (feed, entry, updated or "")
    return _derive(_FEED_ENTRY, *(part.replace(SEPARATOR, "\ufffd") for part in parts))


def event_id(*parts: str | int | None) -> str:
    """The ``ce_id`` of a record of ours, from its type and what tells it from others of that type."""
    return _derive(_EVENT, *("" if part is None else str(part) for part in parts))
