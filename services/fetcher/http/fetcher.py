"""One request, one answer: `Fetcher.get`.

There is no httpx client above the transport, on purpose: a client keeps a cookie jar (a state that one
host's answer leaves for the next request), reads proxies and .netrc from the environment unless told not to
(a proxy goes past the address check), and parses Location by itself.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial
from types import TracebackType
from typing import Any, Self, cast

import httpx

from services.fetcher.http.addresses import AddressRule
from services.fetcher.http.agent import user_agent
from services.fetcher.http.backend import CheckedBackend
from services.fetcher.http.decompression import (
    ACCEPTED,
    BrokenEncoding,
    ExpandsTooFar,
    UnsupportedEncoding,
    decompress,
    sole_encoding,
)
from services.fetcher.http.diagnosis import diagnose
from services.fetcher.http.limits import ACCEPT, FetchLimits, Kind, is_text
from services.fetcher.http.network import NetworkProbe, WitnessProbe
from services.fetcher.http.outcomes import (
    Code,
    FetchOutcome,
    HttpError,
    NotModified,
    Page,
    Redirect,
    Refused,
    Unreachable,
    code_of_status,
)
from services.fetcher.http.redirects import BadRedirect, redirect_target
from services.fetcher.http.resolver import Resolver, SystemResolver
from services.fetcher.http.retry_after import parse_retry_after
from services.fetcher.http.transport import CheckedTransport
from shared.clock import Clock, SystemClock

# What the cleaner, the account and a person who looks into a page may want; the rest is the host's own affair.
KEPT_HEADERS = frozenset(
    {
        "age", "cache-control", "content-encoding", "content-language", "content-location", "content-type",
        "date", "etag", "expires", "last-modified", "link", "server", "x-robots-tag",
    }
)  # fmt: skip
MAX_HEADER_CHARS = 1_024  # of one kept header; a validator longer than this is not sent back either
_PORTS = range(1, 65_536)  # httpx takes 0 and 99999, and the socket raises
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PAGES = frozenset({200, 203})  # 204 and 205 have no body, 206 answers a range that we never ask for
_THREAD_FROM = 256 * 1024  # raw bytes; inflating less than this takes under 10 ms of the event loop


@dataclass(frozen=True)
class FetchRequest:
    """What to ask for: an absolute http or https URL; conditional if a validator is given.

    ``check`` is called when the connection stands, in the moment before the request is sent: what it raises ends the
    request unsent.
    """

    url: str
    kind: Kind = Kind.PAGE
    etag: str | None = None
    last_modified: str | None = None
    check: Callable[[], None] | None = None

    @property
    def conditional(self) -> bool:
        return self.etag is not None or self.last_modified is not None


class Fetcher:
    """Fetches one document at a time for each caller; any number of callers.

    ``contact`` goes into the user agent (ContactMissing without one). ``allow`` opens networks that are
    closed to pages, in CIDR form. Whoever makes a Fetcher closes it.
    """

    def __init__(
        self,
        contact: str,
        *,
        limits: FetchLimits | None = None,
        allow: tuple[str, ...] = (),
        resolver: Resolver | None = None,
        probe: NetworkProbe | None = None,
        ssl_context: ssl.SSLContext | None = None,
        clock: Clock | None = None,
    ) -> None:
        self.agent = user_agent(contact)
        self._limits = limits or FetchLimits()
        self._clock = clock or SystemClock()
        self._resolver = resolver or SystemResolver()
        backend = CheckedBackend(
            AddressRule.allowing(allow), self._resolver, probe or WitnessProbe(self._resolver, self._clock)
        )
        tls = ssl_context or httpx.create_ssl_context(trust_env=False)
        self._transport = CheckedTransport(backend, tls)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        await self._transport.aclose()
        await self._resolver.aclose()

    @property
    def deadline(self) -> float:
        """The seconds that :meth:`get` takes at most."""
        return self._limits.deadline

    async def get(self, request: FetchRequest) -> FetchOutcome:
        """Ask once, follow nothing, and say what came of it. Raises CancelledError and what the request's ``check``
        raises, nothing else."""
        try:
            message = self._message(request)
        except (httpx.InvalidURL, UnicodeError, ValueError) as failure:
            return Refused(request.url, Code.URL_INVALID, str(failure))
        if message.url.scheme not in ("http", "https"):
            return Refused(request.url, Code.SCHEME, f"the scheme {message.url.scheme[:20]!r}")
        if not message.url.host or (message.url.port is not None and message.url.port not in _PORTS):
            return Refused(request.url, Code.URL_INVALID, "no host, or a port that is none")
        try:
            async with asyncio.timeout(self._limits.deadline):
                return await self._exchange(request, message)
        except TimeoutError:
            return Unreachable(request.url, Code.DEADLINE, f"no end within {self._limits.deadline:g} s")

    def _message(self, request: FetchRequest) -> httpx.Request:
        headers = [
            (b"User-Agent", self.agent.encode("ascii")),
            (b"Accept", ACCEPT[request.kind].encode("ascii")),
            (b"Accept-Encoding", ACCEPTED.encode("ascii")),
            (b"Connection", b"close"),
        ]
        if request.etag is not None:
            headers.append((b"If-None-Match", request.etag.encode("latin-1")))
        if request.last_modified is not None:
            headers.append((b"If-Modified-Since", request.last_modified.encode("latin-1")))
        timeouts = {"connect": self._limits.connect, "read": self._limits.read, "write": self._limits.read}
        extensions: dict[str, Any] = {"timeout": timeouts}
        if request.check is not None:
            extensions["trace"] = partial(_before_sending, request.check)
        return httpx.Request("GET", request.url, headers=headers, extensions=extensions)

    async def _exchange(self, request: FetchRequest, message: httpx.Request) -> FetchOutcome:
        started = self._clock.monotonic()
        try:
            response = await self._transport.handle_async_request(message)
        except (httpx.TransportError, OSError) as failure:
            return diagnose(request.url, failure, in_body=False)
        try:
            return await self._answer(request, response, started)
        except (httpx.TransportError, OSError) as failure:
            return diagnose(request.url, failure, in_body=True)
        finally:
            await response.aclose()

    async def _answer(self, request: FetchRequest, response: httpx.Response, started: float) -> FetchOutcome:
        peer = _peer(response)
        status = response.status_code
        if status in _REDIRECTS:
            return _redirect(request, response, peer)
        if status == 304 and request.conditional:
            return NotModified(
                request.url, _validator(response, "etag"), _validator(response, "last-modified"), peer
            )
        if status not in _PAGES:
            wait = parse_retry_after(response.headers.get("retry-after"), self._clock.now())
            return HttpError(request.url, status, code_of_status(status), wait, peer)
        content_type = response.headers.get("content-type", "")[:MAX_HEADER_CHARS]
        if not is_text(content_type, request.kind):
            return Refused(request.url, Code.NOT_TEXT, f"Content-Type {content_type[:100]}")
        try:
            encoding = sole_encoding(response.headers.get("content-encoding", ""))
            raw, truncated = await self._raw_body(request.kind, response)
            limit = self._limits.body(request.kind)
            if len(raw) > _THREAD_FROM and encoding != "identity":
                body = await asyncio.to_thread(decompress, raw, encoding, limit)
            else:
                body = decompress(raw, encoding, limit)
        except UnsupportedEncoding as failure:
            return Refused(request.url, Code.UNSUPPORTED_ENCODING, f"Content-Encoding {failure}")
        except _TooLarge as failure:
            return Refused(request.url, Code.PAGE_TOO_LARGE, str(failure))
        except ExpandsTooFar as failure:
            code = Code.DECOMPRESSION_BOMB if failure.bomb else Code.PAGE_TOO_LARGE
            return Refused(request.url, code, str(failure))
        except BrokenEncoding as failure:
            return Unreachable(request.url, Code.ENCODING_BROKEN, str(failure))
        return Page(
            url=request.url,
            status=status,
            headers=_kept(response),
            body=body,
            content_type=content_type,
            etag=_validator(response, "etag"),
            last_modified=_validator(response, "last-modified"),
            peer=peer,
            seconds=self._clock.monotonic() - started,
            raw_bytes=len(raw),
            truncated=truncated,
        )

    async def _raw_body(self, kind: Kind, response: httpx.Response) -> tuple[bytes, bool]:
        """The body as on the wire, and whether it was cut at the limit (robots.txt; others are refused)."""
        limit = self._limits.raw(kind)
        declared = response.headers.get("content-length", "")
        if kind is not Kind.ROBOTS and declared.isdigit() and int(declared) > limit:
            raise _TooLarge(f"{declared} bytes announced, {limit} allowed")
        raw = bytearray()
        async with aclosing(cast(AsyncGenerator[bytes, None], response.aiter_raw())) as parts:
            async for part in parts:
                raw += part
                if len(raw) > limit:
                    if kind is Kind.ROBOTS:
                        return bytes(raw[:limit]), True
                    raise _TooLarge(f"more than {limit} bytes")
        return bytes(raw), False


async def _before_sending(check: Callable[[], None], event: str, _info: object) -> None:
    """httpcore's ``trace``: told of each step of a request, it may raise."""
    if event.endswith(".send_request_headers.started"):
        check()


