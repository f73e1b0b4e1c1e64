"""CloudEvents 1.0 in Kafka's binary mode: attributes in ``ce_*`` headers, the data alone in the value.

Reading is total: no header, however broken, makes it raise. A value that is null or not UTF-8 counts as absent
and its name goes to ``broken``. Extension attributes of ours:

    ce_attempt   1 at first, one more with each redrive; every stage copies it
    ce_to        the one service that a redriven record is for; the others pass it by
    ce_visitid   the visit that the record belongs to
    ce_origin    ``topic:partition:offset`` at which a redriven record stood first; a submission's identity
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from shared.contracts.record import Headers

SPEC_VERSION = "1.0"
JSON = "application/json"
_CORE = {"id", "source", "type", "specversion", "time", "subject", "dataschema"}


@dataclass(frozen=True, slots=True)
class Envelope:
    """The attributes of one event. ``extensions`` holds every other ``ce_*`` header by its name without ``ce_``."""

    id: str | None = None
    source: str | None = None
    type: str | None = None
    time: str | None = None
    subject: str | None = None
    dataschema: str | None = None
    datacontenttype: str | None = JSON
    traceparent: str | None = None
    extensions: Mapping[str, str] = field(default_factory=dict)
    broken: tuple[str, ...] = ()

    @property
    def attempt(self) -> int:
        """How often this record was tried, from 1; nonsense counts as 1."""
        text = self.extensions.get("attempt", "1")
        return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 10 and int(text) > 0 else 1

    @property
    def to(self) -> str | None:
        return self.extensions.get("to")

    @property
    def visit_id(self) -> str | None:
        return self.extensions.get("visitid")

    @property
    def origin(self) -> str | None:
        return self.extensions.get("origin")


def parse(headers: Headers) -> Envelope:
    """Read an envelope from headers. Never raises; the first of a repeated header counts."""
    seen: dict[str, str] = {}
    broken: list[str] = []
    for name, value in headers:
        if name in seen:
            continue
        if value is None:
            broken.append(name)
            continue
        try:
            seen[name] = value.decode("utf-8")
        except UnicodeDecodeError:
            broken.append(name)
    attributes = {name[3:]: value for name, value in seen.items() if name.startswith("ce_")}
    return Envelope(
        id=attributes.get("id"),
        source=attributes.get("source"),
        type=attributes.get("type"),
        time=attributes.get("time"),
        subject=attributes.get("subject"),
        dataschema=attributes.get("dataschema"),
        datacontenttype=seen.get("content-type"),
        traceparent=seen.get("traceparent"),
        extensions={name: value for name, value in attributes.items() if name not in _CORE},
        broken=tuple(broken),
    )


def headers_of(envelope: Envelope) -> list[tuple[str, bytes]]:
    """The Kafka headers of an envelope, required attributes first, extensions by name."""
    if not (envelope.id and envelope.source and envelope.type):
        raise ValueError("a CloudEvent needs id, source and type")
    pairs: list[tuple[str, str | None]] = [
        ("ce_specversion", SPEC_VERSION),
        ("ce_id", envelope.id),
        ("ce_source", envelope.source),
        ("ce_type", envelope.type),
        ("ce_time", envelope.time),
        ("ce_subject", envelope.subject),
        ("ce_dataschema", envelope.dataschema),
        ("content-type", envelope.datacontenttype),
        ("traceparent", envelope.traceparent),
    ]
    pairs += [(f"ce_{name}", value) for name, value in sorted(envelope.extensions.items())]
    return [(name, value.encode()) for name, value in pairs if value is not None]
