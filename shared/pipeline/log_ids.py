"""The ids that a log line of a record carries, by the same names everywhere: one search finds all of an article."""

from __future__ import annotations

from shared.contracts.envelope import Envelope
from shared.contracts.record import Record
from shared.contracts.topics import ARTICLES, EXTRACTIONS

_TRACE_ID = slice(3, 35)  # of a traceparent: version, trace id, parent id, flags


def ids_of(record: Record, envelope: Envelope) -> dict[str, str]:
    """``record`` (its coordinates) and, where they are known, ``visit_id``, ``article_id`` and ``trace_id``."""
    found = {"record": record.coordinates}
    if envelope.visit_id:
        found["visit_id"] = envelope.visit_id[:80]
    if record.topic in (ARTICLES, EXTRACTIONS) and record.key:
        found["article_id"] = record.key[:80].decode("utf-8", "replace")
    return found | trace_of(envelope.traceparent)


def trace_of(traceparent: str | None) -> dict[str, str]:
    """``trace_id``, where there is a trace."""
    return {"trace_id": traceparent[_TRACE_ID]} if traceparent else {}
