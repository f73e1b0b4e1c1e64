"""What an error of a database means, and who owns it.

the database is away    refused, lost, shutting down, full, locked, too many connections   DatabaseAway
two transactions met    deadlock, serialisation                                            Conflict (done again)
it is not what we need  no table or column: SchemaMissing; not our file: NotOurDatabase;
                        wrong password or name: SettingsInvalid
anything else           a defect or a bad record: passed on as it came
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import exc

from shared.errors import ClaimstreamError, DatabaseAway, NotOurDatabase, SchemaMissing, SettingsInvalid

# How SQLAlchemy and the driver's adapter introduce the words of the database.
_WRAPPED = re.compile(r"^(\([\w.]+\) )?(<class '[\w.]+'>: )?")


class Conflict(DatabaseAway):
    """Raised when this transaction lost against another one. Done again, it has every chance."""

    code = "database-conflict"


# https://www.postgresql.org/docs/current/errcodes-appendix.html
_CONFLICT_STATES = {
    "40001",  # serialization_failure
    "40P01",  # deadlock_detected
    "55P03",  # lock_not_available
}
_AWAY_CLASSES = {
    "08",  # connection exception
    "53",  # out of disk, memory, connections
    "58",  # system error: input or output failed
}
_AWAY_STATES = {
    "25006",  # read-only: we still talk to a primary that was demoted
    "57P01",  # admin_shutdown
    "57P02",  # crash_shutdown
    "57P03",  # cannot_connect_now: starting up, or recovering
    "57P05",  # idle_session_timeout
    "57014",  # query_canceled, by a statement_timeout
    "25P03",  # idle_in_transaction_session_timeout: this process stood still
}
_SETTINGS_STATES = {"28000", "28P01", "3D000"}  # unknown user, wrong password, no such database
_SCHEMA_STATES = {"42P01", "42703", "3F000"}  # no such table, column, schema

# https://www.sqlite.org/rescode.html (primary codes)
_SQLITE_AWAY = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PROTOCOL,
}
_SQLITE_FOREIGN = {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT}


def meaning(error: BaseException) -> ClaimstreamError | None:
    """The error of ours that says the same, or None: the caller's own defect, or the record's."""
    if isinstance(error, ClaimstreamError):
        return None
    first_line = _WRAPPED.sub("", (str(error).splitlines() or [""])[0])
    for cause in _causes(error):
        if isinstance(cause, sqlite3.Error):
            return _sqlite_meaning(cause)
        state = getattr(cause, "sqlstate", None)
        if isinstance(state, str):
            return _postgres_meaning(state, first_line)
        if isinstance(cause, (OSError, TimeoutError, exc.TimeoutError)):
            return DatabaseAway(first_line or repr(cause))
    if isinstance(error, exc.DBAPIError) and error.connection_invalidated:
        return DatabaseAway(first_line)
    if isinstance(error, (exc.InterfaceError, exc.OperationalError)):
        # Without a state: asyncpg's own words for a connection that is closed or closing.
        return DatabaseAway(first_line)
    return None


@contextmanager
def database_errors() -> Iterator[None]:
    """Everything that talks to a database stands in here; no other module knows a driver's exceptions."""
    try:
        yield
    except Exception as error:
        ours = meaning(error)
        if ours is None:
            raise
        raise ours from error


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error, what SQLAlchemy wrapped in it, and what the driver's adapter wrapped in that."""
    seen: set[int] = set()
    pending: list[BaseException | None] = [error]
    while pending:
        current = pending.pop(0)
        if current is None or id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        if isinstance(current, exc.StatementError):
            pending.append(current.orig)
        pending.append(current.__cause__)


def _postgres_meaning(state: str, message: str) -> ClaimstreamError | None:
    if state in _CONFLICT_STATES:
        return Conflict(message)
    if state in _AWAY_STATES or state[:2] in _AWAY_CLASSES:
        return DatabaseAway(message)
    if state in _SCHEMA_STATES:
        return SchemaMissing(message)
    if state in _SETTINGS_STATES:
        return SettingsInvalid(message, hint="Correct user, password and name in the database's URL.")
    return None


def _sqlite_meaning(error: sqlite3.Error) -> ClaimstreamError | None:
    code = getattr(error, "sqlite_errorcode", None)
    primary = code & 0xFF if isinstance(code, int) else None
    if primary in _SQLITE_FOREIGN:
        return NotOurDatabase(str(error))
    if primary in _SQLITE_AWAY:
        return DatabaseAway(str(error))
    if str(error).startswith(("no such table", "no such column")) or "has no column named" in str(error):
        return SchemaMissing(str(error))
    if primary is None and isinstance(error, sqlite3.OperationalError):
        return DatabaseAway(str(error))  # the connection's thread is gone
    return None
