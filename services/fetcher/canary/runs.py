"""Runs of the canary in the fetcher's database: due, asked for, on their way, back, or lost.

A run is no visit: it is in no sum of the account, and a lost one leaves no visit unexplained.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.fetcher.frontier.hosts import insert as upsert
from services.fetcher.frontier.now import SECOND, Now, us
from services.fetcher.frontier.tables import canaries, outcomes
from services.fetcher.precedence import supersedes
from shared.contracts.canary import SLOTS, canary_url, canary_visit_id
from shared.contracts.codec import value_of
from shared.contracts.enums import Fate
from shared.contracts.events import SubmissionRef, UrlOutcome, VisitFate
from shared.contracts.ids import url_id
from shared.database import iso_us, read

# As long as `fates` keeps a record: what comes back that late still finds its run.
KEPT_SECONDS = 7 * 86_400
# Anybody who may write to `urls` may ask for a canary; so many wait at most, the others are told to come again.
MAX_WAITING = 20
SENT_AT_ONCE = 5
LOST, BUSY, WITHOUT_CLAIMS = "canary-lost", "canary-busy", "canary-without-claims"
HINTS = {
    LOST: "The canary did not come back: look which stage has lag or has stopped, and into its dead letters.",
    WITHOUT_CLAIMS: "The canary came back and its claims were not found: cleaner or extractor lost them.",
    BUSY: f"{MAX_WAITING} canaries that were asked for are on their way. Ask again when they are back.",
}

_c = canaries.c


@dataclass(frozen=True, slots=True)
class Run:
    """A run to be sent. ``at``: microseconds, when it was due; its page says so."""

    visit_id: str
    slot: int
    at: int
    traceparent: str | None


@dataclass(frozen=True, slots=True)
class Asked:
    """A submission that asks for a canary: its key, ref and URL as submitted."""

    key: str
    url: str
    ref: str | None
    traceparent: str | None = None


@dataclass(frozen=True, slots=True)
class Returned:
    """A run that has its end now. ``seconds`` from when it was due."""

    visit_id: str
    fate: Fate
    code: str | None
    claims: int | None
    seconds: float
    at: int
    hint: str | None = None

    @property
    def alive(self) -> bool:
        """Whether it came through every service, with claims."""
        return self.fate is Fate.STORED and bool(self.claims)


async def ask(connection: AsyncConnection, now: Now, asked: Sequence[Asked]) -> None:
    """Write down runs that somebody asked for; a repeat changes nothing. Too many are answered at once."""
    at = int(await connection.scalar(select(now())) or 0)
    waiting = await connection.scalar(
        select(func.count()).select_from(canaries).where(_c.fate.is_(None), _c.requested)
    )
    free = max(0, MAX_WAITING - int(waiting or 0))
    for number, one in enumerate(asked):
        visit = canary_visit_id(one.key)
        row = {
            "visit_id": visit,
            "slot": int(visit[:8], 16) % SLOTS,
            "at": at,
            "requested": True,
            "ref": one.ref,
            "asked": one.url,
            "traceparent": one.traceparent,
        }
        known = await connection.scalar(
            upsert(connection)(canaries).values(row).on_conflict_do_nothing().returning(_c.visit_id)
        )
        if known is not None and number >= free:
            said = VisitFate(
                visit_id=visit,
                fate=Fate.REJECTED,
                code=BUSY,
                hint=HINTS[BUSY],
                service="fetcher",
                at=iso_us(at),
            )
            await close_runs(connection, at, [said])


async def plan_run(connection: AsyncConnection, now: Now, every: float) -> float:
    """Write down the next run if it is due; the seconds until one is. The caller is the only one that plans."""
    at = int(await connection.scalar(select(now())) or 0)
    last = await connection.scalar(select(func.max(_c.at)).where(_c.requested.is_(False)))
    if last is not None and (left := int(last) + us(every) - at) > 0:
        return left / SECOND
    number = at // us(every)
    visit = canary_visit_id(str(at))
    await connection.execute(
        insert(canaries).values(visit_id=visit, slot=number % SLOTS, at=at, requested=False)
    )
    await connection.execute(delete(canaries).where(_c.at < at - us(KEPT_SECONDS)))
    return every


async def unsent_runs(engine: AsyncEngine) -> list[Run]:
    """The oldest runs that were not sent yet."""
    async with read(engine) as connection:
        rows = await connection.execute(
            select(_c.visit_id, _c.slot, _c.at, _c.traceparent)
            .where(_c.fate.is_(None), _c.sent_at.is_(None))
            .order_by(_c.at, _c.visit_id)
            .limit(SENT_AT_ONCE)
        )
        return [Run(row.visit_id, row.slot, row.at, row.traceparent) for row in rows]


async def mark_sent(connection: AsyncConnection, now: Now, runs: Iterable[Run]) -> None:
    """After the broker's acknowledgement."""
    ids = sorted(run.visit_id for run in runs)
    await connection.execute(update(canaries).where(_c.visit_id.in_(ids)).values(sent_at=now()))


