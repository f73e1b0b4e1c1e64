"""As much of protobuf's wire format as it takes to exchange parts of a message and keep the rest byte by byte.

The library would bring compiled descriptions of a format of which three messages are touched, once a start.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

Bytes = bytes | memoryview

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_SIZES = {_FIXED64: 8, _FIXED32: 4}


class Field(NamedTuple):
    """`whole`: the field as it stands in the message. `content`: what a string or a message holds, else nothing;
    `value`: of a number, else 0."""

    number: int
    whole: Bytes
    content: Bytes
    value: int


def fields(message: Bytes) -> Iterator[Field]:
    """The fields of a message, in their order. They are views of it: a model's weights are not copied.

    Raises ValueError or IndexError for what is no message.
    """
    message = memoryview(message)
    at = 0
    while at < len(message):
        start = at
        tag, at = _varint(message, at)
        kind, content = tag & 7, message[:0]
        value = 0
        if kind == _VARINT:
            value, at = _varint(message, at)
        elif kind == _BYTES:
            size, at = _varint(message, at)
            content = message[at : at + size]
            at += size
        elif kind in _SIZES:
            at += _SIZES[kind]
        else:
            raise ValueError(f"a field of kind {kind}")
        if at > len(message):
            raise ValueError("a field that goes on behind its message")
        yield Field(tag >> 3, message[start:at], content, value)


def field(number: int, content: bytes | str) -> bytes:
    """A string or a message as a field."""
    raw = content.encode() if isinstance(content, str) else content
    return header(number, len(raw)) + raw


def header(number: int, size: int) -> bytes:
    """What stands before the `size` bytes of a string or a message."""
    return _written(number << 3 | _BYTES) + _written(size)


def number(at: int, value: int) -> bytes:
    """A number that is not negative as a field."""
    return _written(at << 3 | _VARINT) + _written(value)


def _varint(message: memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[at]
        value |= (byte & 0x7F) << shift
        at += 1
        if byte < 0x80:
            return value, at
        shift += 7


def _written(value: int) -> bytes:
    found = bytearray()
    while value >= 0x80:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    found.append(value)
    return bytes(found)
