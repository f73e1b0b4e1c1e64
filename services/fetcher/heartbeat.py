"""The heartbeat: how far the account is complete, to everybody who reads, and the same as metrics."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable

from sqlalchemy.ext.asyncio import AsyncEngine

from services.fetcher import metrics
from services.fetcher.account_read import Probe, pulse, unexplained
from services.fetcher.canary.runs import last_success
from services.fetcher.frontier.frontier import SERVICE
from services.fetcher.frontier.now import Now, database_now
from shared.contracts import codec
from shared.contracts.events import CanaryPulse, FeedCounts, Heartbeat
from shared.database import Sole, iso_us
from shared.pipeline import fail_points
from shared.pipeline.source import Sender
from shared.telemetry import logger

log = logger("fetcher.heartbeat")
# How often a process that does not hold the heartbeat looks whether it should: four times until it counts as broken.
STANDBY_SECONDS = 5.0
NAMED = 20  # visits in a heartbeat; `claimstream status` lists them all


class HeartbeatSource:
    """Says every ``interval`` seconds how far the account is complete; one process at a time."""

    service = SERVICE
    name = "heartbeat"

    def __init__(
        self,
        engine: AsyncEngine,
        *,
        interval: float,
        unexplained_after: float,
        probe: Probe,
        feeds: Callable[[], Awaitable[FeedCounts]],
        now: Now = database_now,
    ) -> None:
        self._engine = engine
        self._interval = interval
        self._after = unexplained_after
        self._probe = probe
        self._feeds = feeds
        self._now = now
        self._sole = Sole(engine, "fetcher.heartbeat")

    async def step(self, sender: Sender) -> float:
        started = time.monotonic()
        if not await self._sole.held():
            return min(STANDBY_SECONDS, self._interval)
        beat = await self.beat()
        fail_points.reach("fetcher.heartbeat.before-produce")
        await sender.send([codec.heartbeat(beat)])
        fail_points.reach("fetcher.heartbeat.after-produce")
        metrics.heartbeat_timestamp.set_to_current_time()
        # What it took to find out belongs to the interval.
        return max(self._interval / 2, self._interval - (time.monotonic() - started))

    async def beat(self) -> Heartbeat:
        """What would be said now."""
        state = await pulse(self._engine, now=self._now)
        missing = await unexplained(self._engine, self._after, self._probe, now=self._now)
        feeds = await self._feeds()
        canary = await last_success(self._engine)
        metrics.open_visits.set(state.open)
        metrics.oldest_open_visit.set(state.oldest_open_seconds or 0.0)
        metrics.unexplained.set(-1 if missing is None else len(missing))
        for name, count in feeds:
            metrics.feeds.labels(name).set(count)
        if missing:
            log.error("unexplained visits", count=len(missing), visits=missing[:NAMED])
        return Heartbeat(
            at=iso_us(state.at),
            complete_through=iso_us(state.complete_through),
            open=state.open,
            oldest_open_seconds=state.oldest_open_seconds,
            unexplained=None if missing is None else tuple(missing[:NAMED]),
            feeds=feeds,
            canary=None if canary is None else CanaryPulse(last_success=iso_us(canary[0]), seconds=canary[1]),
        )

    async def close(self) -> None:
        """Let another process take over at once."""
        await self._sole.release()
