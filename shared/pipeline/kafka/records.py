"""Reading fetched record batches although a header key in them is not UTF-8.

aiokafka decodes header keys while it parses a batch. One that is not UTF-8 (legal on the wire) raises inside
``getmany``, for ever, and takes every later record of its batch with it: a broker hands out whole batches, so even
a consumer that seeks past the offset meets the same bytes again. Nothing above the parser can help; so a batch
whose parser raises is parsed a second time by ours, which keeps such a key readable (PEP 383, surrogate escapes).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any

from aiokafka.consumer import fetcher
from aiokafka.errors import CorruptRecordException
from aiokafka.record.default_records import _DefaultRecordBatchPy, _DefaultRecordPy
from aiokafka.record.memory_records import MemoryRecords
from aiokafka.record.util import decode_varint

_LENGTH = struct.Struct(">i")
_LENGTH_AT = 8  # behind the base offset
_LOG_OVERHEAD = 12  # base offset and length


class TolerantRecords:
    """What a fetch of one partition brought; stands in for aiokafka's ``MemoryRecords``.

    ``reparsed`` counts, over all consumers, the batches that had to be parsed by us.
    """

    reparsed = 0

    def __init__(self, octets: bytes) -> None:
        self._octets = octets
        self._inner = MemoryRecords(octets)
        self._start = self._end = 0  # of the batch that was handed out last
        self._batch: Any = None
        self._repeat = False

    def size_in_bytes(self) -> int:
        size: int = self._inner.size_in_bytes()
        return size

    def has_next(self) -> bool:
        more: bool = self._repeat or self._inner.has_next()
        return more

    def next_batch(self) -> Any:
        if self._repeat:
            self._repeat = False
            TolerantRecords.reparsed += 1
            return ReparsedBatch(self._batch, memoryview(self._octets)[self._start : self._end])
        self._batch = self._inner.next_batch()
        self._start = self._end
        if self._batch is not None:
            (length,) = _LENGTH.unpack_from(self._octets, self._start + _LENGTH_AT)
            self._end = self._start + _LOG_OVERHEAD + length
        return self._batch

    def repeat(self) -> None:
        """Hand out the last batch once more, parsed by us."""
        self._repeat = True


class TolerantPartition(fetcher.PartitionRecords):  # type: ignore[misc]
    """Stands in for the fetcher's ``PartitionRecords``: goes on where the library's parser raised."""

    _records_iterator: Any

    def __next__(self) -> Any:
        try:
            return next(self._records_iterator)
        except StopIteration:
            self._records_iterator = None
            raise
        except UnicodeDecodeError:
            if not isinstance(self._records, TolerantRecords):
                raise
            # A generator that raised has ended. The new one passes over what it has yielded, by its offset.
            self._records.repeat()
            self._records_iterator = self._unpack_records()
            return next(self)


class ReparsedBatch:
    """One batch, as ``PartitionRecords`` uses it."""

    __slots__ = (
        "_octets",
        "base_offset",
        "is_control_batch",
        "is_transactional",
        "next_offset",
        "producer_id",
    )

    def __init__(self, batch: Any, octets: memoryview) -> None:
        self._octets = octets
        self.base_offset = batch.base_offset
        self.is_control_batch = batch.is_control_batch
        self.is_transactional = batch.is_transactional
        self.next_offset = batch.next_offset
        self.producer_id = batch.producer_id

    def validate_crc(self) -> bool:
        """True: it was looked at before the first parsing, and the library's batch takes no second look."""
        return True

    def __iter__(self) -> Iterator[Any]:
        return parse(self._octets)


def parse(octets: memoryview) -> Iterator[_DefaultRecordPy]:
    """The records of one batch (format 2). Raises CorruptRecordException where it is cut off."""
    batch = _DefaultRecordBatchPy(octets)
    batch._maybe_uncompress()
    buffer, position = batch._buffer, batch._pos
    try:
        for _ in range(batch._num_records):
            record, position = _record(batch, buffer, position)
            yield record
    except IndexError as error:
        raise CorruptRecordException(f"a record batch ends early: {error!r}") from error


def _record(batch: _DefaultRecordBatchPy, buffer: bytearray, position: int) -> tuple[_DefaultRecordPy, int]:
    _length, position = decode_varint(buffer, position)
    _attributes, position = decode_varint(buffer, position)
    delta, position = decode_varint(buffer, position)
    append_time = batch.timestamp_type == batch.LOG_APPEND_TIME
    timestamp = batch.max_timestamp if append_time else batch.first_timestamp + delta
    offset, position = decode_varint(buffer, position)
    key, position = _octets(buffer, position)
    value, position = _octets(buffer, position)
    number, position = decode_varint(buffer, position)
    headers: list[tuple[str, bytes | None]] = []
    for _ in range(number):
        name, position = _octets(buffer, position)
        content, position = _octets(buffer, position)
        headers.append(((name or b"").decode("utf-8", "surrogateescape"), content))
    offset += batch.base_offset
    return _DefaultRecordPy(offset, timestamp, batch.timestamp_type, key, value, headers), position


def _octets(buffer: bytearray, position: int) -> tuple[bytes | None, int]:
    length, position = decode_varint(buffer, position)
    if length < 0:
        return None, position
    if position + length > len(buffer):
        raise IndexError(f"{length} bytes at {position} of {len(buffer)}")
    return bytes(buffer[position : position + length]), position + length


def is_readable(name: str) -> bool:
    """Whether a header key was UTF-8 on the wire."""
    return name.isascii() or not any("\udc80" <= character <= "\udcff" for character in name)


# The fetcher offers no other place to name the parser. Every consumer of this process gains by it, none loses.
fetcher.MemoryRecords = TolerantRecords
fetcher.PartitionRecords = TolerantPartition
