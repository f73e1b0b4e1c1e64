"""Where the databases are: ``--db FILE`` means one SQLite file for all services, otherwise the environment says."""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from pydantic_settings import BaseSettings

from services.cleaner.settings import CleanerSettings
from services.fetcher.settings import FetcherSettings
from services.store.settings import StoreSettings
from shared.errors import UsageError
from shared.settings import load

# The services that own a database. One whose setting may be empty does without: the cleaner remembers nothing of sites.
OWNERS: Mapping[str, type[BaseSettings]] = {
    "fetcher": FetcherSettings,
    "store": StoreSettings,
    "cleaner": CleanerSettings,
}
# Those that must be set, as a constant: docs/errors.md takes the hints from the source.
VARIABLES = "CLAIMSTREAM_FETCHER_DATABASE_URL and CLAIMSTREAM_STORE_DATABASE_URL"
DEFAULT_FILE = Path("claimstream.db")


def variable(service: str) -> str:
    return f"CLAIMSTREAM_{service.upper()}_DATABASE_URL"


REQUIRED = tuple(
    service for service, settings in OWNERS.items() if settings.model_fields["database_url"].is_required()
)


@dataclass(frozen=True, slots=True)
class Databases:
    """SQLAlchemy URLs by service, without those that have none; ``file`` where all are one SQLite file."""

    urls: Mapping[str, str]
    file: Path | None = None

    @property
    def fetcher(self) -> str:
        return self.urls["fetcher"]

    @property
    def store(self) -> str:
        return self.urls["store"]


def add_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--db",
        metavar="FILE",
        type=Path,
        help=f"the SQLite file of `ingest` (default: {VARIABLES}, else claimstream.db)",
    )


def in_file(path: Path) -> Databases:
    url = f"sqlite+aiosqlite:///{path.absolute()}"
    return Databases(dict.fromkeys(OWNERS, url), path)


def is_set(service: str) -> bool:
    """Whether the environment says where the service's database is, by itself or in a file."""
    return variable(service) in os.environ or f"{variable(service)}_FILE" in os.environ


def of_environment(service: str) -> str | None:
    """The URL that the service itself would take; None: it does without. Raises SettingsInvalid."""
    settings: Any = load(OWNERS[service])
    url: SecretStr | None = settings.database_url
    return url.get_secret_value() if url else None


def chosen(options: argparse.Namespace, *, must_exist: bool = True) -> Databases:
    """The databases that a command means. Raises UsageError when there is nothing to read."""
    missing = [variable(service) for service in REQUIRED if not is_set(service)]
    if options.db is None and len(missing) < len(REQUIRED):
        if missing:
            raise UsageError(
                f"{missing[0]} is not set", code="settings-invalid", hint="Set both, or give --db FILE."
            )
        found = {service: of_environment(service) for service in OWNERS}
        return Databases({service: url for service, url in found.items() if url is not None})
    path = options.db or DEFAULT_FILE
    if must_exist and not path.exists():
        raise UsageError(
            f"no database {path}",
            code="file-missing",
            hint=f"Give --db FILE of an earlier `claimstream ingest`, or set {VARIABLES}.",
        )
    if path.exists():
        require_writable(path)
    return in_file(path)


def of_cleaner(file: Path | None) -> str | None:
    """Where the memory of sites is: in the named file, else where the environment says; None: nowhere. Raises
    UsageError for a file that is not there or may not be written."""
    if file is None:
        return of_environment("cleaner")
    if not file.exists():
        raise UsageError(
            f"no database {file}",
            code="file-missing",
            hint="Give --db FILE of an earlier `claimstream ingest`, or leave it out.",
        )
    require_writable(file)
    return in_file(file).urls["cleaner"]


def require_writable(path: Path) -> None:
    """Raises UsageError for a file that this user may not write: SQLite writes beside it even to read."""
    if not (os.access(path, os.W_OK) and os.access(path.absolute().parent, os.W_OK | os.X_OK)):
        raise UsageError(
            f"{path} or its folder may not be written by this user",
            code="file-unwritable",
            hint="Run this as its owner, or copy it into a folder of your own and name that with --db.",
        )
