"""The source `canary`: a synthetic page a minute onto `pages`, one process at a time, without asking any host."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncEngine

from services.fetcher.canary.page import canary_page
from services.fetcher.canary.report import report, report_last
from services.fetcher.canary.runs import Run, lose_runs, mark_sent, plan_run, unsent_runs
from services.fetcher.frontier.frontier import SERVICE
from services.fetcher.frontier.now import Now, database_now
from shared.contracts import codec
from shared.contracts.record import Outgoing
from shared.database import Sole, iso_us, transact
from shared.pipeline import fail_points
from shared.pipeline.source import Sender

# Who asks for one waits for it at a terminal.
LOOK_SECONDS = 1.0
STANDBY_SECONDS = 5.0
IDLE_SECONDS = 60.0  # between two looks for lost ones where none is planned


class CanarySource:
    """``every``: seconds between two runs; 0: only those that somebody asks for. ``lost_after``: seconds after which
    one that is not back counts as lost."""

    service = SERVICE
    name = "canary"

    def __init__(
        self, engine: AsyncEngine, *, every: float, lost_after: float, now: Now = database_now
    ) -> None:
        self._engine = engine
        self._every = every
        self._lost_after = lost_after
        self._now = now
        self._sole = Sole(engine, "fetcher.canary")
        self._left = 0.0  # until the next run is due
        self._begun = False

    async def step(self, sender: Sender) -> float:
        if not await self._sole.held():
            self._left, self._begun = 0.0, False
            return STANDBY_SECONDS
        if not self._begun:
            await report_last(self._engine)
            self._begun = True
        if self._left <= 0:
            self._left = IDLE_SECONDS
            if self._every:
                self._left = await transact(self._engine, lambda c: plan_run(c, self._now, self._every))
            for lost in await transact(self._engine, lambda c: lose_runs(c, self._now, self._lost_after)):
                report(lost)
        runs = await unsent_runs(self._engine)
        if runs:
            fail_points.reach("fetcher.canary.before-produce")
            await sender.send([_record(run) for run in runs])
            fail_points.reach("fetcher.canary.after-produce")
            await transact(self._engine, lambda c: mark_sent(c, self._now, runs))
            fail_points.reach("fetcher.canary.after-mark")
        pause = min(LOOK_SECONDS, self._left)
        self._left -= pause
        return pause

    async def close(self) -> None:
        """Let another process take over at once."""
        await self._sole.release()


def _record(run: Run) -> Outgoing:
    """The same bytes for the same run, however often it is sent."""
    page, compressed = canary_page(run.visit_id, run.slot, iso_us(run.at))
    return codec.pages(page, compressed, traceparent=run.traceparent)
