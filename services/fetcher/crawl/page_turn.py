"""One turn: one visit, one leased host, at most one request for the page, and what follows from the answer.

Each hop of a redirect is a turn of its own, of whichever host it leads to: so no host is asked without its lease,
its robots.txt and its delay, and a redirect whose host is not free simply waits in that host's queue.
"""

from __future__ import annotations

import asyncio
import hashlib

from services.fetcher.crawl.delivery import Delivery
from services.fetcher.crawl.log_ids import ids_of_visit
from services.fetcher.crawl.manners import (
    FINAL_FOR_ROBOTS,
    HINTS,
    MAX_REDIRECTS,
    OF_THE_WHOLE_HOST,
    Manners,
)
from services.fetcher.crawl.robots_gate import LONGEST_SLEEP, HostBusy, Leave, RobotsGate
from services.fetcher.frontier.frontier import Frontier
from services.fetcher.frontier.turn import Answer, Known, Turn, Verdict
from services.fetcher.http import HINTS as OUTCOME_HINTS
from services.fetcher.http import (
    Code,
    FetchOutcome,
    FetchRequest,
    HttpError,
    NotModified,
    Page,
    Redirect,
    Refused,
    Unreachable,
)
from services.fetcher.http.fetcher import Fetcher
from shared.contracts.canonical import UrlRefused, canonical_url
from shared.contracts.enums import Fate
from shared.contracts.page import MAX_COMPRESSED_BYTES, compress_page
from shared.errors import NetworkAway, RecordTooLarge
from shared.pipeline.source import Sender
from shared.telemetry import logger

log = logger("fetcher.crawl")
# Of how many bytes on compressing and hashing go to a thread: a MiB takes some 10 ms of the event loop.
THREAD_FROM = 256 * 1024


