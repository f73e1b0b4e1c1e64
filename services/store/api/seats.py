"""How many may stream or export at once: each holds a connection and reads the database again and again."""

from __future__ import annotations

from collections.abc import AsyncIterator

from services.store import metrics
from services.store.api.refusals import StreamsTaken


class Seat:
    """One place; released once, whoever says so first."""

    def __init__(self, seats: Seats) -> None:
        self._seats: Seats | None = seats

    def release(self) -> None:
        if self._seats is not None:
            self._seats.taken -= 1
            metrics.api_streams.set(self._seats.taken)
            self._seats = None

    async def held(self, blocks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """The blocks, and the seat is free behind the last, or when nobody takes them any more."""
        try:
            async for block in blocks:
                yield block
        finally:
            self.release()


class Seats:
    def __init__(self, number: int) -> None:
        self._number = number
        self.taken = 0

    def take(self) -> Seat:
        """Raises StreamsTaken."""
        if self.taken >= self._number:
            raise StreamsTaken(f"{self._number} streams are open")
        self.taken += 1
        metrics.api_streams.set(self.taken)
        return Seat(self)
