"""The databases: are they there, at this release's schema, with room, and does their clock agree with ours."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

from sqlalchemy import select, text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine

from claimstream.doctor.findings import Finding
from claimstream.schemas import SCHEMAS
from shared.database import check_schema, is_sqlite, now_us, open_database, read
from shared.errors import DatabaseAway

# Leases last a minute and more, and order is by the database's clock: what matters is that a person who reads times of
# both is not misled, and that Kafka takes our records (it refuses those of more than an hour in the future).
CLOCK_SECONDS = 5.0
ROOM_LEFT = 0.1  # of the volume, as with the brokers
MIB = 2**20
# Who may come in beside the owner and superusers, and what each may do with the tables: the API's role is such a one.
_OTHERS = text("""
    SELECT role.rolname,
        bool_and(has_table_privilege(role.oid, found.oid, 'SELECT')) AS reads,
        bool_or(has_table_privilege(role.oid, found.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')) AS writes
    FROM pg_roles role, pg_class found
    WHERE role.rolcanlogin AND NOT role.rolsuper AND role.rolname <> current_user
        AND has_database_privilege(role.oid, current_database(), 'CONNECT')
        AND found.relnamespace = current_schema()::regnamespace AND found.relkind IN ('r', 'p')
    GROUP BY role.rolname ORDER BY role.rolname
""")


class Database:
    """One service's database, for as long as the doctor looks."""

    def __init__(self, service: str, url: str) -> None:
        self.service = service
        self._url = make_url(url)
        self._engine: AsyncEngine | None = None

    @property
    def engine(self) -> AsyncEngine:
        if self._engine is None:
            file = Path(self._url.database or "")
            if self._url.drivername.startswith("sqlite") and not file.exists():
                # Opening it would make the file.
                raise DatabaseAway(f"no database {file}", hint="`claimstream migrate` makes it.")
            self._engine = open_database(self._url.render_as_string(hide_password=False))
        return self._engine

    async def close(self) -> None:
        if self._engine is not None:
            await self._engine.dispose()

    async def reach(self) -> list[Finding]:
        version = "SELECT sqlite_version()" if is_sqlite(self.engine) else "SHOW server_version"
        started = time.monotonic()
        async with read(self.engine) as connection:
            number = (await connection.execute(text(version))).scalar_one()
        took = (time.monotonic() - started) * 1000
        name = "SQLite" if is_sqlite(self.engine) else "PostgreSQL"
        where = self._url.render_as_string(hide_password=True)
        return [self._finding("database", f"{where}: {name} {number}, {took:.0f} ms")]

    async def schema(self) -> list[Finding]:
        _, migrations, table = SCHEMAS[self.service]
        await check_schema(self.engine, migrations, table)
        async with read(self.engine) as connection:
            revision = (await connection.execute(text(f"SELECT version_num FROM {table}"))).scalar_one()
        return [self._finding("migrations", f"at {revision}")]

    async def roles(self) -> list[Finding]:
        """Of PostgreSQL; SQLite's file knows no roles."""
        if is_sqlite(self.engine):
            return []
        async with read(self.engine) as connection:
            found = (await connection.execute(_OTHERS)).all()
        return [self._role(role.rolname, role.reads, role.writes) for role in found]

    def _role(self, name: str, reads: bool, writes: bool) -> Finding:
        if writes:
            hint = "REVOKE what it has beyond SELECT: nobody but the service itself writes here."
            return self._finding("roles", f"{name} may write", "role-writes", hint)
        if not reads:
            hint = f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {name}; in compose `docker compose up -d` does."
            return self._finding("roles", f"{name} may not read every table", "role-reads-not", hint)
        return self._finding("roles", f"{name} may read, and nothing else")

    async def clock(self) -> list[Finding]:
        before = time.time()
        async with read(self.engine) as connection:
            theirs = (await connection.execute(select(now_us()))).scalar_one() / 1e6
        after = time.time()
        # The answer was made somewhere between the two.
        apart = max(0.0, before - theirs, theirs - after)
        if apart <= CLOCK_SECONDS:
            return [self._finding("clock", f"{apart:.1f} s from this machine's")]
        hint = "Have both machines' clocks set by NTP: times in records and logs would contradict each other."
        return [self._finding("clock", f"{apart:.0f} s from this machine's", "clock-apart", hint)]

    async def disk(self) -> list[Finding]:
        if not is_sqlite(self.engine):
            async with read(self.engine) as connection:
                size = (
                    await connection.execute(text("SELECT pg_database_size(current_database())"))
                ).scalar_one()
            return [self._finding("disk", f"{size / MIB:.0f} MiB; what is free only its machine knows")]
        folder = Path(self._url.database or "").absolute().parent
        usage = shutil.disk_usage(folder)
        said = f"{usage.free / 2**30:.1f} GiB free of {usage.total / 2**30:.1f} in {folder}"
        if usage.free >= ROOM_LEFT * usage.total:
            return [self._finding("disk", said)]
        return [
            self._finding("disk", said, "disk-low", "Make room: a database that is full takes nothing more.")
        ]

    def _finding(self, check: str, said: str, code: str | None = None, hint: str | None = None) -> Finding:
        return Finding(check, code is None, f"{self.service}: {said}", code, hint)
