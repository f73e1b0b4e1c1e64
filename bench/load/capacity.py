"""From measured figures to what a deployment needs. Pure; :mod:`bench.capacity` writes it down.

All formulas stand here, one a function, and in docs/capacity.md in words.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from bench.load.figures import Figures
from shared.topics_file import TopicSpec

DAY = 86_400
PEAK = 4.0  # the busiest minutes of a day beside its mean: feeds come in bursts at the full hour
USED = 0.6  # of a core at the peak: what is left is for rebalances, restarts, compaction and vacuum
SPARE_MEMORY = 1.25  # of the most that was measured: other pages, other allocators
BROKER_MEMORY_MIB = 1_024.0  # heap; its page cache comes on top
DATABASE_MEMORY_MIB = 1_024.0  # shared buffers, connections, vacuum
CACHED_SECONDS = (
    600.0  # of the peak's writes that the broker serves from memory: readers that were away for minutes
)
LEAST_PARTITIONS = 32  # deploy/topics.toml's: adding some to keyed topics is what one wants to avoid
MONTH = 30
# Their rows come and go, are one for each host, or are bounded for each site (the last 2,000 articles, 30 days): they
# have a size, and do not grow with the pages.
TRANSIENT = {"store_outbox", "fetcher_hosts", "fetcher_robots", "cleaner_sites", "cleaner_articles"}
SERVICES = ("fetcher", "cleaner", "extractor", "store")
PARTS = (*SERVICES, "broker", "database")


@dataclass(frozen=True, slots=True)
class Need:
    """For ``articles`` a day. ``cores`` and ``memory_mib`` by part, ``replicas`` by service; disks in bytes: the
    broker's for one copy of each record, the databases' after a month."""

    articles: int
    peak_rate: float
    cores: Mapping[str, float]
    replicas: Mapping[str, int]
    memory_mib: Mapping[str, float]
    partitions: int
    broker_bytes: float
    database_month_bytes: float


def need(figures: Figures, topics: Mapping[str, TopicSpec], articles: int) -> Need:
    rate = peak_rate(articles)
    cost = page_cpu_ms(figures)
    cores = {part: rate * cost[part] / 1e3 / USED for part in PARTS}
    replicas = {service: max(1, math.ceil(cores[service])) for service in SERVICES}
    kept = broker_bytes(figures, topics, articles)
    cache = rate * sum(page_topic_bytes(figures).values()) * CACHED_SECONDS / 2**20
    memory = {s: replicas[s] * figures.memory_mib[s] * SPARE_MEMORY for s in SERVICES}
    memory |= {"broker": BROKER_MEMORY_MIB + cache, "database": DATABASE_MEMORY_MIB}
    return Need(
        articles,
        rate,
        cores,
        replicas,
        memory,
        partitions(replicas),
        kept,
        articles * MONTH * sum(page_table_bytes(figures).values()),
    )


def peak_rate(articles: int) -> float:
    """Pages a second in the busiest minutes."""
    return articles / DAY * PEAK


def partitions(replicas: Mapping[str, int]) -> int:
    """Twice as many as the largest group has members, as a power of two: then each has at least two, and one that is
    slow can be taken apart."""
    most = 2 * max(replicas.values())
    return max(LEAST_PARTITIONS, 1 << (most - 1).bit_length())


def broker_bytes(figures: Figures, topics: Mapping[str, TopicSpec], articles: int) -> float:
    """Every record until its topic's retention is over, once."""
    return sum(
        size * articles * retention_days(topics[name]) for name, size in page_topic_bytes(figures).items()
    )


def retention_days(topic: TopicSpec) -> float:
    """From ``retention.ms``. A compacted topic is counted as if nothing were compacted: most claims never change."""
    return int(topic.configs["retention.ms"]) / 1e3 / DAY


def page_cpu_ms(figures: Figures) -> dict[str, float]:
    """CPU of each part for a page of real size: cleaner and extractor by the ratio of what they take for both."""
    cost = dict(figures.cpu_ms)
    if figures.real is not None:
        cost["cleaner"] *= figures.real.clean_ms / figures.sample.clean_ms
        cost["extractor"] *= figures.real.extract_ms / figures.sample.extract_ms
    return cost


def page_topic_bytes(figures: Figures) -> dict[str, float]:
    """Bytes on each topic for a page of real size: of `pages` by its zstd frame, of `articles` by its text."""
    size = dict(figures.topic_bytes)
    if figures.real is not None:
        size["pages"] += figures.real.packed_bytes - figures.sample.packed_bytes
        size["articles"] *= figures.real.text_chars / figures.sample.text_chars
    return size


def page_table_bytes(figures: Figures) -> dict[str, float]:
    """Growth of each table that grows, for a page of real size: that of the texts by their length."""
    size = {name: grown for name, grown in figures.table_bytes.items() if name not in TRANSIENT}
    if figures.real is not None and "store_article_version" in size:
        size["store_article_version"] *= figures.real.text_chars / figures.sample.text_chars
    return size
