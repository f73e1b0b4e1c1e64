"""The shelf of the handlers, in a database: each call is one transaction, done again after a deadlock."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.store import intake, settlement
from services.store.handler import Received
from services.store.ledger.revision import Stamp
from services.store.ledger.routes import Route
from services.store.settlement import Terms
from shared.clock import Clock, SystemClock, iso
from shared.contracts.events import ArticleCleaned, ClaimsExtracted
from shared.database import transact


class DatabaseShelf:
    """``epoch`` and ``routes`` as in the settings; ``clock`` stamps revisions."""

    def __init__(
        self,
        engine: AsyncEngine,
        *,
        epoch: int = 1,
        routes: tuple[Route, ...] = (),
        clock: Clock | None = None,
    ) -> None:
        self._engine = engine
        self._epoch = epoch
        self._routes = routes
        self._clock = clock or SystemClock()

    async def shelve_articles(self, received: Sequence[Received[ArticleCleaned]]) -> None:
        async def work(connection: AsyncConnection) -> None:
            await intake.shelve_articles(connection, received)

        await transact(self._engine, work)

    async def shelve_extractions(self, received: Sequence[Received[ClaimsExtracted]]) -> None:
        async def work(connection: AsyncConnection) -> None:
            await intake.shelve_extractions(connection, received)

        await transact(self._engine, work)

    async def settle(self, article_ids: Sequence[str]) -> None:
        terms = Terms(Stamp(self._epoch, iso(self._clock.now())), self._routes)

        async def work(connection: AsyncConnection) -> None:
            await settlement.settle(connection, article_ids, terms)

        await transact(self._engine, work)
