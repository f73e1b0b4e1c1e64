"""On which partition a record of ours lies: decided here, never by a client library.

Records of ``claims*`` are keyed by claim id (compaction) and placed by article id (order), so the producer must
name the partition. The hash is that of Kafka's Java client (``org.apache.kafka.common.utils.Utils.murmur2``);
librdkafka's default differs. Vectors: ``tests/data/vectors/placement.json``.
"""

from __future__ import annotations

import struct
from functools import lru_cache

_SEED = 0x9747B28C
_M = 0x5BD1E995
_MASK = 0xFFFFFFFF


def murmur2(octets: bytes) -> int:
    """MurmurHash2 with Kafka's seed, as an unsigned 32-bit number."""
    length = len(octets)
    words, rest = divmod(length, 4)
    hashed = _SEED ^ length
    for word in struct.unpack_from(f"<{words}I", octets):
        word = word * _M & _MASK
        word = (word ^ word >> 24) * _M & _MASK
        hashed = hashed * _M & _MASK ^ word
    if rest:
        hashed = (hashed ^ int.from_bytes(octets[-rest:], "little")) * _M & _MASK
    hashed = (hashed ^ hashed >> 13) * _M & _MASK
    return hashed ^ hashed >> 15


@lru_cache(maxsize=16384)  # an article's claims come one after the other: one hash for all of them
def partition_for(key: bytes, partitions: int) -> int:
    """The partition of ``key`` (an id as 36 ASCII characters) on a topic with so many partitions."""
    return (murmur2(key) & 0x7FFFFFFF) % partitions
