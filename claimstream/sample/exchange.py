"""One HTTP exchange of the sample site: requests in, stored documents out, conditional answers included.

Only what a crawler needs of HTTP/1.1 (RFC 9110, RFC 9112) is here: GET and HEAD, kept-open connections,
ETag and Last-Modified with 304, gzip. A test that needs a broken answer writes it itself (`Responder`).
"""

import gzip
import hashlib
from asyncio import StreamReader, StreamWriter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus

MAX_HEAD_BYTES = 32 * 2**10  # twice what common servers accept; the URL of 10,000 characters fits


@dataclass(frozen=True)
class Request:
    """A request as it came. Header names are in lower case; `path` is without the query."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]


@dataclass
class RequestRecord:
    """What the site remembers of a request.

    `start` and `end` are seconds of `time.monotonic`: after the request's head was read, and after the
    last byte of the answer was handed to the socket. `end` is None while the answer is under way.
    """

    outlet: str
    method: str
    host: str
    path: str
    headers: Mapping[str, str]
    start: float
    end: float | None = None
    status: int | None = None


Responder = Callable[[Request, StreamWriter], Awaitable[None]]


@dataclass(frozen=True)
class Document:
    """A stored answer. The ETag is that of its bytes; it is weak where the answer may be compressed."""

    body: bytes
    content_type: str
    last_modified: datetime
    compress: bool = False
    etag: str = field(init=False)

    def __post_init__(self) -> None:
        digest = hashlib.sha256(self.body).hexdigest()[:20]
        object.__setattr__(self, "etag", f'W/"{digest}"' if self.compress else f'"{digest}"')

    def unchanged_for(self, request: Request) -> bool:
        """Whether the client's copy is current; If-None-Match decides alone if given (RFC 9110, 13.2.2)."""
        tags = request.headers.get("if-none-match")
        if tags is not None:
            mine = self.etag.removeprefix("W/")
            return any(tag.strip().removeprefix("W/") in ("*", mine) for tag in tags.split(","))
        since = request.headers.get("if-modified-since")
        if since is None:
            return False
        try:
            return self.last_modified <= parsedate_to_datetime(since)
        except (ValueError, TypeError):
            return False  # an unreadable date, or one without a zone, is no condition


async def read_request(reader: StreamReader) -> Request | None:
    """The next request of a connection, or None when the client is done.

    Raises `asyncio.IncompleteReadError`, `asyncio.LimitOverrunError` or `ValueError` on what is no request.
    """
    head = await reader.readuntil(b"\r\n\r\n") if not reader.at_eof() else b""
    if not head:
        return None
    first, *lines = head.decode("latin-1").rstrip("\r\n").split("\r\n")
    method, target, _ = first.split(" ")
    headers = {
        name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)
    }
    await reader.readexactly(int(headers.get("content-length", "0")))
    path, _, query = target.partition("?")
    return Request(method, path, query, headers)


async def respond(
    writer: StreamWriter,
    status: int,
    headers: Mapping[str, str],
    body: bytes = b"",
    *,
    head_only: bool = False,
) -> None:
    """Write one whole answer. Content-Length is that of `body` unless `headers` say something else."""
    reason = HTTPStatus(status).phrase
    fields = {"Date": format_datetime(datetime.now(UTC), usegmt=True), **headers}
    if status != HTTPStatus.NOT_MODIFIED:
        fields.setdefault("Content-Length", str(len(body)))
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    writer.write(f"HTTP/1.1 {status} {reason}\r\n{lines}\r\n".encode("latin-1"))
    if not head_only:
        writer.write(body)
    await writer.drain()


async def respond_with(writer: StreamWriter, request: Request, document: Document | None) -> int:
    """Answer a request from what is stored: 200, 304, 404 or 405. Returns the status."""
    if request.method not in ("GET", "HEAD"):
        await respond(writer, HTTPStatus.METHOD_NOT_ALLOWED, {"Allow": "GET, HEAD"})
        return HTTPStatus.METHOD_NOT_ALLOWED
    head_only = request.method == "HEAD"
    if document is None:
        missing = {"Content-Type": "text/plain; charset=utf-8"}
        await respond(writer, HTTPStatus.NOT_FOUND, missing, b"There is no such page.\n", head_only=head_only)
        return HTTPStatus.NOT_FOUND
    headers = {
        "ETag": document.etag,
        "Last-Modified": format_datetime(document.last_modified, usegmt=True),
        "Cache-Control": "max-age=0",
    }
    if document.compress:
        headers["Vary"] = "Accept-Encoding"
    if document.unchanged_for(request):
        await respond(writer, HTTPStatus.NOT_MODIFIED, headers)
        return HTTPStatus.NOT_MODIFIED
    headers["Content-Type"] = document.content_type
    body = document.body
    if document.compress and "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        body = gzip.compress(body, mtime=0)
    await respond(writer, HTTPStatus.OK, headers, body, head_only=head_only)
    return HTTPStatus.OK
