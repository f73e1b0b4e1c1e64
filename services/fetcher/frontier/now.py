"""The frontier's time: the database's clock, which every replica shares. Tests put another expression in its place."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import ColumnElement, case

from shared.database import now_us

Now = Callable[[], ColumnElement[int]]

SECOND = 1_000_000


def database_now() -> ColumnElement[int]:
    """Microseconds since 1970 when the statement runs."""
    return now_us()


def later_of(one: ColumnElement[int], other: ColumnElement[int]) -> ColumnElement[int]:
    """The larger of two times, on both databases (PostgreSQL says GREATEST, SQLite MAX)."""
    return case((one > other, one), else_=other)


def earlier_of(one: ColumnElement[int], other: ColumnElement[int]) -> ColumnElement[int]:
    """The smaller of two times; a null counts as never."""
    return case((other.is_(None), one), (one.is_(None), other), (one < other, one), else_=other)


def us(seconds: float) -> int:
    """Seconds as microseconds."""
    return round(seconds * SECOND)
