"""``/v1/claims/stream``: revisions as they are published, as server-sent events.

The id of an event is its place in the ledger's own order, so a reader that comes back with ``Last-Event-ID`` misses
nothing and gets nothing twice. Nothing is kept for a reader: who is slow reads later from the database, one page at
a time.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query
from starlette.responses import Response, StreamingResponse

from services.store import metrics
from services.store.api.ledger import PublishedLedger
from services.store.api.parameters import EventId, Selection, StreamQuestion
from services.store.api.seats import Seats
from shared.clock import Clock
from shared.errors import DependencyAway, RequestError
from shared.telemetry import logger

log = logger("api.stream")

EVENT_STREAM = "text/event-stream"
POLL_SECONDS = 0.5  # how old a claim may be, beside the relay's own pause, when the stream shows it
# Proxies commonly give a silent connection up after 60 s; three of these fit into one.
HEARTBEAT_SECONDS = 15.0
RETRY_MS = 2_000  # what the reader waits before it comes back


class Follower:
    """One stream. ``ends`` says when it should: the process stops, or its time is over."""

    def __init__(
        self, ledger: PublishedLedger, selection: Selection, clock: Clock, ends: Callable[[], bool]
    ) -> None:
        self._ledger, self._selection, self._clock, self._ends = ledger, selection, clock, ends

    async def events(self, position: int, event_id: str) -> AsyncIterator[bytes]:
        """Blocks of the stream behind ``position``; the first gives the reader its place, so that it has one even if
        nothing comes before it is cut off."""
        yield b"retry: %d\nid: %s\n\n" % (RETRY_MS, event_id.encode())
        spoke = self._clock.monotonic()
        while not self._ends():
            try:
                page = await self._ledger.after(position)
            except (DependencyAway, RequestError) as error:
                # It comes back where it was; until then it hears from the answer to that what is wrong.
                log.warning("a stream ends", code=error.code, error=error.message)
                return
            chosen = [entry for entry in page if selects(self._selection, entry.value)]
            blocks = [
                b"id: %s\nevent: claim\ndata: %s\n\n" % (entry.event_id.encode(), entry.value)
                for entry in chosen
            ]
            metrics.api_stream_events.inc(len(chosen))
            passed_over = bool(page) and page[-1] not in chosen[-1:]
            if page:
                position, event_id = page[-1].position, page[-1].event_id
            if passed_over or self._clock.monotonic() - spoke > HEARTBEAT_SECONDS:
                # Without data it is no event, but the reader keeps the id: what was passed over is not read again.
                blocks.append(b": heartbeat\nid: %s\n\n" % event_id.encode())
            if blocks:
                yield b"".join(blocks)
                spoke = self._clock.monotonic()
            if not page:
                await asyncio.sleep(POLL_SECONDS)


def selects(selection: Selection, value: bytes) -> bool:
    """Whether a revision is one of those that were asked for."""
    if selection == _EVERYTHING:
        return True
    claim: dict[str, Any] = json.loads(value)
    article = claim["article"]
    language = article["language"]
    return (
        (not selection.kind or claim["kind"] in selection.kind)
        and (not selection.stance or claim["stance"] in selection.stance)
        and (selection.site is None or article["site"] == selection.site.lower())
        and (
            selection.language is None
            or (language is not None and language.lower() == selection.language.lower())
        )
        and (selection.article is None or article["id"] == selection.article)
    )


_EVERYTHING = Selection()


def routes(
    ledger: PublishedLedger, seats: Seats, clock: Clock, stopping: Callable[[], bool], longest: float
) -> APIRouter:
    """``longest``: seconds after which a stream ends and is to be resumed: then tokens and releases change for it."""
    router = APIRouter(tags=["ledger"])
    fields = {"id": {"type": "string"}, "event": {"const": "claim"}, "data": {"type": "string"}}
    event = {"type": "object", "properties": fields, "required": list(fields)}
    events: dict[str, Any] = {"content": {EVENT_STREAM: {"schema": event}}}

    @router.get("/v1/claims/stream", response_model=None, response_class=Response, responses={200: events})
    async def follow(
        question: Annotated[StreamQuestion, Query()],
        # Part of the protocol of server-sent events, not a parameter of ours.
        last_event_id: Annotated[EventId | None, Header(include_in_schema=False)] = None,
    ) -> Response:
        """Every revision from now on, or behind the event that the header Last-Event-ID names, in the order of its
        publication."""
        wanted = last_event_id or question.after
        seat = seats.take()
        try:
            if wanted is None:
                last = await ledger.last()
                position, event_id = last.position, last.event_id
            else:
                position, event_id = await ledger.behind(wanted), wanted
        except BaseException:
            seat.release()
            raise
        selection = Selection.model_validate(question.model_dump(exclude={"after"}))
        end = clock.monotonic() + longest
        follower = Follower(ledger, selection, clock, lambda: stopping() or clock.monotonic() >= end)
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(
            seat.held(follower.events(position, event_id)), headers=headers, media_type=EVENT_STREAM
        )

    return router
