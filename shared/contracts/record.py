"""A record as it lies on a topic, and a record on its way there. Bytes only; no library's types."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

Headers = Sequence[tuple[str, bytes | None]]


class Record(NamedTuple):
    """A record as consumed. ``topic`` is the short name (``pages``), the same on every transport and prefix.

    ``timestamp`` is milliseconds since 1970 as the broker keeps it. Header values may be null and need not be UTF-8.
    A tuple, for one is made of every record that comes in, and a frozen dataclass takes three times as long.
    """

    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: Headers

    @property
    def coordinates(self) -> str:
        """``topic:partition:offset``, the identity of a record that carries no other."""
        return f"{self.topic}:{self.partition}:{self.offset}"

    def header(self, name: str) -> bytes | None:
        """The first value of a header, or None where it is absent or null."""
        for key, value in self.headers:
            if key == name:
                return value
        return None


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A record to produce. ``headers`` are complete but for those that a stage copies (attempt, traceparent).

    ``place_by`` decides the partition (murmur2, as Kafka's Java client does); None means: by ``key``.
    """

    topic: str
    key: bytes | None
    value: bytes | None
    headers: Headers = ()
    place_by: bytes | None = None

    @property
    def size(self) -> int:
        """Bytes that a broker counts against ``max.message.bytes``, rounded up."""
        headers = sum(len(k.encode("utf-8", "replace")) + len(v or b"") + 10 for k, v in self.headers)
        return len(self.key or b"") + len(self.value or b"") + headers + 100
