"""The stages on `urls` and `urls.bulk`: every submission is in the frontier before its offset is committed."""

from __future__ import annotations

from collections import Counter

from sqlalchemy.ext.asyncio import AsyncEngine

from services.fetcher import metrics
from services.fetcher.canary.runs import Asked, ask
from services.fetcher.frontier.frontier import SERVICE
from services.fetcher.frontier.now import Now, database_now
from services.fetcher.frontier.submissions import record_submissions
from services.fetcher.intake import Unreadable, asks_for_canary, decode, result_of, submission
from services.fetcher.opening import Submission
from shared.contracts import topics
from shared.contracts.events import UrlSubmitted
from shared.database import transact
from shared.pipeline.log_ids import trace_of
from shared.pipeline.results import Result
from shared.pipeline.stage import Batch, Stage
from shared.telemetry import logger

log = logger("fetcher.intake")
BATCH = 500  # one transaction; a submission is some hundred bytes


def intake_stages(
    engine: AsyncEngine, epoch: int, now: Now = database_now
) -> tuple[Stage[UrlSubmitted | Unreadable], ...]:
    """One stage a topic: a backfill's lag is no lag of `urls`. Anybody may write there: garbage stops neither."""

    async def handle(batch: Batch[UrlSubmitted | Unreadable]) -> None:
        read: list[Submission] = []
        results: dict[int, Result] = {}
        for place, item in batch:
            read.append(submission(item.record, item.envelope, item.value))
            results[place] = result_of(item.value)
        if not read:
            return
        if canaries := [one for one in read if asks_for_canary(one)]:
            read = [one for one in read if not asks_for_canary(one)]
            asked = [
                Asked(one.key, one.url, one.ref, one.opening.traceparent if one.opening else None)
                for one in canaries
            ]
            await transact(engine, lambda c: ask(c, now, asked))
        recorded = await record_submissions(engine, now, epoch, read)
        for result, count in Counter(recorded.values()).items():
            metrics.submissions.labels(result).inc(count)
        for one in read:
            if one.refused is not None:
                code, _ = one.refused
                metrics.refused.labels(code).inc()
                trace = trace_of(one.opening.traceparent if one.opening else None)
                log.info(
                    "rejected", record=one.coordinates, url=one.url[:200], ref=one.ref, code=code, **trace
                )
        for place, verdict in results.items():
            batch.settle(place, verdict)

    return tuple(
        Stage(SERVICE, name, topic, decode, handle, batch=BATCH, trusted=False)
        for name, topic in (("intake", topics.URLS), ("intake-bulk", topics.URLS_BULK))
    )
