"""What only a real PostgreSQL shows of the database door: deadlocks, sessions, shutdowns, migrations at once."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from claimstream.devservices import Postgres
from services.store import app, models
from shared.database import Sole, check_schema, from_us, migrate, now_us, open_database, read, transact, write
from shared.errors import DatabaseAway, SchemaMissing, SettingsInvalid


async def test_its_clock_has_microseconds_and_is_read_when_the_statement_runs(database: str) -> None:
    engine = open_database(database)
    async with read(engine) as connection:
        first = (await connection.execute(select(now_us()))).scalar_one()
        await asyncio.sleep(0.01)
        second = (await connection.execute(select(now_us()))).scalar_one()
    assert 10_000 <= second - first < 5_000_000, "within one transaction the clock goes on"
    assert abs(from_us(first) - datetime.now(UTC)).total_seconds() < 5
    await engine.dispose()


async def test_a_deadlock_is_resolved_by_doing_the_loser_again(database: str) -> None:
    engine = open_database(database)
    async with write(engine) as connection:
        await connection.execute(text("CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER NOT NULL)"))
        await connection.execute(text("INSERT INTO t VALUES (1, 0), (2, 0)"))
    met = asyncio.Barrier(2)
    tries: list[int] = []

    def crossing(first: int, second: int) -> asyncio.Task[None]:
        async def work(connection: AsyncConnection) -> None:
            tries.append(first)
            await connection.execute(text("UPDATE t SET n = n + 1 WHERE id = :id"), {"id": first})
            if len(tries) <= 2:
                await met.wait()
            await connection.execute(text("UPDATE t SET n = n + 1 WHERE id = :id"), {"id": second})

        return asyncio.create_task(transact(engine, work))

    await asyncio.gather(crossing(1, 2), crossing(2, 1))
    assert len(tries) == 3, "one of the two was the victim and was done again"
    async with read(engine) as connection:
        assert list((await connection.execute(text("SELECT n FROM t ORDER BY id"))).scalars()) == [2, 2]
    await engine.dispose()


async def test_one_holder_over_two_processes_pools_and_a_lost_session_frees_it(database: str) -> None:
    one, two = open_database(database), open_database(database)
    first, second = Sole(one, "relay"), Sole(two, "relay")
    assert (await first.held(), await second.held()) == (True, False)
    async with write(two) as connection:
        await connection.execute(
            text(
                "SELECT pg_terminate_backend(l.pid) FROM pg_locks l JOIN pg_database d ON d.oid = l.database"
                " WHERE l.locktype = 'advisory' AND d.datname = current_database()"
            )
        )
    assert not await first.held(), "it must not go on as if nothing had happened"
    assert await second.held()
    assert not await first.held()
    await second.release()
    assert await first.held()
    await first.release()
    await one.dispose()
    await two.dispose()


async def test_releasing_gives_the_session_up_and_not_back_to_the_pool(database: str) -> None:
    engine = open_database(database)
    first, second = Sole(engine, "relay"), Sole(engine, "relay")
    assert await first.held()
    await first.release()
    assert await second.held()
    await second.release()
    await engine.dispose()


async def test_migrations_at_once_take_turns(database: str) -> None:
    await asyncio.gather(*(app.migrate(database) for _ in range(3)))
    engine = open_database(database)
    await check_schema(engine, app.MIGRATIONS, models.VERSION_TABLE)
    with pytest.raises(SchemaMissing):
        await check_schema(engine, app.MIGRATIONS, "another_version")
    await engine.dispose()


async def test_a_server_that_shuts_down_is_away_and_comes_back_by_itself(postgres: Postgres) -> None:
    url = postgres.new_database()
    engine = open_database(url)
    assert await _one(engine) == 1
    postgres.stop()
    for _ in range(2):
        with pytest.raises(DatabaseAway):
            await _select(engine_url=url)
    postgres.start()
    with pytest.raises(DatabaseAway):
        # The one connection in the pool is of the server that went away; with it all of that time are dropped.
        await _one(engine)
    assert await _one(engine) == 1
    await engine.dispose()
    postgres.drop_database(url)


async def test_a_database_that_does_not_exist_is_a_setting_to_correct(database: str) -> None:
    with pytest.raises(SettingsInvalid, match="does not exist"):
        await _select(engine_url=database.rpartition("/")[0] + "/no_such_database")
    with pytest.raises(SettingsInvalid):
        await migrate(database.rpartition("/")[0] + "/no_such_database", app.MIGRATIONS, "v")


async def _select(engine_url: str) -> None:
    engine = open_database(engine_url)
    try:
        await _one(engine)
    finally:
        await engine.dispose()


async def _one(engine: AsyncEngine) -> int:
    async with read(engine) as connection:
        return int((await connection.execute(text("SELECT 1"))).scalar_one())


async def test_the_server_asks_after_a_silent_client_and_ends_a_transaction_that_stands_still(
    database: str,
) -> None:
    """By default it notices after two hours that the relay's machine lost its power; until then no other may send."""
    engine = open_database(database)
    async with read(engine) as connection:
        set_to = {
            name: await connection.scalar(text(f"SHOW {name}"))
            for name in (
                "tcp_keepalives_idle",
                "tcp_keepalives_interval",
                "tcp_keepalives_count",
                "idle_in_transaction_session_timeout",
            )
        }
    assert list(set_to.values()) == ["30", "10", "3", "1min"]
    await engine.dispose()


async def test_a_transaction_that_stood_still_too_long_is_the_database_being_away(database: str) -> None:
    engine = open_database(database)

    async def stands_still(connection: AsyncConnection) -> None:
        await connection.execute(text("SET idle_in_transaction_session_timeout = '50ms'"))
        await asyncio.sleep(0.5)
        await connection.execute(text("SELECT 1"))

    with pytest.raises(DatabaseAway):
        await transact(engine, stands_still)
    await engine.dispose()
