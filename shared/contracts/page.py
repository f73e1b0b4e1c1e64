"""A record of `pages`: the page as fetched, zstd, in the value; everything about it in ``ce_*`` headers.

So the page is copied nowhere as text within text, a reader can tell by headers alone what it does not want, and
the bytes that the SHA-256 names are the bytes that come out. ``ce_archiveref`` is reserved for pages that are too
large for a record.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import zstandard
from pydantic import ValidationError

from shared.contracts.envelope import Envelope
from shared.contracts.events import PageFetched
from shared.contracts.record import Record
from shared.contracts.refusal import check_type, has_nul, refuse
from shared.contracts.registry import PAGE

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
            raise refuse("page-corrupt", "the page's bytes are not those that its headers name")
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

    Raises :class:`~shared.errors.Undecodable`; codes of ``shared.contracts.refusal``.
    """
    check_type(PAGE, envelope)
    if not record.value:
        if ARCHIVE_REF in envelope.extensions:
            raise refuse("page-archived", "the page lies in an archive")
        raise refuse("null-value" if record.value is None else "empty-value", "a page without bytes")
    page = _page(envelope.extensions)
    if not 0 <= page.size <= MAX_PAGE_BYTES:
        raise refuse(
            "page-bomb", f"header ce_pagesize: {page.size} bytes, where {MAX_PAGE_BYTES} are the most"
        )
    _frame_size(record.value, page.size)
    return CompressedPage(page, record.value)


def _page(given: Mapping[str, str]) -> PageFetched:
    fields: dict[str, Any] = {
        name: given[attribute] for name, attribute in PAGE_ATTRIBUTES.items() if attribute in given
    }
    if "labels" in fields:
        try:
            fields["labels"] = json.loads(fields["labels"])
        except (ValueError, RecursionError):
            raise refuse("malformed-json", "header ce_labels: not JSON") from None
    try:
        page = PageFetched.model_validate(fields)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        attribute = PAGE_ATTRIBUTES[str(first["loc"][0])]
        raise refuse("wrong-shape", f"header ce_{attribute}: {first['msg']}") from None
    if has_nul(page):
        raise refuse("nul-character", "NUL in a header")
    return page


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
        raise refuse(
            "page-corrupt", f"the value is no zstd frame of at most {limit} bytes: {error}"
        ) from None


def _frame_size(value: bytes, limit: int) -> int:
    """The content size that a frame declares (-1: none). A bomb is told by it before a byte is allocated."""
    try:
        declared = zstandard.frame_content_size(value)
    except zstandard.ZstdError as error:
        raise refuse("page-corrupt", f"the value is no zstd frame: {error}") from None
    if declared > limit:
        raise refuse("page-bomb", f"a frame of {declared} bytes where {limit} were named")
    return declared
