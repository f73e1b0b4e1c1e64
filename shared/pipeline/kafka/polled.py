"""A poll's messages as records, each made when somebody looks at it: so there are never two forms of a batch."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, overload

from aiokafka import ConsumerRecord

from shared.contracts.record import Record

# Record(…) without the call of its Python constructor: one is made of every message.
_record: Callable[[tuple[Any, ...]], Record] = partial(tuple.__new__, Record)


class Polled(Sequence[Record]):
    """``topic`` is the short name that the records get."""

    def __init__(self, topic: str, messages: Sequence[ConsumerRecord]) -> None:
        self._topic = topic
        self._messages = messages

    def __len__(self) -> int:
        return len(self._messages)

    @overload
    def __getitem__(self, place: int) -> Record: ...
    @overload
    def __getitem__(self, place: slice) -> Polled: ...
    def __getitem__(self, place: int | slice) -> Record | Polled:
        if isinstance(place, slice):
            return Polled(self._topic, self._messages[place])
        m = self._messages[place]
        return _record((self._topic, m.partition, m.offset, m.timestamp, m.key, m.value, m.headers))

    def __iter__(self) -> Iterator[Record]:
        topic = self._topic
        for m in self._messages:
            yield _record((topic, m.partition, m.offset, m.timestamp, m.key, m.value, m.headers))
