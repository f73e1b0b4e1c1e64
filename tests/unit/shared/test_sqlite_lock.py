"""A connection that is given up in the middle of a transaction leaves no lock behind."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from sqlalchemy import text

from shared.database import open_database, write


async def test_a_connection_closed_over_an_unfinished_statement_frees_the_file(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    engine = open_database(f"sqlite+aiosqlite:///{path}")
    async with write(engine) as connection:
        await connection.execute(text("CREATE TABLE t (n INTEGER)"))

    given_up = await engine.connect()
    driver = (await given_up.get_raw_connection()).driver_connection
    assert driver is not None
    await driver.execute("BEGIN IMMEDIATE")
    await driver.execute("INSERT INTO t VALUES (1)")
    # What a cancelled task's traceback keeps: a cursor whose statement has not come to its end.
    cursor = await driver.execute("SELECT 1 UNION SELECT 2")
    await cursor.fetchone()
    await given_up.invalidate()
    await given_up.close()

    other = sqlite3.connect(path, timeout=0, isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        assert other.execute("SELECT count(*) FROM t").fetchone() == (0,)
    finally:
        other.close()
        await engine.dispose()
