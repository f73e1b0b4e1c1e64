"""The feed poller: a source whose due rows are feeds. A feed is asked as a page is: under its host's lease, by leave
of its robots.txt, conditionally; its entries are submitted like anybody's."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from services.fetcher import metrics
from services.fetcher.crawl.manners import FINAL_FOR_ROBOTS, MAX_REDIRECTS, Manners
from services.fetcher.crawl.robots_gate import LONGEST_SLEEP, HostBusy, RobotsGate
from services.fetcher.feeds.feeds_file import FeedSource
from services.fetcher.feeds.model import FeedBroken
from services.fetcher.feeds.parse import Feed, parse_feed
from services.fetcher.feeds.submit import canonical_or_none, entry_submissions
from services.fetcher.frontier.feeds import (
    FeedLease,
    Polled,
    known_submissions,
    last_read,
    lease_feeds,
    mark_polled,
    put_feed_back,
    sync_file,
)
from services.fetcher.frontier.frontier import SERVICE, Frontier
from services.fetcher.frontier.hosts import HostLease, LeaseLost
from services.fetcher.http import HINTS as OUTCOME_HINTS
from services.fetcher.http import (
    Code,
    FetchRequest,
    HttpError,
    Kind,
    NotModified,
    Page,
    Redirect,
    Refused,
    Unreachable,
)
from services.fetcher.http.fetcher import Fetcher
from shared.contracts.canonical import UrlRefused, canonical_url, host_key
from shared.errors import DependencyAway, NetworkAway, RecordTooLarge
from shared.pipeline import fail_points
from shared.pipeline.source import Sender
from shared.telemetry import logger

log = logger("fetcher.feeds")
POLLS_AT_ONCE = 8
IDLE_SECONDS = 1.0
LEASE_SECONDS = (
    600.0  # of a feed: its hosts' leases guard the requests; this only keeps two from the same feed
)
# A feed that fails is asked more and more rarely, up to this many times its interval.
SLOWEST = 16


class FeedPoller:
    """Polls every feed when it is due. ``listed``: those of the feeds file, put into the table at the first step."""

    service = SERVICE
    name = "feeds"

    def __init__(
        self,
        frontier: Frontier,
        fetcher: Fetcher,
        gate: RobotsGate,
        manners: Manners,
        *,
        listed: Sequence[FeedSource] | None,
        silent_after: float,
    ) -> None:
        self._frontier = frontier
        self._fetcher = fetcher
        self._gate = gate
        self._manners = manners
        self._listed = listed
        self._silent_after = silent_after

    async def step(self, sender: Sender) -> float:
        if self._listed is not None:
            await sync_file(self._frontier.engine, self._listed)
            self._listed = None
        due = await lease_feeds(
            self._frontier.engine, self._frontier.now, limit=POLLS_AT_ONCE, seconds=LEASE_SECONDS
        )
        if not due:
            return IDLE_SECONDS
        results = await asyncio.gather(*(self._turn(feed, sender) for feed in due), return_exceptions=True)
        errors = [result for result in results if isinstance(result, BaseException)]
        for error in errors:
            if not isinstance(error, DependencyAway):
                raise error
        if errors:
            raise errors[0]
        return 0.0

    async def _turn(self, feed: FeedLease, sender: Sender) -> None:
        engine, now = self._frontier.engine, self._frontier.now
        try:
            polled = await self._poll(feed, sender)
        except HostBusy as busy:
            await put_feed_back(engine, now, feed, wait=busy.seconds)
            return
        except DependencyAway:
            await put_feed_back(engine, now, feed, wait=self._manners.crawl_delay)
            raise
        except LeaseLost:
            metrics.leases_lost.inc()
            await put_feed_back(engine, now, feed, wait=self._manners.crawl_delay)
            return
        wait = feed.every
        if polled.code is not None:
            wait = min(feed.every * 2.0 ** min(feed.failures, 30), feed.every * SLOWEST)
            log.warning("feed failing", feed=feed.url, code=polled.code, hint=polled.hint, next_seconds=wait)
        metrics.polls.labels(polled.code or "ok").inc()
        try:
            state = await mark_polled(engine, now, feed, polled, wait=wait, silent_after=self._silent_after)
        except LeaseLost:
            return  # somebody else polls it; the entries have ids that make a repeat one submission
        fail_points.reach("fetcher.feeds.after-mark")
        log.info("feed polled", feed=feed.url, state=state, new=polled.fresh)

    async def _poll(self, feed: FeedLease, sender: Sender) -> Polled:
        """Ask for the feed, over redirects, and submit what is new in it."""
        url, trail = feed.url, [feed.url]
        for _ in range(MAX_REDIRECTS + 1):
            outcome = await self._ask(url, feed)
            if not isinstance(outcome, Redirect):
                break
            try:
                canonical_url(outcome.target)
            except UrlRefused as refusal:
                return _failed(feed, refusal.code, refusal.hint)
            if outcome.target in trail:
                return _failed(feed, "redirect-loop", "The feed's host sends on to where we come from.")
            url = outcome.target
            trail.append(url)
        match outcome:
            case Page():
                return await self._entries(feed, outcome, sender)
            case NotModified():
                return Polled(
                    etag=outcome.etag or feed.etag, last_modified=outcome.last_modified or feed.last_modified
                )
            case Polled():
                return outcome
            case Redirect():
                return _failed(feed, "too-many-redirects", "The feed's host sends on and on.")
            case Unreachable(network_away=True):
                raise NetworkAway(outcome.detail)
            case HttpError() | Refused() | Unreachable():
                return _failed(feed, outcome.code, outcome.hint)

    async def _ask(
        self, url: str, feed: FeedLease
    ) -> Page | NotModified | Redirect | HttpError | Refused | Unreachable | Polled:
        """One request, under the lease of its host; a Polled where robots.txt does not allow it."""
        host = host_key(canonical_url(url))
        lease = await self._frontier.lease(host)
        if lease is None:
            raise HostBusy(host)
        wait = self._manners.crawl_delay
        failures: int | None = None
        try:
            leave = await self._gate.leave(lease, url)
            wait = leave.delay(wait)
            if leave.closed and leave.code in FINAL_FOR_ROBOTS:
                return _failed(feed, leave.code, OUTCOME_HINTS[Code(leave.code)])
            if leave.closed:
                return _failed(
                    feed, "robots-unreachable", f"robots.txt of {host} could not be read: {leave.code}."
                )
            if not leave.rules.allowed(url):
                return _failed(
                    feed, "robots-disallowed", f"robots.txt of {host} does not let us read the feed."
                )
            if leave.asked:
                if wait > LONGEST_SLEEP:
                    raise HostBusy(host, wait)
                await asyncio.sleep(wait)
                await self._frontier.renew(lease)
            outcome = await self._fetcher.get(
                FetchRequest(
                    url,
                    Kind.FEED,
                    etag=feed.etag,
                    last_modified=feed.last_modified,
                    check=self._frontier.holding(lease, self._fetcher.deadline),
                )
            )
            failing = isinstance(outcome, Unreachable) or (
                isinstance(outcome, HttpError) and outcome.retryable
            )
            failures = lease.failures + 1 if failing else 0
            if isinstance(outcome, HttpError) and outcome.retry_after:
                wait = max(wait, outcome.retry_after)
            return outcome
        finally:
            await self._release(lease, wait, failures)

    async def _release(self, lease: HostLease, wait: float, failures: int | None) -> None:
        try:
            await self._frontier.release(lease, wait=wait, failures=failures)
        except LeaseLost:
            metrics.leases_lost.inc()

    async def _entries(self, feed: FeedLease, page: Page, sender: Sender) -> Polled:
        parsed = await asyncio.to_thread(parse_feed, page.body, page.content_type, page.url)
        if isinstance(parsed, FeedBroken):
            return _failed(feed, parsed.code, parsed.hint)
        try:
            fresh = await self._submit(feed, parsed, sender)
        except RecordTooLarge as error:
            return _failed(feed, error.code, error.hint)
        fault = parsed.fault
        return Polled(
            fresh=fresh,
            # Without validators a broken document is read again, whole, as soon as it has been mended.
            etag=None if fault else page.etag,
            last_modified=None if fault else page.last_modified,
            code=fault.code if fault else None,
            hint=fault.hint if fault else None,
        )

    async def _submit(self, feed: FeedLease, parsed: Feed, sender: Sender) -> int:
        urls = {url for entry in parsed.entries if (url := canonical_or_none(entry.url)) is not None}
        read_at = await last_read(self._frontier.engine, urls)
        by_key = entry_submissions(feed.url, feed.labels, parsed.entries, read_at)
        known = await known_submissions(self._frontier.engine, list(by_key))
        fresh = [record for key, record in by_key.items() if key not in known]
        if fresh:
            fail_points.reach("fetcher.feeds.before-produce")
            await sender.send(fresh)
            fail_points.reach("fetcher.feeds.after-produce")
        return len(fresh)


def _failed(feed: FeedLease, code: str, hint: str) -> Polled:
    return Polled(etag=feed.etag, last_modified=feed.last_modified, code=code, hint=hint)
