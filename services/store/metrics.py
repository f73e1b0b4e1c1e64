"""The store's own metrics, beside those that every stage has. What they say is in ``shared/metrics/metrics.toml``."""

from __future__ import annotations

from shared.metrics import counter, gauge

claims = counter("claimstream_store_claims")
database_bytes = gauge("claimstream_store_database_bytes")
