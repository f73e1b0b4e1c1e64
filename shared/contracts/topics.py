"""Topics by their short names. On a broker a name is ``<prefix>.<short>.v1``; dead letters lie at
``<prefix>.<short>.v1.<service>.dead``. How many partitions and how large: ``deploy/topics.toml``."""

from __future__ import annotations

URLS = "urls"
URLS_BULK = "urls.bulk"
PAGES = "pages"
ARTICLES = "articles"
EXTRACTIONS = "extractions"
CLAIMS = "claims"
FATES = "fates"
OUTCOMES = "outcomes"
HEARTBEAT = "heartbeat"

BASE = (URLS, URLS_BULK, PAGES, ARTICLES, EXTRACTIONS, CLAIMS, FATES, OUTCOMES, HEARTBEAT)
DEFAULT_PREFIX = "claimstream"


def dead(topic: str, service: str) -> str:
    """The short name of the dead-letter topic of the ``service`` that gave up on a record of ``topic``."""
    return f"{topic}!{service}"


def route(name: str) -> str:
    """The short name of a route's topic: ``claims.<name>``."""
    return f"{CLAIMS}.{name}"


def full_name(prefix: str, short: str) -> str:
    """The name on the broker of a short name (also of a dead-letter short name)."""
    topic, _, service = short.partition("!")
    name = f"{prefix}.{topic}.v1"
    return f"{name}.{service}.dead" if service else name


def short_name(prefix: str, full: str) -> str:
    """The inverse of :func:`full_name`; raises ValueError for a foreign name."""
    if not full.startswith(prefix + "."):
        raise ValueError(f"{full} does not start with {prefix}.")
    rest = full[len(prefix) + 1 :]
    if rest.endswith(".dead"):
        topic, mark, service = rest[: -len(".dead")].rpartition(".v1.")
        if mark:
            return dead(topic, service)
    if rest.endswith(".v1"):
        return rest[: -len(".v1")]
    raise ValueError(f"{full} is not the name of a topic of ours")


def group_name(prefix: str, service: str, name: str) -> str:
    """The consumer group of a stage: ``<prefix>.<service>.<name>``."""
    return f"{prefix}.{service}.{name}"
