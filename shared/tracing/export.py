"""Spans to a collector: OpenTelemetry's SDK and its OTLP/HTTP exporter. The only module that imports them."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from shared.errors import SettingsInvalid
from shared.tracing.traceparent import SpanId

try:
    from opentelemetry.context import Context
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import SERVICE_NAME, Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor
    from opentelemetry.sdk.trace.id_generator import IdGenerator
    from opentelemetry.sdk.trace.sampling import ALWAYS_ON
    from opentelemetry.trace import (
        NonRecordingSpan,
        SpanContext,
        SpanKind,
        Status,
        StatusCode,
        TraceFlags,
        Tracer,
        set_span_in_context,
    )
except ImportError as error:
    raise SettingsInvalid(
        f"CLAIMSTREAM_TRACE_ENDPOINT is set and {error.name} is not installed",
        hint="Install claimstream with its extra `tracing`, or unset CLAIMSTREAM_TRACE_ENDPOINT.",
    ) from error

SEND_EVERY_MS = 1_000
# At the end of a process a collector that is away is not waited for longer.
SEND_TIMEOUT_SECONDS = 5.0


@dataclass
class _Ids(IdGenerator):
    """Random ids, but for a span whose ids were given out before it is recorded."""

    given: SpanId | None = field(default=None)

    def generate_span_id(self) -> int:
        return int(self.given.span_id, 16) if self.given else secrets.randbits(64) or 1

    def generate_trace_id(self) -> int:
        return int(self.given.trace_id, 16) if self.given else secrets.randbits(128) or 1


class OtlpRecorder:
    """Implements :class:`shared.tracing.Recorder`: a resource for each service, one queue and one connection for all.

    Used by one event loop; what is queued is sent by a thread, and dropped when the queue is full.
    """

    def __init__(self, endpoint: str, ratio: float = 0.0) -> None:
        self.ratio = ratio
        self._ids = _Ids()
        exporter = OTLPSpanExporter(endpoint=endpoint, timeout=SEND_TIMEOUT_SECONDS)
        self._processor = BatchSpanProcessor(exporter, schedule_delay_millis=SEND_EVERY_MS)
        self._tracers: dict[str, Tracer] = {}

    def record(
        self,
        name: str,
        parent: SpanId | None,
        began: int,
        attributes: dict[str, str | int],
        *,
        itself: SpanId | None = None,
        failed: bool = False,
    ) -> None:
        context = Context()
        if parent is not None:
            above = SpanContext(
                int(parent.trace_id, 16), int(parent.span_id, 16), True, TraceFlags(TraceFlags.SAMPLED)
            )
            context = set_span_in_context(NonRecordingSpan(above), context)
        self._ids.given = itself
        kind = SpanKind.CONSUMER if parent is not None else SpanKind.INTERNAL
        span = self._tracer(name.partition(".")[0]).start_span(
            name, context, kind, attributes, start_time=began
        )
        self._ids.given = None
        if failed:
            span.set_status(Status(StatusCode.ERROR))
        span.end()

    def close(self) -> None:
        self._processor.shutdown()  # type: ignore[no-untyped-call]

    def _tracer(self, service: str) -> Tracer:
        if service not in self._tracers:
            provider = TracerProvider(
                sampler=ALWAYS_ON,
                resource=Resource({SERVICE_NAME: f"claimstream-{service}"}),
                id_generator=self._ids,
                shutdown_on_exit=False,
            )
            provider.add_span_processor(self._processor)
            self._tracers[service] = provider.get_tracer("claimstream")
        return self._tracers[service]
