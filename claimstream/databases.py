"""Where the databases are: ``--db FILE`` means one SQLite file for all services, otherwise the environment says."""

from __future__ import annotations

import argparse
import os
from dataclasses import dataclass
from pathlib import Path

from services.cleaner.settings import CleanerSettings
from services.fetcher.settings import FetcherSettings
from services.store.settings import StoreSettings
from shared.errors import UsageError
from shared.settings import load

FETCHER = "CLAIMSTREAM_FETCHER_DATABASE_URL"
STORE = "CLAIMSTREAM_STORE_DATABASE_URL"
DEFAULT_FILE = Path("claimstream.db")


@dataclass(frozen=True, slots=True)
class Databases:
    """SQLAlchemy URLs of the fetcher's database, the store's and the cleaner's, which may have none; ``file`` where all
    are one SQLite file."""

    fetcher: str
    store: str
    cleaner: str | None
    file: Path | None = None


def add_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--db",
        metavar="FILE",
        type=Path,
        help=f"the SQLite file of `ingest` (default: {FETCHER} and {STORE}, else claimstream.db)",
    )


def in_file(path: Path) -> Databases:
    url = f"sqlite+aiosqlite:///{path.absolute()}"
    return Databases(url, url, url, path)


def chosen(options: argparse.Namespace, *, must_exist: bool = True) -> Databases:
    """The databases that a command means. Raises UsageError when there is nothing to read."""
    given = {name for name in (FETCHER, STORE) if name in os.environ or f"{name}_FILE" in os.environ}
    if options.db is None and given:
        missing = [name for name in (FETCHER, STORE) if name not in given]
        if missing:
            raise UsageError(
                f"{missing[0]} is not set", code="settings-invalid", hint="Set both, or give --db FILE."
            )
        memory = load(CleanerSettings).database_url
        return Databases(
            load(FetcherSettings).database_url.get_secret_value(),
            load(StoreSettings).database_url.get_secret_value(),
            memory.get_secret_value() if memory else None,
        )
    path = options.db or DEFAULT_FILE
    if must_exist and not path.exists():
        raise UsageError(
            f"no database {path}",
            code="file-missing",
            hint=f"Give --db FILE of an earlier `claimstream ingest`, or set {FETCHER} and {STORE}.",
        )
    if path.exists():
        require_writable(path)
    return in_file(path)


def require_writable(path: Path) -> None:
    """Raises UsageError for a file that this user may not write: SQLite writes beside it even to read."""
    if not (os.access(path, os.W_OK) and os.access(path.absolute().parent, os.W_OK | os.X_OK)):
        raise UsageError(
            f"{path} or its folder may not be written by this user",
            code="file-unwritable",
            hint="Run this as its owner, or copy it into a folder of your own and name that with --db.",
        )
