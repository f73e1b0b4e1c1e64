"""The cleaner's own metrics, beside those that every stage has. What they say is in ``shared/metrics/metrics.toml``."""

from __future__ import annotations

from shared.metrics import counter, histogram

memory_pages = counter("claimstream_cleaner_memory_pages")
memory_sites = counter("claimstream_cleaner_memory_sites")
memory_removed = counter("claimstream_cleaner_memory_removed")
memory_seconds = histogram("claimstream_cleaner_memory_seconds")
