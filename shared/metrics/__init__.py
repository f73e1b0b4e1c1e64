"""The metrics that every service has. What each counts, and what to do when it moves, is in ``metrics.toml``.

``stage`` is ``<service>.<name>`` everywhere. A service's own metrics are in its ``metrics.py``.
"""

from __future__ import annotations

from prometheus_client import ProcessCollector

from shared.metrics.declared import REGISTRY, counter, gauge, histogram

__all__ = ["REGISTRY", "counter", "gauge", "histogram"]

records_in = counter("claimstream_records_in")
records_out = counter("claimstream_records_out")
produced = counter("claimstream_produced")
batch_size = histogram("claimstream_batch_records")
batch_age = histogram("claimstream_batch_seconds")
handler_seconds = histogram("claimstream_handler_seconds")
event_age = histogram("claimstream_event_age_seconds")
lag = gauge("claimstream_lag_records")
in_flight = gauge("claimstream_in_flight_records")
commits = counter("claimstream_commits")
rebalances = counter("claimstream_rebalances")
dead_letters = counter("claimstream_dead_letters")
odd_headers = counter("claimstream_odd_header_records")
expired = counter("claimstream_expired_records")
pauses = counter("claimstream_pauses")
paused = gauge("claimstream_paused")
stage_stopped = gauge("claimstream_stage_stopped")
outbox_oldest = gauge("claimstream_outbox_oldest_seconds")
broker_disk_free = gauge("claimstream_broker_disk_free_bytes")
broker_disk = gauge("claimstream_broker_disk_bytes")
ready = gauge("claimstream_ready")

# Memory, CPU and start of the process; its names are declared, too.
process = ProcessCollector(namespace="claimstream", registry=REGISTRY)
