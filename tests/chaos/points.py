"""Every fail point there is, by the service whose process it kills. A test holds the list against what is built."""

from __future__ import annotations

from shared.pipeline.fail_points import (
    AFTER_MARK,
    AFTER_PRODUCE,
    BEFORE_PRODUCE,
    SOURCE_MOMENTS,
    STAGE_MOMENTS,
)

MARKING = (BEFORE_PRODUCE, AFTER_PRODUCE, AFTER_MARK)
STAGES = {
    "fetcher": ("intake", "intake-bulk", "fates"),
    "cleaner": ("pages",),
    "extractor": ("articles",),
    "store": ("articles", "extractions"),
}
SOURCES = {
    "fetcher.crawl": MARKING,
    "fetcher.feeds": MARKING,
    "fetcher.outcomes": MARKING,
    "fetcher.canary": MARKING,
    "fetcher.heartbeat": (BEFORE_PRODUCE, AFTER_PRODUCE),  # it has no row to mark
    "fetcher.retention": (),  # it only deletes: nothing is produced or marked
    "store.relay": SOURCE_MOMENTS,  # the only one in transactions of the broker
}


def points_of(service: str) -> list[str]:
    """The points that a process of this service passes."""
    stages = [f"{service}.{stage}.{moment}" for stage in STAGES[service] for moment in STAGE_MOMENTS]
    own = [source for source in SOURCES if source.partition(".")[0] == service]
    return stages + [f"{source}.{moment}" for source in own for moment in SOURCES[source]]
