"""A link in a feed as the URL of a page, or nothing."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

MAX_LINK_CHARS = 2_048
_SPACE = re.compile(r"[\t\r\n]")


def page_url(link: object, base: str) -> str | None:
    """``link`` as an absolute http or https URL, resolved against ``base``; None if it is nothing of the kind."""
    if not isinstance(link, str):
        return None
    text = _SPACE.sub("", link.strip())
    if not text or len(text) > MAX_LINK_CHARS:
        return None
    try:
        absolute = urljoin(base, text)
        parts = urlsplit(absolute)
        host = parts.hostname
    except ValueError:
        return None
    return absolute if parts.scheme in ("http", "https") and host else None
