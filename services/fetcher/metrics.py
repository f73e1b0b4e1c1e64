"""The fetcher's own metrics, beside those that every stage has. What they say is in ``shared/metrics/metrics.toml``."""

from __future__ import annotations

from shared.metrics import counter, gauge, histogram

turns = counter("claimstream_fetcher_turns")
turn_seconds = histogram("claimstream_fetcher_turn_seconds")
leases_lost = counter("claimstream_fetcher_leases_lost")
in_flight = gauge("claimstream_fetcher_hosts_in_flight")
submissions = counter("claimstream_fetcher_submissions")
refused = counter("claimstream_fetcher_refused_urls")
polls = counter("claimstream_fetcher_polls")
feeds = gauge("claimstream_fetcher_feeds")
fates = counter("claimstream_fetcher_fates")
visit_seconds = histogram("claimstream_fetcher_visit_seconds")
article_claims = histogram("claimstream_fetcher_article_claims")
open_visits = gauge("claimstream_fetcher_open_visits")
oldest_open_visit = gauge("claimstream_fetcher_oldest_open_visit_seconds")
unexplained = gauge("claimstream_fetcher_unexplained_visits")
heartbeat_timestamp = gauge("claimstream_fetcher_heartbeat_timestamp_seconds")
canary_success = gauge("claimstream_fetcher_canary_last_success_timestamp_seconds")
canary_runs = counter("claimstream_fetcher_canary_runs")
canary_seconds = histogram("claimstream_fetcher_canary_seconds")

# Shown from 0 on: of a series that begins with its first count, that count is no increase.
for _result in ("ok", "failed", "lost"):
    canary_runs.labels(_result)
for _fate in ("stored", "unchanged", "duplicate", "rejected", "dead"):
    visit_seconds.labels(_fate)
