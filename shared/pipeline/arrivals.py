"""The records of a poll as a batch: each is decoded when the handler comes to it.

Decoded all at once, a batch is larger than the processor's cache, and every record is fetched from memory again when
it is handled; that cost more than everything else that a stage adds to the reading of a topic.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, TypeVar

from shared.contracts.envelope import Envelope
from shared.contracts.record import Record
from shared.errors import HandlerFailed, RecordError
from shared.pipeline.attributes import lazily
from shared.pipeline.results import Dead, Emit
from shared.pipeline.stage import Batch, Decode, Item

T = TypeVar("T")
PASSED_BY = Emit()
# Item(…) without the call of its Python constructor: one is made of every record.
_item: Callable[[tuple[Record, Envelope, Any]], Item[Any]] = partial(tuple.__new__, Item)


class Arrivals(Batch[T]):
    """A batch of ``records`` by their places. In passing, a record that cannot be decoded is settled as dead, and one
    that was redriven for another service than ``service`` as passed by."""

    def __init__(self, records: Sequence[Record], decode: Decode[T], service: str) -> None:
        super().__init__(())
        self.results = [None] * len(records)
        self._records = records
        self._decode = decode
        self._service = service
        self._decoded = False

    def __iter__(self) -> Iterator[tuple[int, Item[T]]]:
        return super().__iter__() if self._decoded else self._arrive()

    @property
    def items(self) -> Sequence[Item[T]]:
        if not self._decoded:
            items: list[Any] = [None] * len(self._records)
            for place, item in self._arrive():
                items[place] = item
            self._items, self._decoded = items, True
        return self._items

    def unsettled(self) -> list[int]:
        _ = self.items  # what cannot be decoded is settled
        return super().unsettled()

    def _arrive(self) -> Iterator[tuple[int, Item[T]]]:
        decode, results = self._decode, self.results
        for place, record in enumerate(self._records):
            if results[place] is not None:
                continue
            envelope = lazily(record.headers)
            for name, _ in record.headers:  # as ``has`` does; a call for each record would cost as much again
                if name == "ce_to":
                    if envelope.to not in (None, self._service):
                        results[place] = PASSED_BY
                    break
            if results[place] is not None:
                continue
            try:
                value = decode(record, envelope)
            except RecordError as error:
                results[place] = Dead(error.code, error.hint, error.message)
            except Exception as error:
                # A decoder that raises anything else is a defect of ours; the record must not be lost for it.
                results[place] = Dead(HandlerFailed.code, HandlerFailed.hint, repr(error))
            else:
                yield place, _item((record, envelope, value))
                del value  # before the next one is decoded
