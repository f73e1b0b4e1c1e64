"""What one process keeps beside the services' tables: dead letters, and where the files of its visits lie.

On Kafka dead letters have topics; the memory transport keeps nothing, so here they lie in a table.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote_to_bytes

from sqlalchemy import Column, Integer, LargeBinary, MetaData, Table, Text, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.ext.asyncio import AsyncEngine

from claimstream.databases import in_file, require_writable
from claimstream.words import SURROGATE
from shared.contracts.record import Outgoing, Record
from shared.database import open_database, read, write
from shared.errors import UsageError
from shared.pipeline.redrive import Letter, letters_of

metadata = MetaData()

_FILE_URL = "file://"

dead_letters = Table(
    "local_dead_letters",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("topic", Text, nullable=False),  # short name with its service: pages!cleaner
    Column("key", LargeBinary),
    Column("value", LargeBinary),
    Column("headers", Text, nullable=False),  # [[name, hex or null], …]
    Column("redriven", Integer, nullable=False, server_default="0"),
)

files = Table(
    "local_files",
    metadata,
    Column("visit_id", Text, primary_key=True),
    Column("path", Text, nullable=False),
    Column("content_type", Text),
)


class LocalTables:
    """Reads and writes the two tables of one SQLite file."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def create(self) -> None:
        async with write(self._engine) as connection:
            await connection.run_sync(metadata.create_all)

    async def keep(self, letter: Outgoing) -> None:
        """Keep a dead letter."""
        headers = json.dumps(
            [[name, None if value is None else value.hex()] for name, value in letter.headers]
        )
        async with write(self._engine) as connection:
            await connection.execute(
                insert(dead_letters).values(
                    topic=letter.topic, key=letter.key, value=letter.value, headers=headers
                )
            )

    async def letters(self) -> list[Letter]:
        """All dead letters, oldest first; the offset of a letter's record is its number."""
        async with read(self._engine) as connection:
            rows = (await connection.execute(select(dead_letters).order_by(dead_letters.c.number))).all()
        records = [
            Record(row.topic, 0, row.number, 0, row.key, row.value, _headers(row.headers)) for row in rows
        ]
        done = {row.number for row in rows if row.redriven}
        return [replace(letter, redriven=letter.record.offset in done) for letter in letters_of(records)]

    async def mark_redriven(self, numbers: Sequence[int]) -> None:
        async with write(self._engine) as connection:
            await connection.execute(
                update(dead_letters).where(dead_letters.c.number.in_(numbers)).values(redriven=1)
            )

    async def remember_file(self, visit_id: str, path: str, content_type: str | None) -> None:
        """Where the file of a visit lies, so that an interrupted run can read it again."""
        row = {"visit_id": visit_id, "path": _kept(path), "content_type": content_type}
        async with write(self._engine) as connection:
            await connection.execute(
                upsert(files).values(row).on_conflict_do_update(index_elements=["visit_id"], set_=row)
            )

    async def files(self) -> dict[str, tuple[str, str | None]]:
        """Path and content type by visit id."""
        async with read(self._engine) as connection:
            rows = (await connection.execute(select(files))).all()
        return {row.visit_id: (_read(row.path), row.content_type) for row in rows}


def _kept(path: str) -> str:
    """A path as the database takes it: one whose bytes are no UTF-8 as a file's URL, which no absolute path is."""
    return Path(path).as_uri() if SURROGATE.search(path) else path


def _read(kept: str) -> str:
    return os.fsdecode(unquote_to_bytes(kept.removeprefix(_FILE_URL))) if kept.startswith(_FILE_URL) else kept


def _headers(text: str) -> tuple[tuple[str, bytes | None], ...]:
    return tuple(
        (name, None if octets is None else bytes.fromhex(octets)) for name, octets in json.loads(text)
    )


@contextlib.contextmanager
def sole_user(database: Path) -> Iterator[None]:
    """Hold the database for one `ingest`: a second one would take the first one's visits for abandoned.

    Raises UsageError with the code ``database-in-use``, and NotOurDatabase, beside which nothing is written. The lock
    ends with the process, however it ends.
    """
    if database.is_dir():
        raise UsageError(
            f"{database} is a folder", code="file-unwritable", hint="Name a file in it: --db claimstream.db."
        )
    if database.exists():
        require_writable(database)
        open_database(in_file(database).fetcher).sync_engine.dispose()
    path = database.with_name(database.name + "-lock")
    try:
        held = path.open("w")
    except OSError as error:
        raise UsageError(
            f"cannot write beside {database}: {error.strerror}",
            code="file-unwritable",
            hint="Name a database in a folder that exists and that you may write to.",
        ) from None
    with held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise UsageError(
                f"{database} is in use by another claimstream",
                code="database-in-use",
                hint="Wait until it ends, or name another --db.",
            ) from None
        yield
