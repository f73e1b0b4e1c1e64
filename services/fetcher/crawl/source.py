"""The crawl: a source that leases hosts and takes their turns, many hosts at a time."""

from __future__ import annotations

import asyncio

from services.fetcher import metrics
from services.fetcher.crawl.delivery import Delivery
from services.fetcher.crawl.log_ids import ids_of_visit
from services.fetcher.crawl.manners import HINTS, Manners
from services.fetcher.crawl.page_turn import PageTurn
from services.fetcher.frontier.frontier import SERVICE, Frontier
from services.fetcher.frontier.hosts import LeaseLost
from services.fetcher.frontier.turn import Turn, Verdict
from shared import tracing
from shared.clock import Clock
from shared.contracts.enums import Fate
from shared.errors import ClaimstreamError, DependencyAway
from shared.pipeline import fail_points
from shared.pipeline.source import Sender
from shared.telemetry import logger

log = logger("fetcher.crawl")
# The longest that a new submission waits for an idle crawl to look; asking costs a statement.
IDLE_SECONDS = 0.5
# The shortest: where a host is due and may not be leased (a backfill's share is used up), asking again is in vain.
LEAST_SECONDS = 0.05
# With so many turns under way, those that end within this time are replaced by one question to the database and not
# by one each: a host rests for longer between two requests.
GATHER_FROM = 8
GATHER_SECONDS = 0.05
BULK_SHARE = 1 / 10  # of the crawl, while `urls` has work due (Topics, in the contracts)
DRAIN_SECONDS = 10.0  # a page takes a second or two; what takes longer is fetched again after the restart
REVISIT_SECONDS = 5.0  # between two looks for revisits that are due: they are hours apart


