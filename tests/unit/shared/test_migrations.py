"""Migrations, each service's in its own folder and version table: what is refused, what is served, what is left."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import exc, text

from shared.database import check_schema, migrate, open_database, read
from shared.errors import SchemaMissing

ENV = "from shared.database import run_environment\n\nrun_environment()\n"
REVISION = """
from alembic import op
import sqlalchemy as sa
revision = "{revision}"
down_revision = {down}
def upgrade() -> None:
    op.create_table("{table}", sa.Column("id", sa.Integer, primary_key=True))
"""


def url_of(path: Path) -> str:
    return f"sqlite+aiosqlite:///{path}"


def service_with(folder: Path, *tables: str) -> Path:
    versions = folder / "versions"
    versions.mkdir(parents=True, exist_ok=True)
    (folder / "env.py").write_text(ENV)
    (folder / "script.py.mako").write_text("")
    for number, table in enumerate(tables, 1):
        down = repr(f"{folder.name}{number - 1}") if number > 1 else None
        source = REVISION.format(revision=f"{folder.name}{number}", down=down, table=table)
        (versions / f"{folder.name}{number}.py").write_text(source)
    return folder


async def test_two_services_migrate_one_file_each_by_its_own_version(tmp_path: Path) -> None:
    url = url_of(tmp_path / "both.db")
    one, two = service_with(tmp_path / "one", "a"), service_with(tmp_path / "two", "b", "c")
    engine = open_database(url)
    with pytest.raises(SchemaMissing):
        await check_schema(engine, one, "one_version")
    await migrate(url, one, "one_version")
    await migrate(url, two, "two_version")
    await migrate(url, two, "two_version")
    await check_schema(engine, one, "one_version")
    await check_schema(engine, two, "two_version")
    async with read(engine) as connection:
        names = (
            await connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'"))
        ).scalars()
        assert {"a", "b", "c", "one_version", "two_version"} <= set(names)
    await engine.dispose()


async def test_an_older_schema_is_refused_and_a_newer_one_is_served(tmp_path: Path) -> None:
    url = url_of(tmp_path / "x.db")
    service = service_with(tmp_path / "s", "a")
    await migrate(url, service, "s_version")
    engine = open_database(url)
    newer = service_with(tmp_path / "newer" / "s", "a", "b")
    with pytest.raises(SchemaMissing) as caught:
        await check_schema(engine, newer, "s_version")
    assert "s2" in caught.value.message
    await migrate(url, newer, "s_version")
    await check_schema(engine, service, "s_version")
    await migrate(url, service, "s_version")
    await check_schema(engine, newer, "s_version")
    await engine.dispose()


async def test_looking_at_the_schema_again_and_again_keeps_nothing(tmp_path: Path) -> None:
    url = url_of(tmp_path / "x.db")
    service = service_with(tmp_path / "s", "a")
    await migrate(url, service, "s_version")
    engine = open_database(url)
    compiled: dict[Any, Any] = {}
    looked_at = engine.execution_options(compiled_cache=compiled)
    for _ in range(3):
        await check_schema(looked_at, service, "s_version")
    assert len(compiled) <= 1
    await engine.dispose()


async def test_a_migration_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    url = url_of(tmp_path / "x.db")
    service = service_with(tmp_path / "s", "a", "a")
    with pytest.raises(exc.OperationalError):
        await migrate(url, service, "s_version")
    engine = open_database(url)
    async with read(engine) as connection:
        assert (await connection.execute(text("SELECT count(*) FROM sqlite_master"))).scalar_one() == 0
    await engine.dispose()
