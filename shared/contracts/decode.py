"""Decoders: one for each kind of record. Total: whatever lies on a topic, they give the model or raise
:class:`~shared.errors.Undecodable` with one of these codes, and nothing else.

    null-value       no value where the topic knows no tombstone
    empty-value      a value of no bytes
    malformed-json   no JSON (also: no UTF-8, cut off, nested too deep, half a surrogate pair)
    wrong-shape      JSON, but not what the schema says
    wrong-type       the envelope names another type of event than the topic carries
    nul-character    a NUL in a string: PostgreSQL's text cannot hold it, and no text has one
    structured-mode  a CloudEvent in structured mode; ours are in binary mode
    no-url           on `urls`: neither JSON nor one URL as text

and those of ``shared.contracts.page`` for `pages`. Unknown fields are ignored, unknown enum values are ``other``.
"""

from __future__ import annotations

import re
from typing import Final, TypeVar

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
from shared.contracts.registry import Thing
from shared.errors import Undecodable

_M = TypeVar("_M", bound=Frozen)

_HINTS: Final = {
    "null-value": "Only `claims` topics know tombstones. Ask the producer why it wrote a null value.",
    "empty-value": "The producer wrote a record without data.",
    "malformed-json": "The value is not JSON in UTF-8. Look at it with `claimstream dead show`, mend the producer.",
    "wrong-shape": "The message names the field; the schema is in shared/contracts/schemas. Mend the producer.",
    "wrong-type": "The record belongs on another topic: see ce_type. Look at the producer's topic settings.",
    "nul-character": "A string holds U+0000, which no database of ours takes. Mend the producer.",
    "structured-mode": "Write attributes to ce_* headers and the data alone to the value (binary mode).",
    "no-url": 'Write {"url": "https://…"} or one URL as plain text.',
}
_LOOKS_LIKE_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[^\s]+")
_BOM = b"\xef\xbb\xbf"


def refuse(code: str, message: str) -> Undecodable:
    """The error for one of the codes above."""
    return Undecodable(message, code=code, hint=_HINTS[code])


def decode_url_submitted(record: Record, _envelope: Envelope) -> UrlSubmitted:
    """`urls`: JSON, or a bare URL as text. Any envelope, or none: upstreams write what they have."""
    value = _present(record).removeprefix(_BOM).strip()
    if value[:1] in (b"{", b"["):
        return _model(UrlSubmitted, value, _envelope)
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


def check_type(thing: Thing, envelope: Envelope) -> None:
    """A record without ``ce_type`` passes: what it holds decides. One that names another thing does not."""
    if envelope.type is not None and envelope.type != thing.type:
        raise refuse("wrong-type", f"ce_type {envelope.type[:80]!r} where {thing.type} belongs")


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
    # One scan of the bytes; only where it finds something the strings are looked at ("\\u0000" is no NUL).
    if b"\\u0000" in value and b"\0" in _strings(decoded):
        raise refuse("nul-character", "NUL in a string")
    return decoded


def _strings(decoded: Frozen) -> bytes:
    found: list[str] = []
    left: list[object] = [decoded.model_dump()]
    while left:
        node = left.pop()
        if isinstance(node, str):
            found.append(node)
        elif isinstance(node, dict):
            left += [*node.keys(), *node.values()]
        elif isinstance(node, list | tuple):
            left += node
    return "\n".join(found).encode()


def _undecodable(error: ValidationError, envelope: Envelope) -> Undecodable:
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    if first["type"] == "json_invalid":
        return refuse("malformed-json", first["msg"])
    if (envelope.datacontenttype or "").startswith("application/cloudevents"):
        return refuse("structured-mode", "a CloudEvent in structured mode")
    where = ".".join(str(step) for step in first["loc"]) or "the value"
    more = error.error_count() - 1
    return refuse("wrong-shape", f"{where}: {first['msg']}" + (f" (and {more} more)" if more else ""))