class Crawl:
    """``concurrency``: hosts at a time in this process. Turns run beside :meth:`step`, which only hands them out
    and raises what ended one of them."""

    service = SERVICE
    name = "crawl"

    def __init__(
        self,
        frontier: Frontier,
        page_turn: PageTurn,
        delivery: Delivery,
        manners: Manners,
        clock: Clock,
        *,
        concurrency: int,
    ) -> None:
        self._frontier = frontier
        self._page_turn = page_turn
        self._delivery = delivery
        self._manners = manners
        self._clock = clock
        self._concurrency = concurrency
        self._running: set[asyncio.Task[None]] = set()
        self._bulk_credit = 0.0
        self._revisits_at = self._asked_at = clock.monotonic()

    @property
    def in_flight(self) -> int:
        """Turns that are being taken now."""
        return sum(not task.done() for task in self._running)

    async def step(self, sender: Sender) -> float:
        self._reap()
        if (away := self._delivery.away) is not None:
            raise away
        await self._open_revisits()
        await self._gather()
        free = self._concurrency - len(self._running)
        if 0 < free == await self._begin(sender):
            return 0.0
        # Whatever was due has a place now.
        pause = IDLE_SECONDS
        if len(self._running) < self._concurrency:
            left = await self._frontier.seconds_to_next_turn()
            pause = pause if left is None else min(pause, max(left, LEAST_SECONDS))
        if not self._running:
            return pause
        await asyncio.wait(self._running, timeout=pause, return_when=asyncio.FIRST_COMPLETED)
        self._reap()
        return 0.0

    async def drain(self) -> None:
        """Let what is under way end, for a moment; the rest is given up, and its visits stay queued."""
        if self._running:
            await asyncio.wait(self._running, timeout=DRAIN_SECONDS)
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        self._running.clear()

    async def _gather(self) -> None:
        """Let more than one turn end before work is looked for, where many are under way."""
        left = self._asked_at + GATHER_SECONDS - self._clock.monotonic()
        if len(self._running) >= GATHER_FROM and left > 0:
            await asyncio.sleep(left)
            self._reap()
        self._asked_at = self._clock.monotonic()

    async def _open_revisits(self) -> None:
        if self._clock.monotonic() >= self._revisits_at:
            self._revisits_at = self._clock.monotonic() + REVISIT_SECONDS
            while await self._frontier.open_due_revisits():
                pass

    async def _begin(self, sender: Sender) -> int:
        """Take turns for all free places; `urls` first, `urls.bulk` by its share."""
        free = self._concurrency - len(self._running)
        if free <= 0:
            return 0
        turns = await self._frontier.turns(free, bulk=False)
        self._bulk_credit = min(
            self._bulk_credit + len(turns) * BULK_SHARE / (1 - BULK_SHARE), float(self._concurrency)
        )
        bulk = await self._bulk_allowance(free - len(turns))
        if bulk > 0:
            backfill = await self._frontier.turns(bulk, bulk=True)
            self._bulk_credit = max(0.0, self._bulk_credit - len(backfill))
            turns += backfill
        for turn in turns:
            task = asyncio.create_task(self._take(turn, sender), name=f"turn {turn.lease.host}")
            self._running.add(task)
        metrics.in_flight.set(len(self._running))
        return len(turns)

    async def _bulk_allowance(self, free: int) -> int:
        if free <= 0:
            return 0
        due = await self._frontier.due()
        if not due.bulk:
            return 0
        if due.urgent:
            return min(free, int(self._bulk_credit))
        # A place stays free, so that what comes in on `urls` meanwhile need not wait for a backfill's slow hosts.
        return free - 1 if free == self._concurrency > 1 else free

    async def _take(self, turn: Turn, sender: Sender) -> None:
        started, began = self._clock.monotonic(), tracing.began()
        try:
            code = await self._page_turn.take(turn, sender)
            fail_points.reach("fetcher.crawl.after-mark")
        except LeaseLost:
            metrics.leases_lost.inc()
            log.warning("lease lost", host=turn.lease.host, **ids_of_visit(turn.visit))
            return
        except ClaimstreamError:
            raise
        except asyncio.CancelledError:
            await self._give_back(turn)
            raise
        except Exception:
            log.exception(
                "turn failed", host=turn.lease.host, url=turn.visit.next_url, **ids_of_visit(turn.visit)
            )
            await self._failed(turn)
            code = "handler-failed"
        metrics.turns.labels(code).inc()
        metrics.turn_seconds.observe(self._clock.monotonic() - started)
        if began:
            visit = turn.visit
            sent = self._delivery.sent_now(visit.visit_id)
            tracing.turn_span(
                "fetcher.crawl", began, visit.visit_id, visit.traceparent, visit.next_url, code, sent=sent
            )

    async def _failed(self, turn: Turn) -> None:
        """A defect of ours: tried again a few times, then the visit is dead, so that it has a fate."""
        tries = turn.visit.tries + 1
        wait = self._manners.backoff(tries)
        try:
            if tries >= self._manners.tries:
                verdict = Verdict(Fate.DEAD, "handler-failed", HINTS["handler-failed"])
                await self._frontier.close(turn, verdict, wait=self._manners.crawl_delay, failures=None)
            else:
                await self._frontier.put_back(
                    turn,
                    next_url=turn.visit.next_url,
                    wait=self._manners.crawl_delay,
                    visit_wait=wait,
                    tries=tries,
                    failures=None,
                )
        except LeaseLost:
            metrics.leases_lost.inc()

    async def _give_back(self, turn: Turn) -> None:
        """At the end of the process: the host need not wait for the lease to run out."""
        try:
            async with asyncio.timeout(2):
                await self._frontier.release(turn.lease, wait=self._manners.crawl_delay)
        except (LeaseLost, ClaimstreamError, TimeoutError):
            pass  # it runs out by itself

    def _reap(self) -> None:
        """Forget the turns that have ended; raise what a dependency or the deploy did to one of them."""
        ended = {task for task in self._running if task.done()}
        self._running -= ended
        metrics.in_flight.set(len(self._running))
        errors = [error for task in ended if not task.cancelled() and (error := task.exception()) is not None]
        # A broken deploy stops the crawl; a dependency that is away only makes it wait.
        errors.sort(key=lambda error: isinstance(error, DependencyAway))
        if errors:
            raise errors[0]
