"""A page, as the cleaner takes it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PageInput:
    """``body`` is decoded of transfer encodings (gzip and the like), but still bytes: its charset is a
    question of its own. ``url`` is the final one after redirects, ``observed_at`` when it was fetched (RFC 3339),
    ``published_at`` what the feed said, if one did."""

    body: bytes
    url: str
    content_type: str | None = None
    status: int = 200
    observed_at: str | None = None
    published_at: str | None = None
