"""Encoders and decoders of every topic, in one place to import from.

An encoder takes a model and gives an :class:`~shared.contracts.record.Outgoing`; a decoder takes a record and its
envelope and gives a model, or raises :class:`~shared.errors.Undecodable` and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from shared.contracts import topics
from shared.contracts.decode import (
    decode_article,
    decode_claim,
    decode_extraction,
    decode_fate,
    decode_heartbeat,
    decode_outcome,
    decode_url_submitted,
)
from shared.contracts.encode import (
    CAUSE_LEFT_ROUTE,
    articles,
    claims,
    encode,
    erased_claim,
    extractions,
    fates,
    heartbeat,
    outcomes,
    pages,
    urls,
    value_of,
)
from shared.contracts.envelope import Envelope
from shared.contracts.page import decode_page
from shared.contracts.record import Record

DECODERS: Final[dict[str, Callable[[Record, Envelope], Any]]] = {
    topics.URLS: decode_url_submitted,
    topics.URLS_BULK: decode_url_submitted,
    topics.PAGES: decode_page,
    topics.ARTICLES: decode_article,
    topics.EXTRACTIONS: decode_extraction,
    topics.CLAIMS: decode_claim,
    topics.FATES: decode_fate,
    topics.OUTCOMES: decode_outcome,
    topics.HEARTBEAT: decode_heartbeat,
}


def decoder_of(topic: str) -> Callable[[Record, Envelope], Any]:
    """The decoder of a topic by its short name (a route's is that of `claims`). Raises KeyError."""
    return DECODERS[topics.CLAIMS if topic.startswith(topics.CLAIMS + ".") else topic]


__all__ = [
    "CAUSE_LEFT_ROUTE",
    "DECODERS",
    "articles",
    "claims",
    "decode_article",
    "decode_claim",
    "decode_extraction",
    "decode_fate",
    "decode_heartbeat",
    "decode_outcome",
    "decode_page",
    "decode_url_submitted",
    "decoder_of",
    "encode",
    "erased_claim",
    "extractions",
    "fates",
    "heartbeat",
    "outcomes",
    "pages",
    "urls",
    "value_of",
]
