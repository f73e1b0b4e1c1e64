"""Answers with an ETag: a reader that has them already gets 304 and nothing else (RFC 9110, 13.1.2)."""

from __future__ import annotations

import hashlib
import re

from starlette.requests import Request
from starlette.responses import Response

JSON = "application/json"
# What is the same for as long as its address is: a revision of a schema, a version of a text.
FOR_EVER = "private, max-age=31536000, immutable"
ASK_AGAIN = "private, no-cache"  # keep it, and ask whether it still holds

_TAG = re.compile(r'(?:W/)?("[^"]*")')


def answer(request: Request, body: bytes, *, media_type: str = JSON, cache: str = ASK_AGAIN) -> Response:
    """``body``, or 304 where the request names its ETag."""
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": cache, "Vary": "Authorization"}
    if has(request.headers.get("if-none-match"), tag):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type=media_type)


def has(if_none_match: str | None, tag: str) -> bool:
    """Whether ``If-None-Match`` names the tag, by the weak comparison that it asks for."""
    if if_none_match is None:
        return False
    return if_none_match.strip() == "*" or tag in _TAG.findall(if_none_match)
