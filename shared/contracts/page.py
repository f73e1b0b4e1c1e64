"""A record of `pages`: the page as fetched, zstd, in the value; everything about it in ``ce_*`` headers.

So the page is copied nowhere as text within text, a reader can tell by headers alone what it does not want, and
the bytes that the SHA-256 names are the bytes that come out. ``ce_archiveref`` is reserved for pages that are too
large for a record.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any, Final

import zstandard
from pydantic import ValidationError

from shared.contracts.envelope import Envelope
from shared.contracts.events import PageFetched
from shared.contracts.record import Record
from shared.errors import Undecodable

MAX_PAGE_BYTES: Final = 8 * 2**20  # 1.46 MiB is the largest of 181 news pages measured; five times that
MAX_COMPRESSED_BYTES: Final = 900_000  # leaves room for headers below a broker's default limit of 1 MiB
ZSTD_LEVEL: Final = (
    3  # 102 news pages: a fifth of their size at 200 MB/s; 6 gains 8 % at a third of the speed
)
ZSTD: Final = "application/zstd"

# Field of PageFetched → extension attribute (CloudEvents allows lower-case letters and digits).
PAGE_ATTRIBUTES: Final = {
    "visit_id": "visitid",
    "url_id": "urlid",
    "url": "url",
    "final_url": "finalurl",
    "status": "status",
    "observed_at": "observedat",
    "sha256": "pagesha256",
    "size": "pagesize",
    "content_type": "pagetype",
    "last_modified": "lastmodified",
    "feed": "feed",
    "published_at": "publishedat",
    "labels": "labels",
}
ARCHIVE_REF: Final = "archiveref"


@dataclass(frozen=True, slots=True)
class CompressedPage:
    """A page whose headers were read. It pickles: a worker process opens it, so that no event loop does."""

    page: PageFetched
    compressed: bytes

    def open(self) -> bytes:
        """The page as fetched. Raises :class:`~shared.errors.Undecodable` when its bytes are not what was named."""
        content = decompress_page(self.compressed, self.page.size)
        if len(content) != self.page.size or hashlib.sha256(content).hexdigest() != self.page.sha256:
            raise Undecodable("the page's bytes are not those that its headers name", code="page-corrupt")
        return content


def page_headers(page: PageFetched) -> dict[str, str]:
    """The extension attributes that carry a page's fields; what is None is left out."""
    extensions: dict[str, str] = {}
    for name, attribute in PAGE_ATTRIBUTES.items():
        value = getattr(page, name)
        if name == "labels":
            if value:
                extensions[attribute] = json.dumps(
                    value, ensure_ascii=False, separators=(",", ":"), sort_keys=True
                )
        elif value is not None:
            extensions[attribute] = str(value)
    return extensions


def decode_page(record: Record, envelope: Envelope) -> CompressedPage:
    """Read the headers and look at the frame; :meth:`CompressedPage.open` does what costs time.

    Raises :class:`~shared.errors.Undecodable` (codes undecodable, page-archived, page-bomb, page-corrupt).
    """
    given = envelope.extensions
    if record.value is None or not record.value:
        if ARCHIVE_REF in given:
            raise Undecodable(
                "the page lies in an archive",
                code="page-archived",
                hint="This release reads no archive. Upgrade the cleaner, then redrive.",
            )
        raise Undecodable("a page without bytes (null or empty value)")
    fields: dict[str, Any] = {
        name: given[attribute] for name, attribute in PAGE_ATTRIBUTES.items() if attribute in given
    }
    try:
        if "labels" in fields:
            fields["labels"] = json.loads(fields["labels"])
        page = PageFetched.model_validate(fields)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        where = PAGE_ATTRIBUTES.get(str(first["loc"][0]), "?") if first["loc"] else "?"
        raise Undecodable(f"header ce_{where}: {first['msg']}") from None
    except (ValueError, RecursionError):
        raise Undecodable("header ce_labels: not JSON") from None
    if any("\0" in value for value in given.values()):
        raise Undecodable("NUL in a header", code="nul-character")
    if not 0 <= page.size <= MAX_PAGE_BYTES:
        raise Undecodable(f"header ce_pagesize: {page.size} bytes, over {MAX_PAGE_BYTES}", code="page-bomb")
    _frame_size(record.value, page.size)
    return CompressedPage(page, record.value)


def compress_page(content: bytes) -> bytes:
    """One zstd frame with its content's size. More than ``MAX_COMPRESSED_BYTES`` is rejected: ``page-too-large``."""
    return zstandard.ZstdCompressor(level=ZSTD_LEVEL, write_content_size=True).compress(content)


def decompress_page(value: bytes, limit: int) -> bytes:
    """The content of one zstd frame of at most ``limit`` bytes; never allocates more, whatever the frame claims.

    Raises :class:`~shared.errors.Undecodable`: page-bomb, page-corrupt.
    """
    declared = _frame_size(value, limit)
    if declared == 0:
        return b""
    try:
        return zstandard.ZstdDecompressor().decompress(value, max_output_size=limit, allow_extra_data=False)
    except zstandard.ZstdError as error:
        raise Undecodable(
            f"the value is no zstd frame of at most {limit} bytes: {error}", code="page-corrupt"
        ) from None


def _frame_size(value: bytes, limit: int) -> int:
    """The content size that a frame declares (-1: none). A bomb is told by it before a byte is allocated."""
    try:
        declared = zstandard.frame_content_size(value)
    except zstandard.ZstdError as error:
        raise Undecodable(f"the value is no zstd frame: {error}", code="page-corrupt") from None
    if declared > limit:
        raise Undecodable(f"a frame of {declared} bytes where {limit} were named", code="page-bomb")
    return declared
