"""``claimstream migrate``: bring the databases to this release's schema. Safe to run again."""

from __future__ import annotations

import argparse
import asyncio

from sqlalchemy.engine import make_url

from claimstream import databases
from claimstream.schemas import migrate


def register(parser: argparse.ArgumentParser) -> None:
    databases.add_option(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    chosen = databases.chosen(options, must_exist=False)
    made = chosen.file is not None and not chosen.file.exists()
    asyncio.run(migrate(chosen))
    if made:
        print(f"made     {chosen.file}: one SQLite file for all services, as `ingest` keeps it")
        if options.db is None:
            print(f"         for PostgreSQL set {databases.VARIABLES}")
    for service, url in chosen.urls.items():
        print(f"migrated {service:8} {make_url(url).render_as_string(hide_password=True)}")
    return 0
