"""What a handler says of one record: *emit* these, *reject* with a reason, or *dead* with a code."""

from __future__ import annotations

from dataclasses import dataclass

from shared.contracts.record import Outgoing


@dataclass(frozen=True, slots=True)
class Emit:
    """The record is done; ``records`` are what it caused (perhaps nothing)."""

    records: tuple[Outgoing, ...] = ()


@dataclass(frozen=True, slots=True)
class Reject:
    """The record was understood and is not wanted; the stage's ``fate`` function tells the account why."""

    code: str
    hint: str


@dataclass(frozen=True, slots=True)
class Dead:
    """The record cannot be handled: it goes to the dead letters untouched, and the account hears of it."""

    code: str
    hint: str
    detail: str = ""


Result = Emit | Reject | Dead
