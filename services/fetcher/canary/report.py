"""What the operator sees of a canary that is back: metrics, and a line where it is not well."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncEngine

from services.fetcher import metrics
from services.fetcher.canary.runs import HINTS, LOST, WITHOUT_CLAIMS, Returned, last_success
from shared.telemetry import logger

log = logger("fetcher.canary")


def report(run: Returned) -> None:
    """Count a run that has its end, and say what was wrong with it."""
    if run.alive:
        metrics.canary_runs.labels("ok").inc()
        metrics.canary_seconds.observe(run.seconds)
        metrics.canary_success.set(run.at / 1e6)
        return
    code = run.code or WITHOUT_CLAIMS
    metrics.canary_runs.labels("lost" if code == LOST else "failed").inc()
    log.error(
        "the canary is lost" if code == LOST else "the canary came to a wrong end",
        visit_id=run.visit_id,
        fate=run.fate.value,
        code=code,
        seconds=round(run.seconds, 1),
        hint=HINTS.get(code, run.hint),
    )


async def report_last(engine: AsyncEngine) -> None:
    """After a start: when the last one came through, as the database remembers it."""
    if (last := await last_success(engine)) is not None:
        metrics.canary_success.set(last[0] / 1e6)
