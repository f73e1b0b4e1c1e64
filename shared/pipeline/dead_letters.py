"""A dead letter: the original bytes, key and headers, plus why. The way back is ``claimstream dead redrive``.

The reason travels in headers of its own, so that the original ones stay untouched:

    dead_service, dead_stage   who gave up
    dead_code, dead_hint       why, and what to do
    dead_detail                the exception in short
    dead_at                    when, RFC 3339
    dead_topic, dead_partition, dead_offset, dead_timestamp   where the original lies
    dead_null                  ``key``, ``value`` or ``key,value`` where the original had null
    dead_headers               how many headers the original had; they stand first, also where they are named like ours
    dead_packed                ``zstd`` where the value had to be compressed to fit
    dead_dropped               what had to be left out: the original must be read at its coordinates, while they last
"""

from __future__ import annotations

import zstandard

from shared.clock import Clock, iso
from shared.contracts.record import Outgoing, Record
from shared.contracts.topics import dead
from shared.pipeline.results import Dead

PREFIX = "dead_"
REASONS = 12  # how many headers of ours a letter has; the last is dead_headers
# Beside the original, a dead-letter topic takes 64 KiB (deploy/topics.toml): reasons must stay well below.
MAX_TEXT = 4_000
MAX_UNPACKED = (
    256 * 2**20
)  # anybody can write into a topic; a letter of ours never unpacks to more than was fetched


def dead_letter(record: Record, verdict: Dead, *, service: str, stage: str, clock: Clock) -> Outgoing:
    """The record for ``<topic>.v1.<service>.dead``. Null keys and values are written as empty and named."""
    nulls = ",".join(name for name, value in (("key", record.key), ("value", record.value)) if value is None)
    reasons = {
        "service": service,
        "stage": stage,
        "code": verdict.code,
        "hint": verdict.hint[:MAX_TEXT],
        "detail": verdict.detail[:MAX_TEXT],
        "at": iso(clock.now()),
        "topic": record.topic,
        "partition": str(record.partition),
        "offset": str(record.offset),
        "timestamp": str(record.timestamp),
        "null": nulls,
        "headers": str(len(record.headers)),
    }
    headers = [
        *((_writable(name), value) for name, value in record.headers),
        *((PREFIX + name, text.encode("utf-8", "replace")) for name, text in reasons.items()),
    ]
    return Outgoing(dead(record.topic, service), record.key or b"", record.value or b"", headers)


def _writable(name: str) -> str:
    """A header key that was not UTF-8 on the wire (read with surrogate escapes), its odd bytes as ``\\xff``."""
    if name.isascii():
        return name
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def fitted(letter: Outgoing, max_bytes: int) -> Outgoing:
    """The letter, made to fit its topic.

    A broker counts compressed bytes, so a producer that compresses can hand us a record several times as large as
    its topic takes. Its letter is packed; if even that is too large, it keeps the reasons and the coordinates only.
    """
    if letter.size <= max_bytes:
        return letter
    packed = zstandard.compress(letter.value or b"")
    headers = [*letter.headers, (PREFIX + "packed", b"zstd")]
    smaller = Outgoing(letter.topic, letter.key, packed, headers)
    if smaller.size <= max_bytes:
        return smaller
    reasons = list(letter.headers)[len(letter.headers) - REASONS : -1]
    none_left = [(PREFIX + "headers", b"0"), (PREFIX + "dropped", b"key,value,headers")]
    return Outgoing(letter.topic, b"", b"", [*reasons, *none_left])


def original(letter: Record) -> Outgoing:
    """The record that a dead letter was made from, for its source topic.

    Raises ValueError for anything else, also for a letter that had to leave the original out.
    """
    reasons = reasons_of(letter)
    if "topic" not in reasons:
        raise ValueError("not a dead letter: it lacks the header dead_topic")
    if "dropped" in reasons:
        raise ValueError("the original was too large to be kept with its dead letter")
    nulls = reasons.get("null", "").split(",")
    key = None if "key" in nulls else letter.key
    value = None if "value" in nulls else letter.value
    if value is not None and reasons.get("packed") == "zstd":
        value = _unpack(value)
    return Outgoing(reasons["topic"], key, value, list(letter.headers[: _originals(letter)]))


def reasons_of(letter: Record) -> dict[str, str]:
    """The ``dead_*`` headers of a dead letter, by their names without the prefix."""
    return {
        name[len(PREFIX) :]: (value or b"").decode("utf-8", "replace")
        for name, value in letter.headers[_originals(letter) :]
        if name.startswith(PREFIX)
    }


def _originals(letter: Record) -> int:
    """How many of the letter's headers are the original's."""
    count = next((value for name, value in reversed(letter.headers) if name == PREFIX + "headers"), None)
    return int(count) if count is not None and count.isdigit() else 0


def _unpack(value: bytes) -> bytes:
    try:
        if zstandard.frame_content_size(value) > MAX_UNPACKED:
            raise ValueError(f"the packed value is larger than {MAX_UNPACKED} bytes")
        return zstandard.decompress(value)
    except zstandard.ZstdError as error:
        raise ValueError(f"the packed value cannot be read: {error}") from None
