"""PostgreSQL and SQLite behind one door, for the fetcher and the store.

    engine = open_database(url)            # refuses what is not ours
    async with read(engine) as connection  # one snapshot
    async with write(engine) as connection # one transaction, committed at the end
    await transact(engine, work)           # the same, done again after a deadlock
    now_us()                               # the database's clock, microseconds since 1970
    await migrate(url, folder, table)      # Alembic, one version table a service
    Sole(engine, "store.relay")            # one holder over all processes

Both services may share one database (one process does, on one SQLite file): their tables have different names,
and each keeps its own version table.
"""

from shared.database.clock import from_us, iso_us, now_us, to_us
from shared.database.engine import is_sqlite, open_database
from shared.database.failures import database_errors
from shared.database.migration import check_schema, migrate, run_environment
from shared.database.sole import Sole
from shared.database.transactions import read, transact, write

__all__ = [
    "Sole",
    "check_schema",
    "database_errors",
    "from_us",
    "is_sqlite",
    "iso_us",
    "migrate",
    "now_us",
    "open_database",
    "read",
    "run_environment",
    "to_us",
    "transact",
    "write",
]
