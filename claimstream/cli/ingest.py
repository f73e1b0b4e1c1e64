"""``claimstream ingest FILE|URL|FEED…``: through all four services in one process, into one SQLite file."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from claimstream.account_lines import account_line, waiting_lines
from claimstream.databases import DEFAULT_FILE
from claimstream.inputs import Inputs, sort_inputs
from claimstream.oneprocess import OneProcess
from claimstream.outlet import ClaimsOut
from claimstream.progress import ProgressLine
from services.fetcher.account_read import balance
from shared.contracts.topics import CLAIMS, OUTCOMES
from shared.errors import ContactMissing
from shared.telemetry import configure_logging


def register(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "inputs",
        metavar="INPUT",
        nargs="+",
        help="a file (HTML, text, RSS, Atom), a page's URL, a feed's URL",
    )
    parser.add_argument(
        "--db", type=Path, default=DEFAULT_FILE, help="the SQLite file (default: claimstream.db)"
    )
    parser.add_argument(
        "--out", type=Path, help="append every claim's revisions to this file, a JSON object a line"
    )
    parser.add_argument("--json", action="store_true", help="print claims as JSON lines")
    parser.add_argument("--url", help="where the one file that is given came from")
    parser.add_argument(
        "--feed", action="store_true", help="the URLs are feeds, whatever their paths look like"
    )
    parser.add_argument(
        "--force", action="store_true", help="fetch again what was fetched within the last hour"
    )
    parser.add_argument(
        "--contact", help="for the owners of sites, in the user agent (default: CLAIMSTREAM_FETCHER_CONTACT)"
    )
    parser.add_argument(
        "--allow-network",
        action="append",
        default=[],
        metavar="CIDR",
        help="may be fetched from although it is not public",
    )
    parser.add_argument("--quiet", action="store_true", help="no progress")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    configure_logging("ERROR", json=False)
    inputs = sort_inputs(options.inputs, url=options.url, feeds=options.feed)
    contact = options.contact or os.environ.get("CLAIMSTREAM_FETCHER_CONTACT")
    if (inputs.urls or inputs.feeds) and not contact:
        raise ContactMissing("nothing is fetched without a contact for the owners of sites")
    return asyncio.run(_ingest(options, inputs, contact))


async def _ingest(options: argparse.Namespace, inputs: Inputs, contact: str | None) -> int:
    fetching: dict[str, Any] = {}
    if options.allow_network:
        fetching["allow_networks"] = tuple(options.allow_network)
    out = ClaimsOut(options.out, as_json=options.json)
    async with AsyncExitStack() as stack:
        stack.callback(out.close)
        process = await stack.enter_async_context(OneProcess(options.db, contact=contact, **fetching))
        process.transport.tap(CLAIMS, out.claim)
        process.transport.tap(OUTCOMES, out.outcome)
        line = stack.enter_context(ProgressLine(enabled=not options.quiet))
        for path, content, content_type in inputs.files:
            if not await process.read_file(path, content, url=options.url, content_type=content_type):
                print(f"{path}: read before, nothing to do", file=sys.stderr)
        await process.submit(inputs.urls, force=options.force)
        await process.poll(inputs.feeds)
        await process.until_quiet(line.show)
        account = await balance(process.engine)
        broken = await waiting_lines(process.engine)
    for problem in broken:
        print(problem, file=sys.stderr)
    print(account_line(account, unexplained=[]), file=sys.stderr if options.json else sys.stdout)
    if not options.json:
        print(
            f"next: claimstream why {out.last or 'CLAIM'} --db {options.db}, or claimstream status --db {options.db}"
        )
    return 0
