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
# W3C Trace Context: 55 characters in its first version. It is copied to whatever a record causes, so one that is as
# large as its record would make that too large for its topic; beyond this it counts as broken.
MAX_TRACEPARENT = 256
# Header → field of Envelope; any other ``ce_*`` header is an extension.
_SLOTS = {
    "ce_id": "id",
    "ce_source": "source",
    "ce_type": "type",
    "ce_time": "time",
    "ce_subject": "subject",
    "ce_dataschema": "dataschema",
    "content-type": "datacontenttype",
    "traceparent": "traceparent",
}


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
    """Read an envelope from headers. Never raises; the first readable value of a repeated header counts."""
    slots: dict[str, str] = {}
    extensions: dict[str, str] = {}
    broken: list[str] = []
    for name, value in headers:
        try:
            text = value.decode()  # type: ignore[union-attr]
        except (AttributeError, UnicodeDecodeError):  # null, or not UTF-8: cheaper to catch than to ask each
            broken.append(name)
            continue
        if (slot := _SLOTS.get(name)) is not None:
            slots.setdefault(slot, text)
        elif name.startswith("ce_") and name != "ce_specversion":
            extensions.setdefault(name[3:], text)
    if len(slots.get("traceparent", "")) > MAX_TRACEPARENT:
        del slots["traceparent"]
        broken.append("traceparent")
    slot_of = slots.get
    return Envelope(
        slot_of("id"),
        slot_of("source"),
        slot_of("type"),
        slot_of("time"),
        slot_of("subject"),
        slot_of("dataschema"),
        slot_of("datacontenttype"),
        slot_of("traceparent"),
        extensions,
        tuple(broken),
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
