"""``/v1/claims/export``: what was published in a range of time, as JSON Lines, and where to go on."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import Response, StreamingResponse

from services.store.api.ledger import PublishedLedger
from services.store.api.parameters import ExportQuestion, microseconds
from services.store.api.seats import Seats

JSON_LINES = "application/jsonl"


def routes(ledger: PublishedLedger, seats: Seats, topic: str) -> APIRouter:
    """``topic``: the full name of `claims` on the broker, which the offsets are of."""
    router = APIRouter(tags=["ledger"])
    lines: dict[str, Any] = {"content": {JSON_LINES: {"schema": {"type": "string"}}}}

    @router.get("/v1/claims/export", response_model=None, response_class=Response, responses={200: lines})
    async def export(question: Annotated[ExportQuestion, Query()]) -> Response:
        """Every revision that was published in that time, one a line, byte for byte as on the topic.

        The last line is another one: `{"end": {"lines", "after", "topic", "offsets"}}`. An export without it was cut
        off. `after` continues it with /v1/claims/stream, `offsets` on Kafka: the offset of each partition from which
        on everything is that is not in the export; a partition that is missing is read from its beginning.
        """
        seat = seats.take()
        try:
            start = await ledger.before(microseconds(question.since))
            last = await ledger.last()
            upto = (
                last.position if question.until is None else await ledger.before(microseconds(question.until))
            )
            offsets = await ledger.offsets(upto)
        except BaseException:
            seat.release()
            raise
        end = {"after": f"{last.epoch}-{upto}", "topic": topic, "offsets": offsets}
        headers = {"Cache-Control": "no-store"}
        return StreamingResponse(
            seat.held(_lines(ledger, start, upto, end)), headers=headers, media_type=JSON_LINES
        )

    return router


async def _lines(ledger: PublishedLedger, start: int, upto: int, end: dict[str, Any]) -> AsyncIterator[bytes]:
    number, position = 0, start
    while entries := await ledger.after(position, upto):
        yield b"".join(entry.value + b"\n" for entry in entries)
        position = entries[-1].position
        number += len(entries)
    yield json.dumps({"end": {"lines": number, **end}}).encode() + b"\n"
