"""``claimstream migrate``: bring the databases to this release's schema. Safe to run again."""

from __future__ import annotations

import argparse
import asyncio

from sqlalchemy.engine import make_url

from claimstream import databases
from services.cleaner.memory import schema as cleaner
from services.fetcher import app as fetcher
from services.store import app as store


def register(parser: argparse.ArgumentParser) -> None:
    databases.add_option(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    chosen = databases.chosen(options, must_exist=False)
    made = chosen.file is not None and not chosen.file.exists()

    async def migrate() -> None:
        await fetcher.migrate(chosen.fetcher)
        await store.migrate(chosen.store)
        if chosen.cleaner is not None:
            await cleaner.migrate(chosen.cleaner)

    asyncio.run(migrate())
    if made:
        print(f"made     {chosen.file}: one SQLite file for all services, as `ingest` keeps it")
        if options.db is None:
            print(f"         for PostgreSQL set {databases.FETCHER} and {databases.STORE}")
    for name, url in (("fetcher", chosen.fetcher), ("store", chosen.store), ("cleaner", chosen.cleaner)):
        if url is None:
            continue  # it remembers nothing of sites
        print(f"migrated {name:8} {make_url(url).render_as_string(hide_password=True)}")
    return 0
