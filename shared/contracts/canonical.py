"""The canonical form of a URL: our own code, because every identity rests on it, and therefore versioned.

Two spellings that every server treats alike become one; anything a server might treat differently stays apart
(http and https, with and without ``www.``, the order of parameters). RFC 3986 section 6.2.2 and 6.2.3, with
UTS 46 for hosts. The result is ASCII and a fixed point: ``canonical_url(canonical_url(u)) == canonical_url(u)``.

A change of what this module gives is a new ``CANONICAL_VERSION``, which stands in the namespace of the ids
(``shared.contracts.ids``): ids of two versions never mix by accident.
"""

from __future__ import annotations

import ipaddress
import re
from typing import Final
from urllib.parse import urlsplit

import idna

from shared.contracts.tracking import is_tracking
from shared.errors import ClaimstreamError

CANONICAL_VERSION: Final = 1
MAX_URL_LENGTH: Final = (
    2048  # characters; the sitemap protocol's limit, and a PostgreSQL index row takes 2,704 bytes
)
DEFAULT_PORTS: Final = {"http": 80, "https": 443}

_HINTS: Final = {
    "url-scheme": "Only http and https are fetched; a file enters through `claimstream ingest`.",
    "url-credentials": "A URL with a user name or password is never fetched: it would end up in logs and claims.",
    "url-control-character": "The URL holds a control character; the line was probably cut or joined wrongly.",
    "url-too-long": f"A URL may have at most {MAX_URL_LENGTH} characters in its canonical form.",
    "url-no-host": "The URL names no host.",
    "url-malformed": "The URL cannot be read; the message says which part.",
}

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*):")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_\-]{0,61}[a-z0-9_])?")
# In a path or query these stand as they are (RFC 3986 pchar, "/" and "?", and brackets, which sites use raw in
# names like `a[]`); "%" is handled apart, anything else is percent-encoded.
_TO_ENCODE = re.compile(r"%([0-9A-Fa-f]{2})?|[^A-Za-z0-9\-._~!$&'()*+,;=:@/?\[\]%]+")
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


class UrlRefused(ClaimstreamError):
    """Raised for a text that can be read and is no URL that we would fetch. Its visit is ``rejected`` with the code.

    Codes: url-scheme, url-credentials, url-control-character, url-too-long, url-no-host, url-malformed.
    """

    owner = "record"
    code = "url-malformed"

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message, code=code, hint=_HINTS[code])


def canonical_url(text: str) -> str:
    """The canonical form of an http or https URL. White space around it does not count.

    Scheme and host in lower case, host by UTS 46, default port, fragment, dot segments, tracking parameters and
    an empty query removed, percent-encodings of unreserved characters decoded and the others in upper case.
    Raises :class:`UrlRefused`.
    """
    text = text.strip(" \t\r\n\f")
    if _CONTROL.search(text):
        raise UrlRefused("url-control-character", "a control character in the URL")
    if len(text) > MAX_URL_LENGTH:
        raise UrlRefused("url-too-long", f"{len(text)} characters")
    scheme, rest = _scheme(text)
    rest = rest.partition("#")[0]
    end = next((i for i, c in enumerate(rest) if c in "/?"), len(rest))
    authority, target = rest[:end], rest[end:]
    path, _, query = target.partition("?")
    url = f"{scheme}://{_authority(authority, scheme)}{_path(path)}{_query(query)}"
    if len(url) > MAX_URL_LENGTH:
        raise UrlRefused("url-too-long", f"{len(url)} characters in canonical form")
    return url


def host_key(url: str) -> str:
    """Whose politeness a canonical URL falls under: ``host``, or ``host:port`` where the port is not the default."""
    return urlsplit(url).netloc


def _scheme(text: str) -> tuple[str, str]:
    """(scheme, what follows ``//``)."""
    match = _SCHEME.match(text)
    scheme = match[1].lower() if match else ""
    if match is None or scheme not in DEFAULT_PORTS:
        raise UrlRefused("url-scheme", f"scheme {scheme[:40]!r}" if scheme else "no scheme")
    rest = text[match.end() :]
    if not rest.startswith("//"):
        raise UrlRefused("url-malformed", "no // after the scheme")
    return scheme, rest[2:]


def _authority(authority: str, scheme: str) -> str:
    if "@" in authority:
        raise UrlRefused("url-credentials", "credentials in the URL")
    host, port = authority, ""
    if authority.startswith("["):
        host, bracket, tail = authority.partition("]")
        host += bracket
        if tail and not tail.startswith(":"):
            raise UrlRefused("url-malformed", "text after the IPv6 address")
        port = tail[1:]
    elif ":" in authority:
        host, _, port = authority.partition(":")
    if not host:
        raise UrlRefused("url-no-host", "no host")
    return _host(host) + _port(port, scheme)


def _port(port: str, scheme: str) -> str:
    if not port:
        return ""
    if not (port.isascii() and port.isdigit() and len(port) <= 20 and 0 < int(port) <= 65535):
        raise UrlRefused("url-malformed", f"port {port[:20]!r}")
    return "" if int(port) == DEFAULT_PORTS[scheme] else f":{int(port)}"


def _host(host: str) -> str:
    if host.startswith("["):
        return _ipv6(host)
    if not host.isascii():
        try:
            host = idna.encode(host, uts46=True).decode("ascii")
        except UnicodeError:
            raise UrlRefused("url-malformed", f"host {host[:80]!r} is not allowed by UTS 46") from None
    host = host.lower().removesuffix(".")
    labels = host.split(".")
    if len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise UrlRefused("url-malformed" if host else "url-no-host", f"host {host[:80]!r}")
    if labels[-1].isdigit() or labels[-1].startswith("0x"):
        # inet_aton's old spellings (0x7f.1, 2130706433) name an address that nobody sees in them.
        try:
            return str(ipaddress.IPv4Address(host))
        except ValueError:
            raise UrlRefused("url-malformed", f"IPv4 address {host[:80]!r}") from None
    return host


def _ipv6(host: str) -> str:
    try:
        address = ipaddress.IPv6Address(host[1:-1] if host.endswith("]") else "")
    except ValueError:
        raise UrlRefused("url-malformed", f"IPv6 address {host[:80]!r}") from None
    if address.scope_id is not None:
        raise UrlRefused("url-malformed", "an IPv6 zone has no meaning elsewhere")
    return f"[{address.compressed}]"


def _path(path: str) -> str:
    """RFC 3986 5.2.4, after percent-encodings: ``%2e%2e`` is a dot segment too."""
    out: list[str] = []
    segments = _percent(path).split("/")[1:] or [""]
    for segment in segments:
        if segment == "..":
            del out[-1:]
        elif segment != ".":
            out.append(segment)
    if segments[-1] in (".", ".."):
        out.append("")
    return "/" + "/".join(out)


def _query(query: str) -> str:
    kept = [pair for pair in _percent(query).split("&") if pair and not is_tracking(pair.partition("=")[0])]
    return "?" + "&".join(kept) if kept else ""


def _percent(text: str) -> str:
    try:
        return _TO_ENCODE.sub(_encode, text)
    except UnicodeEncodeError:
        raise UrlRefused("url-malformed", "half of a surrogate pair in the URL") from None


def _encode(match: re.Match[str]) -> str:
    octet = match[1]
    if octet is not None:
        code = int(octet, 16)
        return chr(code) if code in _UNRESERVED else f"%{octet.upper()}"
    return "".join(f"%{byte:02X}" for byte in match[0].encode())
