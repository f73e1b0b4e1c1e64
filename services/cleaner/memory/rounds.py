"""Questions to the memory, gathered into rounds: one transaction for the pages of a batch, not one a page.

A round begins when nobody is on the way any more to ask (the batch is looked through), when it is full, or when the
first who asked has waited long enough (a page that takes seconds must not hold the others).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

from services.cleaner.memory.seen import Seen
from shared.contracts.site_memory import SiteMemory

LONGEST_WAIT_SECONDS = 1.0
Ask = Callable[[Sequence[Seen]], Awaitable[list[SiteMemory]]]


class Rounds:
    """``ask`` answers the pages of a round; what it raises, each of them raises. ``most``: pages in a round."""

    def __init__(self, ask: Ask, *, most: int) -> None:
        self._ask = ask
        self._most = most
        self._on_the_way = 0
        self._waiting: list[tuple[Seen, asyncio.Future[SiteMemory]]] = []
        self._timer: asyncio.TimerHandle | None = None
        self._running: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def visitor(self) -> AsyncIterator[None]:
        """Around the time in which a page may still come to a question; leave it before asking."""
        self._on_the_way += 1
        try:
            yield
        finally:
            self._on_the_way -= 1
            if not self._on_the_way:
                # Not at once: who leaves here asks in its very next step.
                asyncio.get_running_loop().call_soon(self._begin_if_all_are_here)

    async def answer(self, page: Seen) -> SiteMemory:
        """The memory's answer to a page. Raises :class:`~shared.errors.DatabaseAway`."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[SiteMemory] = loop.create_future()
        self._waiting.append((page, future))
        if len(self._waiting) >= self._most:
            self._begin()
        elif self._timer is None:
            self._timer = loop.call_later(LONGEST_WAIT_SECONDS, self._begin)
        return await future

    async def close(self) -> None:
        for task in tuple(self._running):
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    def _begin_if_all_are_here(self) -> None:
        if not self._on_the_way:
            self._begin()

    def _begin(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        # Who was cancelled meanwhile does not wait any more: its record comes again.
        waiting = [(page, future) for page, future in self._waiting if not future.done()]
        self._waiting = []
        if waiting:
            task = asyncio.create_task(self._round(waiting), name="site memory")
            self._running.add(task)
            task.add_done_callback(self._running.discard)

    async def _round(self, waiting: Sequence[tuple[Seen, asyncio.Future[SiteMemory]]]) -> None:
        try:
            found = await self._ask([page for page, _ in waiting])
        except BaseException as error:
            for _, future in waiting:
                if not future.done():
                    if isinstance(error, Exception):
                        future.set_exception(error)
                    else:
                        future.cancel()
            if not isinstance(error, Exception):
                raise
            return
        for (_, future), memory in zip(waiting, found, strict=True):
            if not future.done():
                future.set_result(memory)
