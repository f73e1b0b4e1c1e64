"""The store's own metrics, beside those that every stage has. What they say is in ``shared/metrics/metrics.toml``."""

from __future__ import annotations

from shared.metrics import counter, gauge, histogram

claims = counter("claimstream_store_claims")
database_bytes = gauge("claimstream_store_database_bytes")
database_disk_free = gauge("claimstream_store_database_disk_free_bytes")
database_disk = gauge("claimstream_store_database_disk_bytes")
api_requests = counter("claimstream_api_requests")
api_seconds = histogram("claimstream_api_seconds")
api_streams = gauge("claimstream_api_streams")
api_stream_events = counter("claimstream_api_stream_events")
