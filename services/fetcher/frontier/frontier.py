"""The frontier: which visit is whose turn, and what became of it. Every method is one transaction.

Whoever ends a turn shows its lease: when that was lost meanwhile, :class:`LeaseLost` is raised, nothing is written,
and the visit stays queued for whoever has it now.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import case, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.fetcher.frontier.fates import apply_fates
from services.fetcher.frontier.hosts import (
    Due,
    HostLease,
    LeaseLost,
    due,
    lease_host,
    lease_hosts,
    next_turn,
    release_host,
    renew_host,
)
from services.fetcher.frontier.now import Now, database_now, us
from services.fetcher.frontier.revisits import next_revisit, open_due_revisits
from services.fetcher.frontier.robots_cache import KeptRobots, keep_robots, kept_robots
from services.fetcher.frontier.tables import urls, visits
from services.fetcher.frontier.turn import Answer, Known, Observation, Turn, Verdict
from services.fetcher.frontier.visits import QUEUED, SENT, Visit, next_visits, observe, put_back
from shared.contracts.enums import Fate
from shared.contracts.events import VisitFate
from shared.database import iso_us, read, transact

SERVICE = "fetcher"
# Visits of one dead host that are given up in one transaction; the rest follow with its next turns.
GIVEN_UP_AT_ONCE = 500


class Frontier:
    """``lease_seconds`` must be above everything that is done under one lease; ``ages``: when pages are read again,
    in seconds since they were first observed."""

    def __init__(
        self,
        engine: AsyncEngine,
        *,
        epoch: int = 1,
        lease_seconds: float = 90.0,
        ages: Sequence[float] = (),
        now: Now = database_now,
    ) -> None:
        self.engine = engine
        self.epoch = epoch
        self.lease_seconds = lease_seconds
        self.now = now
        self._ages = tuple(ages)

    async def turns(self, limit: int, *, bulk: bool) -> list[Turn]:
        """Lease up to ``limit`` hosts and take the visit of each whose turn it is."""

        until = self._until()

        async def work(connection: AsyncConnection) -> list[Turn]:
            leases = await lease_hosts(
                connection, self.now, bulk=bulk, limit=limit, seconds=self.lease_seconds
            )
            if not leases:
                return []
            found = await next_visits(connection, self.now, [lease.host for lease in leases], bulk=bulk)
            of_host = {visit.host: visit for visit in found}
            for lease in sorted(leases, key=lambda lease: lease.host):
                if lease.host not in of_host:  # its visits were closed meanwhile
                    await release_host(connection, self.now, lease, wait=0, failures=None)
            return [Turn(lease, of_host[lease.host]) for lease in leases if lease.host in of_host]

        turns = await transact(self.engine, work)
        for turn in turns:
            turn.lease.until = until
        return turns

    async def lease(self, host: str) -> HostLease | None:
        """This one host's lease, for a feed or a redirect of its robots.txt; None while it is not free."""
        until = self._until()
        lease = await transact(
            self.engine, lambda c: lease_host(c, self.now, host, seconds=self.lease_seconds)
        )
        if lease is not None:
            lease.until = until
        return lease

    async def renew(self, lease: HostLease) -> None:
        until = self._until()
        await transact(self.engine, lambda c: renew_host(c, self.now, lease, seconds=self.lease_seconds))
        lease.until = until

    def holding(self, lease: HostLease, seconds: float) -> Callable[[], None]:
        """What to call in the moment before a request that takes up to ``seconds``: raises LeaseLost if the lease
        may end before it does. A process that was stopped for a while wakes up between any two lines of code, and
        by then the host may be somebody else's."""

        def check() -> None:
            if time.monotonic() + seconds > lease.until:
                raise LeaseLost(lease.host)

        return check

    def _until(self) -> float:
        """The end of a lease that is taken or renewed from now on; asked before the statement, so never too late."""
        return time.monotonic() + self.lease_seconds

    async def release(self, lease: HostLease, *, wait: float, failures: int | None = None) -> None:
        """Give a host back without a word on any visit: its next request may begin in ``wait`` seconds."""
        await transact(self.engine, lambda c: release_host(c, self.now, lease, wait=wait, failures=failures))

    async def due(self) -> Due:
        """Whether each class has work due."""
        async with read(self.engine) as connection:
            return await due(connection, self.now)

    async def seconds_to_next_turn(self) -> float | None:
        """Until a host comes up; None when nothing is queued."""
        async with read(self.engine) as connection:
            left = await next_turn(connection, self.now)
        return None if left is None else max(0.0, left / 1e6)

    async def robots(self, origin: str) -> KeptRobots | None:
        async with read(self.engine) as connection:
            return await kept_robots(connection, self.now, origin)

    async def keep_robots(self, origin: str, answer: KeptRobots) -> None:
        await transact(self.engine, lambda c: keep_robots(c, self.now, origin, answer))

    async def known(self, visit: Visit) -> Known | None:
        """What a conditional request may rest on: the last fetched page, if it ended stored or duplicate, or
        unchanged on top of these. Anything else in between (a 404, an open visit, a dead one) says None."""
        if visit.whole or visit.number == 1:
            return None
        async with read(self.engine) as connection:
            before = (visits.c.url_id == visit.url_id, visits.c.number < visit.number)
            fetched = select(visits).where(*before, visits.c.observed_at.is_not(None))
            newest_first = fetched.order_by(visits.c.number.desc()).limit(1)
            last = (await connection.execute(newest_first)).one_or_none()
            base = (
                await connection.execute(
                    newest_first.where(func.coalesce(visits.c.fate, "") != Fate.UNCHANGED.value)
                )
            ).one_or_none()
        if last is None or base is None or base.fate not in (Fate.STORED.value, Fate.DUPLICATE.value):
            return None
        if last.final_url is None or not (last.etag or last.last_modified):
            return None
        return Known(
            last.final_url, last.etag, last.last_modified, base.article_id, base.version, base.claims
        )

    async def observe(self, turn: Turn) -> Observation:
        """The moment at which this visit's page counts as seen; renews the lease for the way to the broker."""

        async def work(connection: AsyncConnection) -> Observation:
            at, first = await observe(connection, self.now, turn.visit.url_id, turn.visit.visit_id)
            # Now, not when the page was sent: whoever dies between sending and noting it must not end the revisits.
            await connection.execute(
                update(urls)
                .where(urls.c.url_id == turn.visit.url_id)
                .values(first_observed_at=first, revisit_at=next_revisit(first, at, self._ages))
            )
            before: int | None = None
            if turn.visit.number > 1:
                before = await connection.scalar(
                    select(visits.c.status).where(
                        visits.c.url_id == turn.visit.url_id, visits.c.number == turn.visit.number - 1
                    )
                )
            await renew_host(connection, self.now, turn.lease, seconds=self.lease_seconds)
            return Observation(at, before in (404, 410))

        return await transact(self.engine, work)

    async def sent(self, turn: Turn, seen: Observation, answer: Answer, *, wait: float) -> None:
        """The page lies on `pages`, acknowledged: mark the visit and give the host back."""

        async def work(connection: AsyncConnection) -> None:
            queued = visits.c.state == QUEUED
            await self._answered(
                connection,
                turn,
                seen,
                answer,
                state=case((queued, SENT), else_=visits.c.state),
                sent_at=case((queued, self.now()), else_=visits.c.sent_at),
            )
            await release_host(connection, self.now, turn.lease, wait=wait, failures=0)

        await transact(self.engine, work)

    async def close(
        self,
        turn: Turn,
        verdict: Verdict,
        *,
        wait: float,
        failures: int | None,
        seen: Observation | None = None,
        answer: Answer | None = None,
    ) -> None:
        """The visit ends here, by the fetcher's own word."""

        async def work(connection: AsyncConnection) -> None:
            if seen is not None and answer is not None:
                await self._answered(connection, turn, seen, answer)
            await self._give_fate(connection, [turn.visit.visit_id], verdict)
            await release_host(connection, self.now, turn.lease, wait=wait, failures=failures)

        await transact(self.engine, work)

    async def put_back(
        self, turn: Turn, *, next_url: str, wait: float, visit_wait: float, tries: int, failures: int | None
    ) -> None:
        """Queue the visit again for ``next_url``, due in ``visit_wait`` seconds; the host rests for ``wait``."""

        async def work(connection: AsyncConnection) -> None:
            begun = next_url != turn.visit.next_url or bool(turn.visit.trail)
            await put_back(
                connection,
                self.now,
                turn.visit,
                next_url=next_url,
                wait_us=us(visit_wait),
                tries=tries,
                begun=begun,
            )
            await release_host(connection, self.now, turn.lease, wait=wait, failures=failures)

        await transact(self.engine, work)

    async def give_up_host(self, turn: Turn, verdict: Verdict, *, wait: float) -> int:
        """The host has not answered for all its tries: every visit that waits for it is rejected. How many."""

        async def work(connection: AsyncConnection) -> int:
            waiting = await connection.execute(
                select(visits.c.visit_id)
                .where(visits.c.host == turn.lease.host, visits.c.state == QUEUED)
                .order_by(visits.c.opened_at, visits.c.visit_id)
                .limit(GIVEN_UP_AT_ONCE)
            )
            given_up = sorted({turn.visit.visit_id, *(row.visit_id for row in waiting)})
            await self._give_fate(connection, given_up, verdict)
            await release_host(connection, self.now, turn.lease, wait=wait, failures=turn.lease.failures + 1)
            return len(given_up)

        return await transact(self.engine, work)

    async def open_due_revisits(self) -> int:
        """Open the visits of revisits that are due. How many were looked at."""
        return await transact(self.engine, lambda c: open_due_revisits(c, self.now, self.epoch))

    async def _answered(
        self, connection: AsyncConnection, turn: Turn, seen: Observation, answer: Answer, **also: Any
    ) -> None:
        await connection.execute(
            update(visits)
            .where(visits.c.visit_id == turn.visit.visit_id)
            .values(
                observed_at=seen.at,
                status=answer.status,
                final_url=answer.final_url,
                page_sha256=answer.page_sha256,
                etag=answer.etag,
                last_modified=answer.last_modified,
                **also,
            )
        )

    async def _give_fate(
        self, connection: AsyncConnection, visit_ids: Sequence[str], verdict: Verdict
    ) -> None:
        at = int(await connection.scalar(select(self.now())) or 0)
        known = verdict.known
        said = [
            VisitFate(
                visit_id=visit_id,
                fate=verdict.fate,
                code=verdict.code,
                hint=verdict.hint,
                service=SERVICE,
                at=iso_us(at),
                article_id=known and known.article_id,
                version=known and known.version,
                claims=known.claims if known else None,
            )
            for visit_id in visit_ids
        ]
        await apply_fates(connection, at, said)
