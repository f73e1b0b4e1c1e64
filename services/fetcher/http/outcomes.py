"""What one request can come to: values, because the crawl has an answer to each of them.

    FetchOutcome
    ├── Page          2xx with its body, decompressed
    ├── NotModified   304 to a conditional request
    ├── Redirect      3xx with an absolute target that has not been followed
    ├── HttpError     any other status
    ├── Refused       the host answered, or would, and we do not take it; asking again changes nothing
    └── Unreachable   there was no whole answer; ``retryable`` says whether one may come

``code`` is stable: a metric label, a reason in the account and an anchor in the docs at once. What a person
can do about each is in `HINTS`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Code(StrEnum):
    """Every code of an outcome."""

    # Page, NotModified, Redirect
    FETCHED = "fetched"
    NOT_MODIFIED = "not-modified"
    REDIRECT = "redirect"
    # HttpError
    HTTP_NOT_FOUND = "http-not-found"
    HTTP_GONE = "http-gone"
    HTTP_FORBIDDEN = "http-forbidden"
    HTTP_TOO_MANY_REQUESTS = "http-too-many-requests"
    HTTP_CLIENT_ERROR = "http-client-error"
    HTTP_UNAVAILABLE = "http-unavailable"
    HTTP_SERVER_ERROR = "http-server-error"
    HTTP_UNEXPECTED = "http-unexpected"
    # Refused
    URL_INVALID = "url-invalid"
    SCHEME = "scheme"
    ADDRESS_BLOCKED = "address-blocked"
    BAD_REDIRECT = "bad-redirect"
    REDIRECT_LOOP = "redirect-loop"
    NOT_TEXT = "not-text"
    PAGE_TOO_LARGE = "page-too-large"
    DECOMPRESSION_BOMB = "decompression-bomb"
    UNSUPPORTED_ENCODING = "unsupported-encoding"
    # Unreachable
    NETWORK_AWAY = "network-away"
    NAME_UNKNOWN = "name-unknown"
    NAME_SERVER_SILENT = "name-server-silent"
    CONNECT_FAILED = "connect-failed"
    CONNECT_TIMEOUT = "connect-timeout"
    TLS_CERTIFICATE = "tls-certificate"
    TLS_FAILED = "tls-failed"
    READ_TIMEOUT = "read-timeout"
    DEADLINE = "deadline"
    CONNECTION_LOST = "connection-lost"
    HTTP_MALFORMED = "http-malformed"
    BODY_TRUNCATED = "body-truncated"
    ENCODING_BROKEN = "encoding-broken"


HINTS: Mapping[Code, str] = MappingProxyType(
    {
        Code.URL_INVALID: "The URL cannot be put into a request. Submit it as a browser's address bar shows it.",
        Code.SCHEME: "Only http and https are fetched.",
        Code.ADDRESS_BLOCKED: "The name leads to an address that is not public. An operator who means to crawl it "
        "adds its network to the allow-list of the fetcher.",
        Code.BAD_REDIRECT: "The host sends on to something that is no http(s) URL. Open the page in a browser.",
        Code.REDIRECT_LOOP: "The host sends on to where we come from, often for want of a cookie. "
        "Submit the URL that a browser ends at.",
        Code.NOT_TEXT: "The host says that this is no text (an image, a film, a PDF). Submit the article's page.",
        Code.PAGE_TOO_LARGE: "The page is larger than the fetcher's limit; news pages are a tenth of it.",
        Code.DECOMPRESSION_BOMB: "A small body expands beyond all measure. Nothing to do, unless the site is yours.",
        Code.UNSUPPORTED_ENCODING: "The host compresses in a way that the request did not offer.",
        Code.NETWORK_AWAY: "This machine's own network or resolver is down. The visit waits; it costs no attempt.",
        Code.NAME_UNKNOWN: "The host's name does not exist. Look for a spelling mistake.",
        Code.NAME_SERVER_SILENT: "The name servers of this host do not answer, while those of others do.",
        Code.CONNECT_FAILED: "The host does not take connections on this port.",
        Code.CONNECT_TIMEOUT: "The host does not answer the attempt to connect.",
        Code.TLS_CERTIFICATE: "The host's certificate does not vouch for its name, or has expired.",
        Code.TLS_FAILED: "The host does not speak TLS as this machine does.",
        Code.READ_TIMEOUT: "The host took the request and fell silent.",
        Code.DEADLINE: "The host answers so slowly that the page did not end in time.",
        Code.CONNECTION_LOST: "The host closed the connection before the answer.",
        Code.HTTP_MALFORMED: "The host hung up without an answer, or what it answers is not HTTP, "
        "or its headers have no end.",
        Code.BODY_TRUNCATED: "The connection ended before the body did.",
        Code.ENCODING_BROKEN: "The body is not what its Content-Encoding says, or ends too soon.",
    }
)


@dataclass(frozen=True)
class Page:
    """A body that came whole."""

    url: str
    """The URL that was asked for; there are no redirects inside a request."""
    status: int
    headers: Mapping[str, str]
    """The headers in `KEPT_HEADERS`, names in lower case."""
    body: bytes
    """Decompressed, in the charset that the host used."""
    content_type: str
    """The header as sent, "" if absent."""
    etag: str | None
    last_modified: str | None
    """Both validators as sent, to be sent back with the next request."""
    peer: str
    """The IP address that answered."""
    seconds: float
    """From before the name was resolved until the body had ended."""
    raw_bytes: int
    """Length of the body on the wire."""
    truncated: bool = False
    """Only for robots.txt: the body was longer than what we read of it."""
    code: Code = Code.FETCHED


@dataclass(frozen=True)
class NotModified:
    """304: what was stored is still current. Validators it repeats replace the stored ones."""

    url: str
    etag: str | None
    last_modified: str | None
    peer: str
    code: Code = Code.NOT_MODIFIED


@dataclass(frozen=True)
class Redirect:
    """The host sends us on. The target needs its own host's lease and robots.txt before it is asked."""

    url: str
    status: int
    target: str
    """Absolute, http or https, without credentials and fragment."""
    peer: str
    code: Code = Code.REDIRECT

    @property
    def permanent(self) -> bool:
        return self.status in (301, 308)


