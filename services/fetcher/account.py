"""The account: a stage on `fates`, and the source of `outcomes`."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.fetcher.canary.report import report
from services.fetcher.canary.runs import Returned, close_runs
from services.fetcher.frontier.fates import apply_fates
from services.fetcher.frontier.frontier import SERVICE
from services.fetcher.frontier.now import Now, database_now
from services.fetcher.frontier.outcomes import mark_outcomes_sent, oldest_unsent_seconds, unsent_outcomes
from services.fetcher.outcome_counts import count_outcomes
from shared.clock import Clock, SystemClock
from shared.contracts import codec, topics
from shared.contracts.canary import is_canary_article
from shared.contracts.envelope import Envelope
from shared.contracts.events import VisitFate
from shared.contracts.record import Outgoing, Record
from shared.contracts.refusal import HINTS as UNREADABLE
from shared.database import Sole, read, transact
from shared.metrics import outbox_oldest
from shared.pipeline import fail_points
from shared.pipeline.fates import fates_of
from shared.pipeline.results import Dead, Emit, Reject
from shared.pipeline.source import Sender
from shared.pipeline.stage import Batch, Stage
from shared.telemetry import logger

log = logger("fetcher.account")
FATES_AT_ONCE = 200
OUTCOMES_AT_ONCE = 200
OUTCOMES_IDLE_SECONDS = 0.5
# How often a process that does not hold the relay looks whether it should.
STANDBY_SECONDS = 5.0

UNKNOWN_HINT = (
    "No visit of this account has this id: the fate is of another installation, or the fetcher's database was "
    "restored from a backup. Raise CLAIMSTREAM_FETCHER_EPOCH after a restore."
)


def fates_stage(
    engine: AsyncEngine, now: Now = database_now, clock: Clock | None = None, *, epoch: int = 1
) -> Stage[VisitFate]:
    """Each fate into its visit, with history and outcome, in one transaction a batch.

    What cannot be read as a fate ends the visit that its envelope names, as a dead letter does anywhere: until it
    is redriven. What can be read and fails is not answered by another fate, which would fail again, without end.
    From the second ``epoch`` on, the fate of a visit that nobody knows is passed by: the visit was opened after the
    backup that the database was restored from, and its URL has another in this epoch.
    """
    tell = fates_of(SERVICE, clock or SystemClock())

    def fate(record: Record, envelope: Envelope, verdict: Reject | Dead) -> Sequence[Outgoing]:
        return tell(record, envelope, verdict) if verdict.code in UNREADABLE else ()

    async def handle(batch: Batch[VisitFate]) -> None:
        if not (places := batch.unsettled()):
            return
        said = [batch.items[place].value for place in places]

        async def work(connection: AsyncConnection) -> tuple[list[bool], list[Returned]]:
            at = int(await connection.scalar(select(now())) or 0)
            known = await apply_fates(connection, at, said)
            strangers = [one for one, is_known in zip(said, known, strict=True) if not is_known]
            if not strangers:
                return known, []
            runs, returned = await close_runs(connection, at, strangers)
            return [
                is_known or one.visit_id in runs or is_canary_article(one.article_id or "")
                for one, is_known in zip(said, known, strict=True)
            ], returned

        known, returned = await transact(engine, work)
        for canary in returned:
            report(canary)
        for place, is_known in zip(places, known, strict=True):
            visit = batch.items[place].value.visit_id
            if is_known or epoch > 1:
                batch.settle(place, Emit())
            else:
                batch.settle(place, Dead("visit-unknown", UNKNOWN_HINT, f"visit {visit[:80]}"))
            if not is_known and epoch > 1:
                log.info("fate of an earlier epoch", visit_id=visit[:80], epoch=epoch)

    return Stage(SERVICE, "fates", topics.FATES, codec.decode_fate, handle, fate=fate, batch=FATES_AT_ONCE)


class Outcomes:
    """Sends the outbox on, one process at a time, so that a visit's revisions keep their order."""

    service = SERVICE
    name = "outcomes"

    def __init__(self, engine: AsyncEngine, now: Now = database_now) -> None:
        self._engine = engine
        self._now = now
        self._sole = Sole(engine, "fetcher.outcomes")

    async def step(self, sender: Sender) -> float:
        waiting = outbox_oldest.labels(f"{SERVICE}.{self.name}")
        if not await self._sole.held():
            waiting.set(0)  # another process sends: what was measured here says nothing any more
            return STANDBY_SECONDS
        async with read(self._engine) as connection:
            unsent = await unsent_outcomes(connection, OUTCOMES_AT_ONCE)
            waits = await oldest_unsent_seconds(connection, self._now) if unsent else 0.0
        waiting.set(waits)
        if not unsent:
            return OUTCOMES_IDLE_SECONDS
        fail_points.reach("fetcher.outcomes.before-produce")
        await sender.send([codec.outcomes(outcome) for outcome in unsent])
        fail_points.reach("fetcher.outcomes.after-produce")
        await transact(self._engine, lambda c: mark_outcomes_sent(c, self._now, unsent))
        fail_points.reach("fetcher.outcomes.after-mark")
        await count_outcomes(self._engine, unsent)
        return 0.0

    async def close(self) -> None:
        await self._sole.release()
