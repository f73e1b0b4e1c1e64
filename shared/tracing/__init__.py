"""Traces of single articles through all services: on request (a sampled ``traceparent``) and by ratio.

Off, which is the default, costs one comparison a batch and imports nothing. On, a span is recorded for each stage
that a sampled record passes; for the others nothing is done. What a span takes is noted when it is over.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from typing import Protocol

from shared.contracts.record import Headers, Outgoing, Record
from shared.tracing.traceparent import ODD, SpanId, asked, of_visit

Attributes = dict[str, str | int]


class Recorder(Protocol):
    """Where spans go. Never raises, never waits."""

    ratio: float

    def record(
        self,
        name: str,
        parent: SpanId | None,
        began: int,
        attributes: Attributes,
        *,
        itself: SpanId | None = None,
        failed: bool = False,
    ) -> None:
        """A span from ``began`` (nanoseconds since 1970) until now, of the service before the dot of ``name``.
        ``itself``: its own ids, where others were given them already."""

    def close(self) -> None:
        """Send what is left, for a few seconds at most."""


class Decided(Protocol):
    """What became of a record (``shared.pipeline.judge.Decision``)."""

    @property
    def result(self) -> str: ...
    @property
    def code(self) -> str: ...


# None: nothing is traced.
recorder: Recorder | None = None


def configure(endpoint: str, ratio: float = 0.0) -> None:
    """Send spans to an OTLP/HTTP ``endpoint`` (…/v1/traces); empty: trace nothing.

    Raises :class:`~shared.errors.SettingsInvalid` where the packages for it are not installed.
    """
    global recorder
    close()
    if endpoint:
        from shared.tracing.export import OtlpRecorder

        recorder = OtlpRecorder(endpoint, ratio)


def close() -> None:
    """Send what is left and trace nothing from here on."""
    global recorder
    if recorder is not None:
        recorder.close()
        recorder = None


def began() -> int:
    """The time at which a span begins that may be recorded later; 0: nothing is traced."""
    return 0 if recorder is None else time.time_ns()


def stage_spans(
    label: str, start: int, records: Sequence[Record], decisions: Sequence[Decided | None]
) -> None:
    """A span for each sampled record that a stage has decided on."""
    for record, decision in zip(records, decisions, strict=True):
        parent = _parent(record.headers)
        if parent is None or recorder is None or decision is None:
            continue
        attributes: Attributes = {
            "messaging.system": "kafka",
            "messaging.destination.name": record.topic,
            "messaging.destination.partition.id": str(record.partition),
            "messaging.kafka.offset": record.offset,
            "claimstream.result": decision.result,
        }
        if decision.code:
            attributes["claimstream.code"] = decision.code
        if visit := record.header("ce_visitid"):
            attributes["claimstream.visit_id"] = visit.decode("utf-8", "replace")
        recorder.record(label, parent, start, attributes, failed=decision.result == "dead")


def sent_spans(label: str, start: int, records: Iterable[Outgoing]) -> None:
    """A span for each trace of which a source has sent records."""
    topics: dict[SpanId, list[str]] = {}
    for record in records:
        if (parent := _parent(record.headers)) is not None:
            topics.setdefault(parent, []).append(record.topic)
    for parent, names in topics.items():
        if recorder is not None:
            attributes: Attributes = {
                "messaging.system": "kafka",
                "messaging.destination.name": ",".join(sorted(set(names))),
                "messaging.batch.message_count": len(names),
            }
            recorder.record(label, parent, start, attributes)


def page_traceparent(visit_id: str, traceparent: str | None) -> str | None:
    """The ``traceparent`` of a visit's page: as submitted, or below the turn that fetched it."""
    span = None if recorder is None else of_visit(visit_id, traceparent, recorder.ratio)
    return traceparent if span is None else span.traceparent


def turn_span(
    label: str, start: int, visit_id: str, traceparent: str | None, url: str, code: str, *, sent: bool
) -> None:
    """The span of one turn of a visit. The one that ``sent`` the page is the parent of all that follows."""
    if recorder is None or (span := of_visit(visit_id, traceparent, recorder.ratio)) is None:
        return
    attributes: Attributes = {"claimstream.visit_id": visit_id, "url.full": url, "claimstream.code": code}
    above = asked(traceparent)
    if sent:
        recorder.record(label, above, start, attributes, itself=span)
    elif above is not None:
        recorder.record(label, above, start, attributes)


def _parent(headers: Headers) -> SpanId | None:
    for name, value in headers:
        if name == "traceparent":
            return asked(value.decode("ascii", "replace")) if value and value[-1] in ODD else None
    return None
