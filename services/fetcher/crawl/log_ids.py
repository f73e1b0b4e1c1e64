"""The ids that a log line of a visit carries."""

from __future__ import annotations

from services.fetcher.frontier.visits import Visit
from shared.pipeline.log_ids import trace_of


def ids_of_visit(visit: Visit) -> dict[str, str]:
    """``visit_id`` and, where there is a trace, ``trace_id``."""
    return {"visit_id": visit.visit_id} | trace_of(visit.traceparent)
