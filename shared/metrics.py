"""Every metric of the pipeline, declared once: name, what it counts, its unit and its labels.

``stage`` is ``<service>.<name>`` everywhere. What to do when one moves is in the README's operating chapter.
"""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

REGISTRY = CollectorRegistry()

_SECONDS = (0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 60)
_AGE = (0.1, 0.5, 1, 5, 15, 60, 300, 900, 3600, 21600, 86400)
_COUNT = (1, 2, 5, 10, 20, 50, 100, 200, 500)

records_in = Counter("claimstream_records_in", "Records consumed.", ["stage"], registry=REGISTRY)
records_out = Counter(
    "claimstream_records_out",
    "Records settled, by result and code.",
    ["stage", "result", "code"],
    registry=REGISTRY,
)
produced = Counter("claimstream_produced", "Records produced and acknowledged.", ["topic"], registry=REGISTRY)
batch_size = Histogram(
    "claimstream_batch_records", "Records in a batch.", ["stage"], buckets=_COUNT, registry=REGISTRY
)
batch_age = Histogram(
    "claimstream_batch_seconds",
    "From a batch's arrival to its commit.",
    ["stage"],
    buckets=_SECONDS,
    registry=REGISTRY,
)
handler_seconds = Histogram(
    "claimstream_handler_seconds", "Handler time of a batch.", ["stage"], buckets=_SECONDS, registry=REGISTRY
)
event_age = Histogram(
    "claimstream_event_age_seconds",
    "Age of a batch's oldest record when it arrived.",
    ["stage"],
    buckets=_AGE,
    registry=REGISTRY,
)
lag = Gauge(
    "claimstream_lag_records",
    "Records behind the end of a partition.",
    ["stage", "partition"],
    registry=REGISTRY,
)
in_flight = Gauge("claimstream_in_flight_records", "Records being handled now.", ["stage"], registry=REGISTRY)
commits = Counter(
    "claimstream_commits", "Offset commits, by outcome.", ["stage", "outcome"], registry=REGISTRY
)
rebalances = Counter("claimstream_rebalances", "Assignments received.", ["stage"], registry=REGISTRY)
dead_letters = Counter(
    "claimstream_dead_letters", "Records given up, by code.", ["stage", "code"], registry=REGISTRY
)
odd_headers = Counter(
    "claimstream_odd_header_records",
    "Records with a header key that is not UTF-8.",
    ["stage"],
    registry=REGISTRY,
)
expired = Counter(
    "claimstream_expired_records",
    "Records that retention deleted before they were read.",
    ["stage"],
    registry=REGISTRY,
)
pauses = Counter(
    "claimstream_pauses", "Pauses because a dependency was away.", ["stage", "code"], registry=REGISTRY
)
paused = Gauge(
    "claimstream_paused", "1 while the stage waits for a dependency.", ["stage"], registry=REGISTRY
)
source_rows = Counter(
    "claimstream_source_records", "Records that a source produced.", ["stage"], registry=REGISTRY
)
ready = Gauge("claimstream_ready", "1 while the service is ready.", ["service"], registry=REGISTRY)