async def lose_runs(connection: AsyncConnection, now: Now, after: float) -> list[Returned]:
    """Give up the runs that were due more than ``after`` seconds ago; one that comes back later still counts."""
    at = int(await connection.scalar(select(now())) or 0)
    rows = await connection.execute(
        select(_c.visit_id).where(_c.fate.is_(None), _c.at < at - us(after)).order_by(_c.visit_id)
    )
    said = [
        VisitFate(
            visit_id=row.visit_id,
            fate=Fate.DEAD,
            code=LOST,
            hint=HINTS[LOST],
            service="fetcher",
            at=iso_us(at),
        )
        for row in rows
    ]
    return (await close_runs(connection, at, said))[1] if said else []


async def close_runs(
    connection: AsyncConnection, at: int, said: Sequence[VisitFate]
) -> tuple[set[str], list[Returned]]:
    """What services said of runs: the ids of those that are runs at all, and those that have another end by it.

    Who asked for one gets its outcome, marked by its URL; it is in nobody's account.
    """
    rows = {
        row.visit_id: row
        for row in await connection.execute(
            select(canaries)
            .where(_c.visit_id.in_(sorted({one.visit_id for one in said})))
            .order_by(_c.visit_id)
            .with_for_update()
        )
    }
    stands: dict[str, tuple[Fate, int] | None] = {
        visit: None if row.fate is None else (Fate(row.fate), row.attempt) for visit, row in rows.items()
    }
    returned = []
    for one in said:
        if one.visit_id not in rows or not supersedes((one.fate, one.attempt), stands[one.visit_id]):
            continue
        row = rows[one.visit_id]
        again = stands[one.visit_id] is not None
        stands[one.visit_id] = (one.fate, one.attempt)
        await connection.execute(
            update(canaries)
            .where(_c.visit_id == one.visit_id)
            .values(
                fate=one.fate.value,
                code=one.code and one.code[:100],
                hint=one.hint and one.hint[:4000],
                attempt=one.attempt,
                claims=one.claims,
                closed_at=at,
            )
        )
        seconds = max(0, at - row.at) / SECOND
        returned.append(Returned(one.visit_id, one.fate, one.code, one.claims, seconds, at, one.hint))
        if row.requested and not again:
            await connection.execute(insert(outcomes).values(_answer(row, one, at)))
    return set(rows), returned


async def last_success(engine: AsyncEngine) -> tuple[int, float] | None:
    """When a canary last came through (microseconds), and the seconds that it took; None: never."""
    async with read(engine) as connection:
        row = (
            await connection.execute(
                select(_c.closed_at, _c.at)
                .where(_c.fate == Fate.STORED.value, _c.claims > 0)
                .order_by(_c.closed_at.desc())
                .limit(1)
            )
        ).one_or_none()
    return None if row is None else (row.closed_at, max(0, row.closed_at - row.at) / SECOND)


def _answer(row: Any, said: VisitFate, at: int) -> dict[str, Any]:
    url = canary_url(row.slot)
    outcome = UrlOutcome(
        url_id=url_id(url),
        visit_id=row.visit_id,
        revision=1,
        url=url,
        submissions=(SubmissionRef(ref=row.ref, url=row.asked),),
        fate=said.fate,
        code=said.code,
        hint=said.hint,
        attempt=said.attempt,
        article_id=said.article_id,
        version=said.version,
        claims=said.claims,
        observed_at=iso_us(row.at),
        decided_at=iso_us(at),
    )
    body = value_of(outcome).decode()
    return {"visit_id": row.visit_id, "revision": 1, "url_id": outcome.url_id, "body": body, "at": at}
