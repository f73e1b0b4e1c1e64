"""The ledger in the order of its publication: what the stream follows and an export copies."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import and_, func, select

from services.store import models
from services.store.api.reading import Reader

PAGE = 200  # revisions that are in memory for one reader, however slow it is

_p, _r = models.publication.c, models.claim_revision.c


@dataclass(frozen=True)
class Entry:
    """A revision's place and its bytes."""

    position: int
    epoch: int
    value: bytes

    @property
    def event_id(self) -> str:
        return f"{self.epoch}-{self.position}"


class PublishedLedger:
    """``epoch`` is the store's (``CLAIMSTREAM_STORE_EPOCH``)."""

    def __init__(self, reader: Reader, epoch: int) -> None:
        self._reader = reader
        self._epoch = epoch

    async def last(self) -> Entry:
        """The last entry that there is, without its bytes."""
        async with self._reader.snapshot() as connection:
            row = (
                await connection.execute(select(_p.position, _p.epoch).order_by(_p.position.desc()).limit(1))
            ).one_or_none()
        return Entry(0, self._epoch, b"") if row is None else Entry(row.position, row.epoch, b"")

    async def behind(self, event_id: str) -> int:
        """The position to go on behind. A database that was restored from a backup gives positions out again, in a
        later epoch: a reader that had more of the epoch before than was restored begins where the new one does."""
        epoch, _, position = event_id.partition("-")
        wanted = int(position)
        if int(epoch) >= self._epoch:
            return wanted
        async with self._reader.snapshot() as connection:
            first = await connection.scalar(select(func.min(_p.position)).where(_p.epoch > int(epoch)))
        return wanted if first is None else min(wanted, first - 1)

    async def after(self, position: int, upto: int | None = None) -> list[Entry]:
        """The next entries, at most :data:`PAGE`, ``upto`` included."""
        statement = (
            select(_p.position, _p.epoch, _r.value)
            .join_from(
                models.publication,
                models.claim_revision,
                and_(_p.claim_id == _r.claim_id, _p.epoch == _r.epoch, _p.revision == _r.revision),
            )
            .where(_p.position > position)
            .order_by(_p.position)
            .limit(PAGE)
        )
        if upto is not None:
            statement = statement.where(_p.position <= upto)
        async with self._reader.snapshot() as connection:
            rows = (await connection.execute(statement)).all()
        return [Entry(row.position, row.epoch, row.value) for row in rows]

    async def before(self, published_us: int) -> int:
        """The last position that was published before that time; 0: none."""
        statement = (
            select(_p.position)
            .where(_p.published_us < published_us)
            .order_by(_p.published_us.desc(), _p.position.desc())
            .limit(1)
        )
        async with self._reader.snapshot() as connection:
            return int(await connection.scalar(statement) or 0)

    async def offsets(self, upto: int) -> dict[str, int]:
        """By partition of `claims`, the offset to go on from behind ``upto``. A partition that is missing holds
        nothing that is known: from its beginning."""
        found: dict[str, int] = {}
        partition = -1
        while (row := await self._next_partition(partition, upto)) is not None:
            partition, offset = row
            if offset is not None:
                found[str(partition)] = offset + 1
        return found

    async def _next_partition(self, after: int, upto: int) -> tuple[int, int | None] | None:
        async with self._reader.snapshot() as connection:
            partition = await connection.scalar(select(func.min(_p.partition)).where(_p.partition > after))
            if partition is None:
                return None
            offset = await connection.scalar(
                select(_p.offset)
                .where(_p.partition == partition, _p.position <= upto)
                .order_by(_p.position.desc())
                .limit(1)
            )
        return partition, offset
