"""Alembic, run from the program: each service has its folder of migrations and its own version table.

A migration expands in one release and contracts in the next (Compatibility, in the contracts): code runs on its
own schema and on the next release's. A service's ``migrations/env.py`` is one call of :func:`run_environment`.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from alembic import command, context
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.database.engine import open_database
from shared.database.transactions import read, write
from shared.errors import SchemaMissing

# Any fixed number: two `migrate` at once (two replicas' init jobs) take turns.
_ADVISORY_KEY = 0x636C6D7301


async def migrate(url: str, package_dir: Path, version_table: str) -> None:
    """Bring the database at ``url`` to the newest revision in ``package_dir`` (with ``env.py``, ``versions/``).

    All in one transaction, also on SQLite. Run twice, the second does nothing; on a database that a newer
    release has migrated it does nothing either.
    """
    engine = open_database(url)
    try:
        async with write(engine) as connection:
            await connection.run_sync(_upgrade, package_dir, version_table)
    finally:
        await engine.dispose()


async def check_schema(engine: AsyncEngine, package_dir: Path, version_table: str) -> None:
    """Raises :class:`SchemaMissing` unless the database has this release's schema or a newer release's. It is asked at
    each look at ``/ready``."""
    async with read(engine) as connection:
        found = await connection.run_sync(_revisions, version_table)
    script = _scripts(package_dir)
    head = script.get_current_head()
    if head in found or any(_is_foreign(script, revision) for revision in found):
        return
    state = f"is at {', '.join(sorted(found))}" if found else "has no tables of ours"
    raise SchemaMissing(f"the database {state}; {version_table} should be at {head}")


def run_environment() -> None:
    """What every ``migrations/env.py`` does: run in the connection and transaction of :func:`migrate`."""
    connection = context.config.attributes["connection"]
    context.configure(
        connection=connection,
        version_table=context.config.attributes["version_table"],
        render_as_batch=connection.dialect.name == "sqlite",
    )
    with context.begin_transaction():
        context.run_migrations()


def _config(package_dir: Path) -> Config:
    config = Config()
    # Config interpolates `%`.
    config.set_main_option("script_location", str(package_dir).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    return config


def _upgrade(connection: Connection, package_dir: Path, version_table: str) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_KEY})
    config = _config(package_dir)
    script = _scripts(package_dir)
    if any(_is_foreign(script, revision) for revision in _revisions(connection, version_table)):
        return
    config.attributes["connection"] = connection
    config.attributes["version_table"] = version_table
    command.upgrade(config, "head")


@cache
def _scripts(package_dir: Path) -> ScriptDirectory:
    """The migrations of a release, which are files of the release: read once."""
    return ScriptDirectory.from_config(_config(package_dir))


def _revisions(connection: Connection, version_table: str) -> set[str]:
    # Alembic makes a new table each time, and the engine would keep what was compiled for each: 60 kB a look, up to
    # 750 of them.
    connection = connection.execution_options(compiled_cache=None)
    found = MigrationContext.configure(connection, opts={"version_table": version_table})
    return set(found.get_current_heads())


def _is_foreign(script: ScriptDirectory, revision: str) -> bool:
    """Whether a revision is unknown here: then a newer release wrote it."""
    try:
        script.get_revision(revision)
    except CommandError:
        return True
    return False