class _TooLarge(Exception):
    """The body on the wire is over the limit."""


def _redirect(request: FetchRequest, response: httpx.Response, peer: str) -> Redirect | Refused:
    location = next((value for name, value in response.headers.raw if name.lower() == b"location"), None)
    try:
        target = redirect_target(request.url, location)
    except BadRedirect as failure:
        return Refused(request.url, Code.BAD_REDIRECT, str(failure))
    if target == request.url.partition("#")[0]:
        return Refused(request.url, Code.REDIRECT_LOOP, "the target is the URL itself")
    return Redirect(request.url, response.status_code, target, peer)


def _peer(response: httpx.Response) -> str:
    stream = response.extensions.get("network_stream")
    address = stream.get_extra_info("server_addr") if stream is not None else None
    return str(address[0]) if address else ""


def _header(response: httpx.Response, name: str) -> str | None:
    """A header as Latin-1, so that it can be sent back byte for byte."""
    wanted = name.encode("ascii")
    values = [value for key, value in response.headers.raw if key.lower() == wanted]
    return b", ".join(values).decode("latin-1") if values else None


def _validator(response: httpx.Response, name: str) -> str | None:
    value = _header(response, name)
    return value if value and len(value) <= MAX_HEADER_CHARS else None


def _kept(response: httpx.Response) -> dict[str, str]:
    names = sorted({key.lower() for key in response.headers} & KEPT_HEADERS)
    return {name: (_header(response, name) or "")[:MAX_HEADER_CHARS] for name in names}
