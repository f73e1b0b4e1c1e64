"""``claimstream status``: every stage, and the account. Nothing in it is the difference of two numbers."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
from datetime import UTC, datetime, timedelta
from typing import Any

from claimstream import databases
from claimstream.account_lines import account_line, pruned_line, submissions_line, waiting_lines
from claimstream.cli.moments import seconds, seconds_ago
from claimstream.stages import StageLine, of_broker, of_file
from services.fetcher.account_read import balance, unexplained
from services.store.read import counts
from shared.database import open_database
from shared.errors import ContactMissing

UNEXPLAINED_AFTER = "30m"
CONTACT = "CLAIMSTREAM_FETCHER_CONTACT"


def register(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--since", help="visits opened since then: 10m, 2h, 3d, or a time")
    parser.add_argument(
        "--unexplained-after",
        default=UNEXPLAINED_AFTER,
        help="without a fate for so long is unexplained (default: 30m)",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object")
    databases.add_option(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    return asyncio.run(_status(options))


async def _status(options: argparse.Namespace) -> int:
    after = seconds("--unexplained-after", options.unexplained_after)
    chosen = databases.chosen(options)
    since = None
    if options.since is not None:
        since = datetime.now(UTC) - timedelta(seconds=seconds_ago(options.since))
    fetcher, store = open_database(chosen.fetcher), open_database(chosen.store)
    try:
        stages, oldest = await (of_file(fetcher, store) if chosen.file is not None else of_broker(store))

        async def probe() -> float | None:
            return oldest

        account = await balance(fetcher, since)
        missing = await unexplained(fetcher, after, probe)
        stored = await counts(store)
        feeds = await waiting_lines(fetcher)
    finally:
        await fetcher.dispose()
        await store.dispose()
    if options.json:
        print(_as_json(stages, account, missing, stored))
        return 1 if missing else 0
    width = max(len(stage.name) for stage in stages)
    for stage in stages:
        print(f"  {stage.name:{width}}  {stage.text()}")
    print(
        f"  {'store':{width}}  {stored.articles} articles, {stored.versions} versions, {stored.claims} claims,"
        f" {stored.withdrawn} withdrawn, {stored.unsent} unsent"
    )
    for line in feeds:
        print(line)
    # Only where the services' own settings are (compose gives both the same); elsewhere nothing is said of it.
    if chosen.file is None and os.environ.get(CONTACT, "?").strip() == "":
        print(
            f"! fetcher   does not crawl: {CONTACT} is empty. [{ContactMissing.code}] {ContactMissing.hint}"
        )
    print(submissions_line(account))
    print(account_line(account, unexplained=missing))
    if (forgotten := pruned_line(account)) is not None:
        print(forgotten if since is None else f"{forgotten}, but not above: there it is since a time")
    for visit in missing or ():
        print(f"! unexplained visit {visit}: claimstream fate {visit} [--refetch|--close]")
    if missing is None:
        print(
            "  unknown: records lie uncommitted for long; the stages above say where. Ask again when they have moved."
        )
    return 1 if missing else 0


def _as_json(stages: list[StageLine], account: Any, missing: list[str] | None, stored: Any) -> str:
    return json.dumps(
        {
            "stages": [
                {"name": s.name, "in": s.records_in, "out": s.records_out, "lag": s.lag} for s in stages
            ],
            "submissions": {
                "opened": account.opened,
                "joined": account.joined,
                "undecodable": account.undecodable,
            },
            "visits": account.visits,
            "fates": account.fates,
            "open": account.open,
            "unexplained": missing,
            "store": vars(stored),
        }
    )
