"""The database's clock, which all replicas share: integer microseconds since 1970, alike on both databases.

A lease that one machine wrote is judged by another; their own clocks may differ by minutes.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from shared.clock import iso

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class now_us(FunctionElement[int]):  # noqa: N801  (it stands in statements as a function does)
    """Microseconds since 1970 by the database's clock, when the statement runs (not when its transaction began:
    a lease taken after a wait for a lock would be born old). SQLite knows milliseconds only."""

    type = BigInteger()
    inherit_cache = True
    name = "now_us"


@compiles(now_us, "postgresql")
def _postgresql(_element: now_us, _compiler: SQLCompiler, **_: Any) -> str:
    return "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)"


@compiles(now_us, "sqlite")
def _sqlite(_element: now_us, _compiler: SQLCompiler, **_: Any) -> str:
    # %f is seconds and milliseconds, `SS.SSS`; unixepoch('subsec') would need SQLite 3.42.
    return (
        "(CAST(strftime('%s', 'now') AS INTEGER) * 1000000"
        " + CAST(substr(strftime('%f', 'now'), 4) AS INTEGER) * 1000)"
    )


def to_us(moment: datetime) -> int:
    """Microseconds since 1970 of an aware time, exactly (a float would round)."""
    return (moment - _EPOCH) // _MICROSECOND


def from_us(microseconds: int) -> datetime:
    """The inverse of :func:`to_us`, in UTC."""
    return _EPOCH + microseconds * _MICROSECOND


def iso_us(microseconds: int) -> str:
    """The form of our records: RFC 3339, UTC, microseconds, ``Z``."""
    return iso(from_us(microseconds))