@dataclass(frozen=True)
class HttpError:
    """An answer that is neither page nor redirect. Its body is not read."""

    url: str
    status: int
    code: Code
    retry_after: float | None
    """Seconds from now, from Retry-After; at most `retry_after.MAX_RETRY_AFTER`."""
    peer: str

    @property
    def hint(self) -> str:
        return f"The host answered with status {self.status}."

    @property
    def retryable(self) -> bool:
        """Whether the same request may have another answer in minutes (RFC 9110: 408, 425, 429, 5xx)."""
        return self.status in (408, 425, 429) or self.status >= 500

    @property
    def is_gone(self) -> bool:
        """Whether the page itself is away: at two visits running, its article is `gone`."""
        return self.status in (404, 410)


@dataclass(frozen=True)
class Refused:
    """We do not take it, and asking again changes nothing."""

    url: str
    code: Code
    detail: str

    @property
    def hint(self) -> str:
        return HINTS[self.code]


@dataclass(frozen=True)
class Unreachable:
    """No whole answer came."""

    url: str
    code: Code
    detail: str
    retryable: bool = True

    @property
    def hint(self) -> str:
        return HINTS[self.code]

    @property
    def network_away(self) -> bool:
        """Whether it is our own network: the visit goes back as it was, without an attempt counted."""
        return self.code is Code.NETWORK_AWAY


FetchOutcome = Page | NotModified | Redirect | HttpError | Refused | Unreachable

_BY_STATUS = {
    401: Code.HTTP_FORBIDDEN,
    403: Code.HTTP_FORBIDDEN,
    404: Code.HTTP_NOT_FOUND,
    410: Code.HTTP_GONE,
    429: Code.HTTP_TOO_MANY_REQUESTS,
    451: Code.HTTP_FORBIDDEN,
    503: Code.HTTP_UNAVAILABLE,
}


def code_of_status(status: int) -> Code:
    """The code of a status that is neither page nor redirect. Few codes, since each is a metric label."""
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    if 400 <= status < 500:
        return Code.HTTP_CLIENT_ERROR
    return Code.HTTP_SERVER_ERROR if 500 <= status < 600 else Code.HTTP_UNEXPECTED
