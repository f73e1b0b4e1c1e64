"""Decoders: one for each kind of record. Total: whatever lies on a topic, they give the model or raise
:class:`~shared.errors.Undecodable` with a code of ``shared.contracts.refusal``, and nothing else.

Unknown fields are ignored, unknown enum values are ``other``. That of `pages` is in ``shared.contracts.page``.
"""

from __future__ import annotations

import re
from typing import TypeVar

from pydantic import ValidationError

from shared.contracts import registry
from shared.contracts.envelope import Envelope
from shared.contracts.events import (
    ArticleCleaned,
    ClaimChanged,
    ClaimsExtracted,
    Heartbeat,
    UrlOutcome,
    UrlSubmitted,
    VisitFate,
)
from shared.contracts.parts import Frozen
from shared.contracts.record import Record
from shared.contracts.refusal import check_type, has_nul, refuse
from shared.contracts.registry import Thing
from shared.errors import Undecodable

_M = TypeVar("_M", bound=Frozen)

_LOOKS_LIKE_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[^\s]+")
_BOM = b"\xef\xbb\xbf"


def decode_url_submitted(record: Record, envelope: Envelope) -> UrlSubmitted:
    """`urls`: JSON, or a bare URL as text. Any envelope, or none: upstreams write what they have."""
    value = _present(record).removeprefix(_BOM).strip()
    if value[:1] in (b"{", b"["):
        return _model(UrlSubmitted, value, envelope)
    try:
        text = value.decode()
    except UnicodeDecodeError:
        raise refuse("malformed-json", "the value is not UTF-8") from None
    if text[:1] == text[-1:] == '"':
        text = text[1:-1]
    if not _LOOKS_LIKE_URL.fullmatch(text):
        raise refuse("no-url", f"neither JSON nor one URL: {text[:60]!r}")
    if "\0" in text:
        raise refuse("nul-character", "NUL in the URL")
    return UrlSubmitted(url=text)


def decode_article(record: Record, envelope: Envelope) -> ArticleCleaned:
    return _decode(registry.ARTICLE, ArticleCleaned, record, envelope)


def decode_extraction(record: Record, envelope: Envelope) -> ClaimsExtracted:
    return _decode(registry.EXTRACTION, ClaimsExtracted, record, envelope)


def decode_claim(record: Record, envelope: Envelope) -> ClaimChanged | None:
    """`claims`, `claims.<route>`. None: a tombstone, the claim of the record's key is erased."""
    if record.value is None:
        if not record.key:
            raise refuse("null-value", "a tombstone without a key erases nothing")
        return None
    return _decode(registry.CLAIM, ClaimChanged, record, envelope)


def decode_fate(record: Record, envelope: Envelope) -> VisitFate:
    return _decode(registry.FATE, VisitFate, record, envelope)


def decode_outcome(record: Record, envelope: Envelope) -> UrlOutcome:
    return _decode(registry.OUTCOME, UrlOutcome, record, envelope)


def decode_heartbeat(record: Record, envelope: Envelope) -> Heartbeat:
    return _decode(registry.HEARTBEAT, Heartbeat, record, envelope)


def _decode(thing: Thing, model: type[_M], record: Record, envelope: Envelope) -> _M:
    check_type(thing, envelope)
    return _model(model, _present(record), envelope)


def _present(record: Record) -> bytes:
    if record.value is None:
        raise refuse("null-value", "a null value")
    if not record.value:
        raise refuse("empty-value", "an empty value")
    return record.value


def _model(model: type[_M], value: bytes, envelope: Envelope) -> _M:
    try:
        decoded = model.model_validate_json(value)
    except ValidationError as error:
        raise _undecodable(error, envelope) from None
    # One scan of the bytes, backwards: that way CPython needs 4 µs for 20 KB instead of 8. Only where it finds
    # something the strings are looked at ("\\u0000" is no NUL).
    if value.rfind(b"\\u0000") >= 0 and has_nul(decoded):
        raise refuse("nul-character", "NUL in a string")
    return decoded


def _undecodable(error: ValidationError, envelope: Envelope) -> Undecodable:
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    if first["type"] == "json_invalid":
        return refuse("malformed-json", first["msg"])
    if (envelope.datacontenttype or "").startswith("application/cloudevents"):
        return refuse("structured-mode", "a CloudEvent in structured mode")
    where = ".".join(str(step) for step in first["loc"]) or "the value"
    more = error.error_count() - 1
    return refuse("wrong-shape", f"{where}: {first['msg']}" + (f" (and {more} more)" if more else ""))
