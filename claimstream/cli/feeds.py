"""``claimstream feeds add|list``: the feeds that the fetcher polls, beside those of deploy/feeds.toml."""

from __future__ import annotations

import argparse
import asyncio
import json
import shlex
from dataclasses import asdict

from claimstream import databases
from claimstream.cli.moments import seconds
from claimstream.words import accepted, here
from services.fetcher.app import migrate
from services.fetcher.feeds.feeds_file import LEAST_SECONDS, FeedSource
from services.fetcher.frontier.feeds import add_feed, list_feeds
from shared.database import iso_us, open_database
from shared.errors import UsageError


def register(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    add = actions.add_parser("add", help="poll a feed from now on")
    add.add_argument("urls", metavar="URL", nargs="+", help="of the feed itself, RSS, Atom or JSON Feed")
    add.add_argument("--every", default="15m", help="between two polls: 15m, 2h (default: 15m)")
    databases.add_option(add)
    add.set_defaults(run=run_add)
    listing = actions.add_parser("list", help="every feed, and how its last poll went")
    listing.add_argument("--json", action="store_true", help="one JSON object a line")
    databases.add_option(listing)
    listing.set_defaults(run=run_list)


def run_add(options: argparse.Namespace) -> int:
    every = seconds("--every", options.every)
    if every < LEAST_SECONDS:
        raise UsageError(f"--every {options.every}", hint=f"At least {LEAST_SECONDS:g} seconds is polite.")
    urls = [accepted(url) for url in options.urls]

    chosen = databases.chosen(options, must_exist=False)

    async def work() -> None:
        url = chosen.fetcher
        await migrate(url)
        engine = open_database(url)
        try:
            for feed in urls:
                new = await add_feed(engine, FeedSource(feed, every))
                print(f"{'added' if new else 'known'}  {feed}  every {options.every}")
        finally:
            await engine.dispose()

    asyncio.run(work())
    if chosen.file is not None:
        where = f"--db {shlex.quote(str(chosen.file))}"
        print(f"next: {here()} ingest {where} --contact YOU polls what is due; nothing does so by itself")
    return 0


def run_list(options: argparse.Namespace) -> int:
    async def work() -> int:
        engine = open_database(databases.chosen(options).fetcher)
        try:
            feeds = await list_feeds(engine)
        finally:
            await engine.dispose()
        for feed in feeds:
            if options.json:
                print(json.dumps(asdict(feed)))
                continue
            polled = "never" if feed.polled_at is None else iso_us(feed.polled_at)[:19] + "Z"
            problem = f"  [{feed.code}] {feed.hint}" if feed.code else ""
            print(f"{feed.state:8} {feed.url}  {feed.entries} entries, last poll {polled}{problem}")
        if not feeds and not options.json:
            print(f"no feeds. Add one: {here()} feeds add URL")
        return 0

    return asyncio.run(work())
