"""The extractor's own metrics, beside those of every stage. What they say is in ``shared/metrics/metrics.toml``."""

from __future__ import annotations

from shared.metrics import counter, gauge, histogram

reader_questions = counter("claimstream_extractor_reader_questions")
reader_seconds = histogram("claimstream_extractor_reader_seconds")
reader_circuit_open = gauge("claimstream_extractor_reader_circuit_open")
