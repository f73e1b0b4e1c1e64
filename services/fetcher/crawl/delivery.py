"""A fetched page on its way to the broker: kept in hand while the broker is away, so that no host is asked twice."""

from __future__ import annotations

import asyncio

from services.fetcher.frontier.frontier import Frontier
from services.fetcher.frontier.turn import Answer, Observation, Turn
from services.fetcher.frontier.visits import Visit
from shared import tracing
from shared.contracts import codec
from shared.contracts.events import PageFetched
from shared.contracts.record import Outgoing
from shared.errors import BrokerAway
from shared.pipeline import fail_points
from shared.pipeline.backoff import Backoff
from shared.pipeline.source import Sender


class Delivery:
    """``away`` is set while a page waits for the broker: then the crawl begins nothing new."""

    def __init__(self, frontier: Frontier) -> None:
        self._frontier = frontier
        self._waiting: dict[str, BrokerAway] = {}
        self._traced: set[str] = set()

    @property
    def away(self) -> BrokerAway | None:
        return next(iter(self._waiting.values()), None)

    def record(
        self,
        visit: Visit,
        seen: Observation,
        answer: Answer,
        compressed: bytes,
        *,
        size: int,
        content_type: str | None,
    ) -> Outgoing:
        """The record for `pages`."""
        page = PageFetched(
            visit_id=visit.visit_id,
            url_id=visit.url_id,
            url=visit.url,
            final_url=answer.final_url,
            status=answer.status,
            observed_at=seen.text,
            sha256=answer.page_sha256 or "",
            size=size,
            content_type=content_type,
            last_modified=answer.last_modified,
            feed=visit.feed,
            published_at=visit.published_at,
            labels=visit.labels,
        )
        return codec.pages(
            page, compressed, traceparent=tracing.page_traceparent(visit.visit_id, visit.traceparent)
        )

    def sent_now(self, visit_id: str) -> bool:
        """Whether this visit's page was sent since this was last asked; only while traces are recorded."""
        if visit_id not in self._traced:
            return False
        self._traced.remove(visit_id)
        return True

    async def deliver(self, sender: Sender, turn: Turn, record: Outgoing) -> None:
        """Return when the broker has acknowledged it, however long that takes, and hold the host meanwhile.

        Raises RecordTooLarge and LeaseLost.
        """
        backoff = Backoff(longest=self._frontier.lease_seconds / 4)
        key = turn.visit.visit_id
        fail_points.reach("fetcher.crawl.before-produce")
        try:
            while True:
                try:
                    await sender.send([record])
                except BrokerAway as error:
                    self._waiting[key] = error
                    await asyncio.sleep(backoff.next())
                    await self._frontier.renew(turn.lease)
                else:
                    fail_points.reach("fetcher.crawl.after-produce")
                    if tracing.recorder is not None:
                        self._traced.add(key)
                    return
        finally:
            self._waiting.pop(key, None)
