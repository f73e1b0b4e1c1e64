"""The database door: what it refuses, what its errors mean, and that writers do not lose each other's work."""

from __future__ import annotations

import asyncio
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import exc, select, text

from shared.database import (
    Sole,
    from_us,
    iso_us,
    now_us,
    open_database,
    read,
    to_us,
    transact,
    write,
)
from shared.database.engine import APPLICATION_ID
from shared.database.failures import Conflict, database_errors, meaning
from shared.errors import DatabaseAway, NotOurDatabase, SchemaMissing, SettingsInvalid


def url_of(path: Path) -> str:
    return f"sqlite+aiosqlite:///{path}"


def test_a_new_file_is_stamped_as_ours(tmp_path: Path) -> None:
    open_database(url_of(tmp_path / "new.db"))
    with sqlite3.connect(tmp_path / "new.db") as connection:
        assert connection.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()
    open_database(url_of(tmp_path / "new.db"))


def test_a_database_of_another_program_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "bookmarks.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE bookmarks (id INTEGER)")
    connection.commit()
    connection.close()
    before = path.read_bytes()
    with pytest.raises(NotOurDatabase) as caught:
        open_database(url_of(path))
    assert caught.value.code == "not-our-database"
    assert "bookmarks.db" in caught.value.message
    assert path.read_bytes() == before


def test_a_stamp_of_another_program_is_refused_even_without_tables(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "empty.db")
    connection.execute("PRAGMA application_id = 42")
    connection.commit()
    connection.close()
    with pytest.raises(NotOurDatabase):
        open_database(url_of(tmp_path / "empty.db"))


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("These are my notes of the meeting.\n" * 100)
    with pytest.raises(NotOurDatabase):
        open_database(url_of(path))
    assert path.read_text().startswith("These are my notes")


@pytest.mark.parametrize(
    "url", ["", "mysql://here/x", "sqlite+aiosqlite://", "sqlite+aiosqlite:///:memory:", "sqlite:///x.db"]
)
def test_a_url_that_names_no_database_of_ours_is_a_setting_to_correct(url: str) -> None:
    with pytest.raises(SettingsInvalid) as caught:
        open_database(url)
    assert "sqlite+aiosqlite:///" in caught.value.hint


def test_a_folder_is_no_database_file(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "absent" / "x.db"):
        with pytest.raises(SettingsInvalid):
            open_database(url_of(path))


async def test_writers_that_read_first_do_not_lose_each_others_updates(tmp_path: Path) -> None:
    engine = open_database(url_of(tmp_path / "count.db"))
    other = open_database(url_of(tmp_path / "count.db"))
    async with write(engine) as connection:
        await connection.execute(text("CREATE TABLE counter (n INTEGER)"))
        await connection.execute(text("INSERT INTO counter VALUES (0)"))

    async def add(door: object) -> None:
        async with write(engine if door else other) as connection:
            n = (await connection.execute(text("SELECT n FROM counter"))).scalar_one()
            await asyncio.sleep(0)
            await connection.execute(text("UPDATE counter SET n = :n"), {"n": n + 1})

    await asyncio.gather(*(add(i % 2) for i in range(20)))
    async with read(engine) as connection:
        assert (await connection.execute(text("SELECT n FROM counter"))).scalar_one() == 20
    await engine.dispose()
    await other.dispose()


async def test_an_exception_rolls_the_transaction_back(tmp_path: Path) -> None:
    engine = open_database(url_of(tmp_path / "x.db"))
    async with write(engine) as connection:
        await connection.execute(text("CREATE TABLE t (n INTEGER)"))

    async def fail() -> None:
        async with write(engine) as connection:
            await connection.execute(text("INSERT INTO t VALUES (1)"))
            raise KeyError("mine")

    with pytest.raises(KeyError):
        await fail()
    async with read(engine) as connection:
        assert (await connection.execute(text("SELECT count(*) FROM t"))).scalar_one() == 0
    await engine.dispose()


async def test_a_conflict_is_tried_again_and_not_for_ever(tmp_path: Path) -> None:
    engine = open_database(url_of(tmp_path / "x.db"))
    tries = 0

    async def work(_: object) -> str:
        nonlocal tries
        tries += 1
        if tries < 3:
            raise Conflict("deadlock detected")
        return "done"

    async def never(_: object) -> None:
        raise Conflict("deadlock detected")

    assert await transact(engine, work) == "done"
    assert tries == 3
    with pytest.raises(DatabaseAway):
        await transact(engine, never)
    await engine.dispose()


async def test_the_databases_clock_agrees_with_this_machines(tmp_path: Path) -> None:
    engine = open_database(url_of(tmp_path / "x.db"))
    async with read(engine) as connection:
        found = (await connection.execute(select(now_us()))).scalar_one()
    assert abs(from_us(found) - datetime.now(UTC)).total_seconds() < 5
    await engine.dispose()


def test_microseconds_convert_exactly() -> None:
    moment = datetime(2026, 11, 22, 18, 25, 0, 123457, tzinfo=UTC)
    assert from_us(to_us(moment)) == moment
    assert iso_us(to_us(moment)) == "2026-11-22T18:25:00.123457Z"


async def test_a_refused_connection_means_the_database_is_away() -> None:
    engine = open_database("postgresql+asyncpg://nobody:x@127.0.0.1:9/nothing")
    with pytest.raises(DatabaseAway):
        async with read(engine) as connection:
            await connection.execute(text("SELECT 1"))
    await engine.dispose()


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("57P01", DatabaseAway),
        ("57P03", DatabaseAway),
        ("53300", DatabaseAway),
        ("53100", DatabaseAway),
        ("08006", DatabaseAway),
        ("25006", DatabaseAway),
        ("40P01", Conflict),
        ("40001", Conflict),
        ("42P01", SchemaMissing),
        ("28P01", SettingsInvalid),
        ("23505", type(None)),
        ("22021", type(None)),
    ],
)
def test_a_state_of_postgresql_has_its_owner(state: str, expected: type) -> None:
    error = asyncpg.exceptions.PostgresError.get_message_class_for_sqlstate(state)("it failed")
    said = meaning(exc.DBAPIError("SELECT 1", {}, error))
    assert type(said) is expected
    assert said is None or said.message == "it failed", "the database's words and not its driver's"


async def test_a_locked_file_is_away_and_a_missing_table_is_a_missing_migration(tmp_path: Path) -> None:
    engine = open_database(url_of(tmp_path / "x.db"))
    with pytest.raises(SchemaMissing):
        async with read(engine) as connection:
            await connection.execute(text("SELECT * FROM nothing_here"))
    holder = sqlite3.connect(tmp_path / "x.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    second = sqlite3.connect(tmp_path / "x.db", isolation_level=None, timeout=0)
    with pytest.raises(DatabaseAway), database_errors():
        second.execute("BEGIN IMMEDIATE")
    holder.close()
    second.close()
    await engine.dispose()


async def test_only_one_is_sole_and_the_next_follows_a_release(tmp_path: Path) -> None:
    engine = open_database(url_of(tmp_path / "x.db"))
    first, second, another = Sole(engine, "relay"), Sole(engine, "relay"), Sole(engine, "other")
    assert await first.held()
    assert await first.held()
    assert not await second.held()
    assert await another.held()
    await another.release()
    await first.release()
    assert await second.held()
    await second.release()
    await engine.dispose()
