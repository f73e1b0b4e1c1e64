"""Envelopes that are read when somebody asks: most handlers never do, and parsing costs as much as a small record."""

from __future__ import annotations

import dataclasses
from typing import Any

from shared.contracts import envelope as envelopes
from shared.contracts.envelope import Envelope
from shared.contracts.record import Headers

_FIELDS = tuple(field.name for field in dataclasses.fields(Envelope))
_set = object.__setattr__


class LazyEnvelope(Envelope):
    """An :class:`Envelope` that parses its headers at the first look at a field; equal to the parsed one."""

    __slots__ = ("_headers",)

    def __init__(self, headers: Headers) -> None:
        _set(self, "_headers", headers)

    def __getattr__(self, name: str) -> Any:
        # Only called while a field's slot is empty.
        if name not in _FIELDS:
            raise AttributeError(name)
        parsed = envelopes.parse(self._headers)
        for field in _FIELDS:
            _set(self, field, getattr(parsed, field))
        return getattr(parsed, name)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Envelope):
            return NotImplemented
        return all(getattr(self, field) == getattr(other, field) for field in _FIELDS)

    __hash__ = Envelope.__hash__


def lazily(headers: Headers) -> Envelope:
    """A :class:`LazyEnvelope` of ``headers``, without a call of its constructor: one is made of every record."""
    envelope = _new(LazyEnvelope)
    _keep(envelope, headers)
    return envelope


_new = object.__new__
_keep = LazyEnvelope.__dict__["_headers"].__set__


def has(headers: Headers, wanted: str) -> bool:
    """Whether one of the headers has this name; costs a small part of parsing them."""
    # Compared one by one: a set or a dict would hash each name first, and no two records share their strings.
    for name, _ in headers:  # noqa: SIM110
        if name == wanted:
            return True
    return False
