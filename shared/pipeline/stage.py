"""A stage: a topic in, topics out, and a handler that maps a batch of decoded records to a result for each.

The handler does not know which transport runs it. It settles the records of a batch one by one, in any order;
what is unsettled when the batch's time is up is not committed and comes again.

What a handler may raise for a whole batch: :class:`~shared.errors.DependencyAway` (the stage pauses, nothing is
committed, the batch comes again). Anything else that it raises makes the runner hand over the unsettled records
one at a time, so that only the one to blame becomes a dead letter.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeVar

from shared.contracts.envelope import Envelope
from shared.contracts.record import Outgoing, Record
from shared.errors import DependencyAway, DeployBroken, HandlerFailed, RecordError
from shared.pipeline.log_ids import ids_of
from shared.pipeline.results import Dead, Reject, Result
from shared.telemetry import logger

T = TypeVar("T")
log = logger("pipeline")
Decode = Callable[[Record, Envelope], T]


class Item(NamedTuple, Generic[T]):
    """One decoded record: ``value`` is what the stage's ``decode`` made of it. A tuple, as a record is one."""

    record: Record
    envelope: Envelope
    value: T


class Batch(Generic[T]):
    """Decoded records and the board on which the handler writes their results.

    Iterating gives ``(place, item)`` of what is not settled, one record at a time: a handler that keeps none of
    them lets each go before the next one is decoded. ``items`` and ``unsettled`` are for those that need all of them.
    """

    def __init__(self, items: Sequence[Item[T]]) -> None:
        self._items = items
        self.results: list[Result | None] = [None] * len(items)

    def __iter__(self) -> Iterator[tuple[int, Item[T]]]:
        for place, item in enumerate(self._items):
            if self.results[place] is None:
                yield place, item

    @property
    def items(self) -> Sequence[Item[T]]:
        """By place; only the places that :meth:`unsettled` names are to be looked up."""
        return self._items

    def settle(self, index: int, result: Result) -> None:
        """Write the result of ``items[index]``; once only."""
        if self.results[index] is not None:
            raise ValueError(f"item {index} of the batch is settled already")
        self.results[index] = result

    def unsettled(self) -> list[int]:
        return [index for index, result in enumerate(self.results) if result is None]


Handler = Callable[[Batch[T]], Awaitable[None]]
FateOf = Callable[[Record, Envelope, Reject | Dead], Sequence[Outgoing]]


def no_fate(_record: Record, _envelope: Envelope, _result: Reject | Dead) -> Sequence[Outgoing]:
    """For stages whose records belong to no visit."""
    return ()


@dataclass(frozen=True)
class Stage(Generic[T]):
    """``name`` is unique within ``service``; together they name the consumer group and the metrics.

    ``topic`` is a short name. ``batch`` is the most records handed over at once. ``fate`` makes the records for
    ``fates`` from a rejection or a dead letter (also of a record that could not be decoded: the envelope's
    visit id is all that is known then). ``trusted`` False: anybody may write to the topic, so records that cannot
    be decoded say nothing about the deploy and never stop the stage.
    """

    service: str
    name: str
    topic: str
    decode: Decode[T]
    handle: Handler[T]
    fate: FateOf = field(default=no_fate)
    batch: int = 100
    trusted: bool = True


def each(handle_one: Callable[[Item[T]], Awaitable[Result]], *, parallel: int = 1) -> Handler[T]:
    """A batch handler from one for single records, ``parallel`` at a time.

    A :class:`RecordError` that it raises is that record's :class:`Dead`; any other exception but a dependency's
    is ``handler-failed``.
    """

    async def settle(batch: Batch[T], index: int, item: Item[T]) -> None:
        try:
            result = await handle_one(item)
        except (DependencyAway, DeployBroken):
            raise
        except RecordError as error:
            result = Dead(error.code, error.hint, error.message)
        except Exception as error:
            log.exception("handler failed", **ids_of(item.record, item.envelope))
            result = Dead(HandlerFailed.code, HandlerFailed.hint, repr(error))
        batch.settle(index, result)

    async def one_by_one(batch: Batch[T]) -> None:
        for index, item in batch:
            await settle(batch, index, item)

    async def together(batch: Batch[T]) -> None:
        gate = asyncio.Semaphore(parallel)

        async def run(index: int, item: Item[T]) -> None:
            async with gate:
                await settle(batch, index, item)

        try:
            async with asyncio.TaskGroup() as group:
                for index, item in batch:
                    group.create_task(run(index, item))
        except ExceptionGroup as failed:  # not ``except*``: in 3.11.2 what that raises is in a group again
            owned = failed.subgroup((DependencyAway, DeployBroken))
            raise failed if owned is None else owned.exceptions[0] from None

    return one_by_one if parallel == 1 else together