class PageTurn:
    """Takes turns; holds no state of a visit between two of them."""

    def __init__(
        self, frontier: Frontier, fetcher: Fetcher, gate: RobotsGate, manners: Manners, delivery: Delivery
    ) -> None:
        self._frontier = frontier
        self._fetcher = fetcher
        self._gate = gate
        self._manners = manners
        self._delivery = delivery

    async def take(self, turn: Turn, sender: Sender) -> str:
        """Bring the visit one step on; the code of what happened, for the metric.

        Raises DependencyAway (the visit is as it was) and LeaseLost (somebody else has it now).
        """
        url = turn.visit.next_url
        try:
            leave = await self._gate.leave(turn.lease, url)
        except HostBusy as busy:
            await self._as_it_was(turn, wait=busy.seconds)
            return "host-busy"
        except NetworkAway:
            await self._as_it_was(turn, wait=self._manners.crawl_delay)
            raise
        if leave.closed:
            return await self._closed_by_robots(turn, leave)
        delay = leave.delay(self._manners.crawl_delay)
        if not leave.rules.allowed(url):
            # Nothing was asked of the host, unless for its robots.txt.
            self._say_rejected(turn, "robots-disallowed")
            verdict = Verdict(Fate.REJECTED, "robots-disallowed", HINTS["robots-disallowed"])
            await self._frontier.close(turn, verdict, wait=delay if leave.asked else 0.0, failures=None)
            return "robots-disallowed"
        if leave.asked:
            if delay > LONGEST_SLEEP:
                await self._as_it_was(turn, wait=delay)
                return "robots-asked"
            await asyncio.sleep(delay)
            await self._frontier.renew(turn.lease)
        known = await self._frontier.known(turn.visit)
        if known is not None and known.final_url != url:
            known = None
        request = FetchRequest(
            url,
            etag=known.etag if known else None,
            last_modified=known.last_modified if known else None,
            check=self._frontier.holding(turn.lease, self._fetcher.deadline),
        )
        outcome = await self._fetcher.get(request)
        return await self._answer(turn, outcome, known, delay, sender)

    async def _answer(
        self, turn: Turn, outcome: FetchOutcome, known: Known | None, delay: float, sender: Sender
    ) -> str:
        match outcome:
            case Page():
                return await self._page(turn, outcome, delay, sender)
            case NotModified():
                await self._not_modified(turn, outcome, known, delay)
            case Redirect():
                return await self._redirect(turn, outcome, delay)
            case HttpError() if outcome.is_gone:
                await self._gone(turn, outcome, delay, sender)
            case HttpError() if outcome.retryable:
                wait = max(self._manners.backoff(turn.lease.failures + 1), delay)
                await self._fail(turn, outcome.code, outcome.hint, wait=max(wait, outcome.retry_after or 0))
            case Unreachable(network_away=True):
                await self._as_it_was(turn, wait=delay)
                raise NetworkAway(outcome.detail)
            case Unreachable():
                await self._unreachable(turn, outcome, delay)
            case HttpError() | Refused():
                await self._reject(turn, outcome.code, outcome.hint, wait=delay)
        return outcome.code

    async def _page(self, turn: Turn, page: Page, delay: float, sender: Sender) -> str:
        large = len(page.body) > THREAD_FROM
        compressed, sha256 = await asyncio.to_thread(_pack, page.body) if large else _pack(page.body)
        if len(compressed) > MAX_COMPRESSED_BYTES:
            return await self._reject(turn, "page-too-large", HINTS["page-too-large"], wait=delay)
        seen = await self._frontier.observe(turn)
        answer = Answer(page.status, page.url, sha256, page.etag, page.last_modified)
        record = self._delivery.record(
            turn.visit, seen, answer, compressed, size=len(page.body), content_type=page.content_type or None
        )
        try:
            await self._delivery.deliver(sender, turn, record)
        except RecordTooLarge as error:
            return await self._reject(turn, error.code, error.hint, wait=delay)
        await self._frontier.sent(turn, seen, answer, wait=delay)
        return page.code

    async def _gone(self, turn: Turn, error: HttpError, delay: float, sender: Sender) -> None:
        """Once may be a slip of the site; at two visits running the article is gone, and the cleaner says so."""
        seen = await self._frontier.observe(turn)
        if not seen.was_gone:
            self._say_rejected(turn, error.code)
            verdict = Verdict(Fate.REJECTED, error.code, error.hint)
            answer = Answer(error.status, error.url)
            await self._frontier.close(turn, verdict, wait=delay, failures=0, seen=seen, answer=answer)
            return
        compressed, sha256 = _pack(b"")
        answer = Answer(error.status, error.url, sha256)
        record = self._delivery.record(turn.visit, seen, answer, compressed, size=0, content_type=None)
        await self._delivery.deliver(sender, turn, record)
        await self._frontier.sent(turn, seen, answer, wait=delay)

    async def _not_modified(self, turn: Turn, answer: NotModified, known: Known | None, delay: float) -> None:
        if known is None:  # the fetcher gives a 304 to a conditional request only
            raise AssertionError("a 304 to a request that was not conditional")
        seen = await self._frontier.observe(turn)
        await self._frontier.close(
            turn,
            Verdict(Fate.UNCHANGED, answer.code, known=known),
            wait=delay,
            failures=0,
            seen=seen,
            answer=Answer(
                304,
                known.final_url,
                etag=answer.etag or known.etag,
                last_modified=answer.last_modified or known.last_modified,
            ),
        )

    async def _redirect(self, turn: Turn, redirect: Redirect, delay: float) -> str:
        visit = turn.visit
        try:
            canonical_url(redirect.target)
        except UrlRefused as refusal:
            return await self._reject(turn, refusal.code, refusal.hint, wait=delay)
        if redirect.target in (*visit.trail, visit.next_url):
            return await self._reject(turn, "redirect-loop", HINTS["redirect-loop"], wait=delay)
        if len(visit.trail) >= MAX_REDIRECTS:
            return await self._reject(turn, "too-many-redirects", HINTS["too-many-redirects"], wait=delay)
        await self._frontier.put_back(
            turn, next_url=redirect.target, wait=delay, visit_wait=0, tries=visit.tries, failures=0
        )
        return redirect.code

    async def _unreachable(self, turn: Turn, outcome: Unreachable, delay: float) -> None:
        whole_host = outcome.code in OF_THE_WHOLE_HOST
        wait = max(self._manners.backoff(turn.lease.failures + 1), delay)
        last = turn.lease.failures + 1 >= self._manners.tries
        if whole_host and (last or not outcome.retryable):
            await self._give_up_host(turn, outcome.code, outcome.hint, wait=wait)
        elif not outcome.retryable:
            await self._reject(turn, outcome.code, outcome.hint, wait=delay)
        else:
            await self._fail(turn, outcome.code, outcome.hint, wait=wait)

    async def _closed_by_robots(self, turn: Turn, leave: Leave) -> str:
        if leave.code in FINAL_FOR_ROBOTS:
            hint = OUTCOME_HINTS[Code(leave.code)]
            if leave.code in OF_THE_WHOLE_HOST:
                await self._give_up_host(turn, leave.code, hint, wait=self._manners.crawl_delay)
                return leave.code
            return await self._reject(turn, leave.code, hint, wait=self._manners.crawl_delay)
        code = "robots-unreachable"
        if not leave.asked:
            await self._frontier.put_back(
                turn,
                next_url=turn.visit.next_url,
                wait=0,
                visit_wait=leave.seconds,
                tries=turn.visit.tries,
                failures=None,
            )
        elif turn.lease.failures + 1 >= self._manners.tries:
            await self._give_up_host(turn, code, HINTS[code], wait=leave.seconds)
        else:
            await self._fail(turn, code, HINTS[code], wait=leave.seconds)
        return code

    async def _fail(self, turn: Turn, code: str, hint: str, *, wait: float) -> None:
        """No answer this time: the host rests, the visit is tried again, but not for ever."""
        tries = turn.visit.tries + 1
        log.info(
            "no answer",
            url=turn.visit.next_url,
            code=code,
            tries=tries,
            wait=wait,
            **ids_of_visit(turn.visit),
        )
        failures = turn.lease.failures + 1
        if tries >= self._manners.tries:
            self._say_rejected(turn, code)
            await self._frontier.close(turn, Verdict(Fate.REJECTED, code, hint), wait=wait, failures=failures)
            return
        await self._frontier.put_back(
            turn, next_url=turn.visit.next_url, wait=wait, visit_wait=wait, tries=tries, failures=failures
        )

    async def _give_up_host(self, turn: Turn, code: str, hint: str, *, wait: float) -> None:
        given_up = await self._frontier.give_up_host(turn, Verdict(Fate.REJECTED, code, hint), wait=wait)
        log.warning(
            "host given up",
            host=turn.lease.host,
            **ids_of_visit(turn.visit),
            code=code,
            visits=given_up,
        )

    async def _reject(self, turn: Turn, code: str, hint: str, *, wait: float) -> str:
        self._say_rejected(turn, code)
        await self._frontier.close(turn, Verdict(Fate.REJECTED, code, hint), wait=wait, failures=0)
        return code

    @staticmethod
    def _say_rejected(turn: Turn, code: str) -> None:
        log.info("rejected", url=turn.visit.next_url, code=code, **ids_of_visit(turn.visit))

    async def _as_it_was(self, turn: Turn, *, wait: float) -> None:
        await self._frontier.put_back(
            turn,
            next_url=turn.visit.next_url,
            wait=wait,
            visit_wait=0,
            tries=turn.visit.tries,
            failures=None,
        )


def _pack(body: bytes) -> tuple[bytes, str]:
    return compress_page(body), hashlib.sha256(body).hexdigest()
