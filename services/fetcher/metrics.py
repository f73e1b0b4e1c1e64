"""The fetcher's own metrics, beside those that every stage has (``shared/metrics.py``)."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

from shared.metrics import REGISTRY

turns = Counter(
    "claimstream_fetcher_turns",
    "Requests for pages and what came of them, by the outcome's code.",
    ["code"],
    registry=REGISTRY,
)
turn_seconds = Histogram(
    "claimstream_fetcher_turn_seconds",
    "From a host's lease until it is given back.",
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60),
    registry=REGISTRY,
)
leases_lost = Counter(
    "claimstream_fetcher_leases_lost", "Turns whose lease ended before they did.", registry=REGISTRY
)
in_flight = Gauge(
    "claimstream_fetcher_hosts_in_flight", "Hosts leased by this process now.", registry=REGISTRY
)
submissions = Counter(
    "claimstream_fetcher_submissions", "Submissions read, by result.", ["result"], registry=REGISTRY
)
refused = Counter(
    "claimstream_fetcher_refused_urls",
    "Submissions that can be read and name no URL that is fetched, by code.",
    ["code"],
    registry=REGISTRY,
)
polls = Counter(
    "claimstream_fetcher_polls", "Polls of feeds, by the outcome's code.", ["code"], registry=REGISTRY
)
open_visits = Gauge(
    "claimstream_fetcher_open_visits", "Visits without a fate, counted from rows.", registry=REGISTRY
)
unexplained = Gauge(
    "claimstream_fetcher_unexplained_visits",
    "Visits sent on long ago without a fate; -1 while it cannot be known.",
    registry=REGISTRY,
)
