"""Where a Location header leads, decided before anybody goes there."""

from __future__ import annotations

import re
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

MAX_TARGET_CHARS = (
    2_048  # what browsers and CDNs agree to carry; longer ones are session state, not addresses
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_KEPT = "/?#[]@!$&'()*+,;=%:~-._|"


class BadRedirect(Exception):
    """The Location header is missing or leads to nothing that may be fetched; the message says what it was."""


def redirect_target(url: str, location: bytes | None) -> str:
    """The absolute target of a redirect from ``url``, without its fragment.

    Raises BadRedirect for a missing header, another scheme, credentials (they would be sent to a host of
    somebody's choice), control characters (they would split our request), no host, or too long a target.
    """
    if not location:
        raise BadRedirect("a redirect without a Location header")
    if len(location) > MAX_TARGET_CHARS:
        raise BadRedirect(f"a Location header of {len(location)} bytes")
    text = _decoded(location)
    if _CONTROL.search(text):
        raise BadRedirect("a control character in the Location header")
    try:
        parts = urlsplit(urljoin(url, text))
        host, port = parts.hostname, parts.port
    except ValueError as failure:
        raise BadRedirect(f"{text[:200]!r}: {failure}") from failure
    if parts.scheme not in ("http", "https"):
        raise BadRedirect(f"the scheme {parts.scheme[:20]!r}")
    if not host or port == 0:
        raise BadRedirect(f"{text[:200]!r} has no host to go to")
    if parts.username is not None or parts.password is not None:
        raise BadRedirect("credentials in the target")
    escaped = (quote(part, safe=_KEPT) for part in (parts.path or "/", parts.query))
    target = urlunsplit((parts.scheme, parts.netloc, *escaped, ""))
    if len(target) > MAX_TARGET_CHARS:
        raise BadRedirect(f"a target of {len(target)} characters")
    return target


def _decoded(location: bytes) -> str:
    """Raw non-ASCII in Location is UTF-8 nearly always, although HTTP says Latin-1."""
    try:
        return location.strip().decode("utf-8")
    except UnicodeDecodeError:
        return location.strip().decode("latin-1")
