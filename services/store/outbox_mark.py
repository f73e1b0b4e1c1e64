"""How far the outbox is sent, for the account: through the broker (``shared.pipeline.marks``) and as a metric."""

from __future__ import annotations

import contextlib
import time

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from services.store import models
from shared import metrics
from shared.database import now_us, read
from shared.errors import ClaimstreamError
from shared.pipeline.marks import MARK_SECONDS, Marking
from shared.pipeline.source import Sender
from shared.telemetry import logger

log = logger("store.relay")
LABEL = "store.relay"


class OutboxMark:
    """Kept by the relay that is active; one that hangs renews nothing, so its mark grows old."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._next = 0.0

    async def renew(self, sender: Sender) -> None:
        """Say it again if it is time to. That it cannot be said keeps nothing from being sent: it only grows old."""
        if time.monotonic() < self._next:
            return
        o = models.outbox.c
        async with read(self._engine) as connection:
            row = (
                await connection.execute(
                    select(now_us().label("now"), func.min(o.written_us).label("oldest")).where(
                        o.refused.is_(None)
                    )
                )
            ).one()
        through = row.now if row.oldest is None else min(row.now, row.oldest)
        metrics.outbox_oldest.labels(LABEL).set((row.now - through) / 1e6)
        self._next = time.monotonic() + MARK_SECONDS
        if isinstance(sender, Marking):
            try:
                await sender.mark("store", "relay", through // 1000)
            except ClaimstreamError as error:
                log.warning("the outbox's mark was not renewed", code=error.code, error=error.message)

    def forget(self) -> None:
        """Another process sends now, or none: what was measured here says nothing any more."""
        self._next = 0.0
        with contextlib.suppress(KeyError):
            metrics.outbox_oldest.remove(LABEL)
