"""``claimstream ingest FILE|URL|FEED…``: through all four services in one process, into one SQLite file."""

from __future__ import annotations

import argparse
import asyncio
import os
import shlex
import sys
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from claimstream.account_lines import account_line, due_feeds, waiting_lines
from claimstream.databases import DEFAULT_FILE
from claimstream.inputs import Inputs, sort_inputs
from claimstream.oneprocess import OneProcess
from claimstream.outlet import ClaimsOut
from claimstream.progress import ProgressLine
from claimstream.words import here, utf8
from services.fetcher.account_read import balance
from services.fetcher.frontier.resume import queue
from shared.contracts.topics import CLAIMS, OUTCOMES
from shared.errors import ContactMissing, UsageError


def register(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "inputs",
        metavar="INPUT",
        nargs="*",
        help="a file (HTML, text, RSS, Atom), a page's URL, a feed's URL; none: go on with the database, and poll"
        " the feeds in it that are due",
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
    if not options.inputs and not options.db.exists():
        raise UsageError(
            "nothing to ingest",
            hint="Name files, URLs or feeds. Without any, --db FILE goes on with it, and polls its feeds.",
        )
    inputs = sort_inputs(options.inputs, url=options.url, feeds=options.feed)
    contact = options.contact or os.environ.get("CLAIMSTREAM_FETCHER_CONTACT")
    if (inputs.urls or inputs.feeds) and not contact:
        raise ContactMissing(
            "nothing is fetched without a contact for the owners of sites",
            hint="Give --contact or set CLAIMSTREAM_FETCHER_CONTACT: a mail address or a page where a site's owner"
            " reaches you. It goes into the user agent.",
        )
    if contact is not None:
        utf8("--contact", contact)
    line = ProgressLine(enabled=not options.quiet)
    try:
        return asyncio.run(_ingest(options, inputs, contact, line))
    except KeyboardInterrupt:
        line.clear()
        left = f" with {line.last.open} visits open" if line.last is not None else ""
        print(f"interrupted{left}; run the same command again, and it goes on where it was", file=sys.stderr)
        return 130


async def _ingest(
    options: argparse.Namespace, inputs: Inputs, contact: str | None, line: ProgressLine
) -> int:
    fetching: dict[str, Any] = {}
    if options.allow_network:
        fetching["allow_networks"] = tuple(options.allow_network)
    process = OneProcess(options.db, contact=contact, **fetching)
    out = ClaimsOut(options.out, as_json=options.json, paths=process.paths, before=line.clear)
    process.tap(CLAIMS, out.claim)
    process.tap(OUTCOMES, out.outcome)
    async with AsyncExitStack() as stack:
        stack.callback(out.close)
        stack.enter_context(line)
        await stack.enter_async_context(process)
        for path, content, content_type in inputs.files:
            if not await process.read_file(path, content, url=options.url, content_type=content_type):
                print(f"{path}: read before, nothing to do", file=sys.stderr)
        for path in inputs.without_entries:
            print(f"{path}: a feed that names no article", file=sys.stderr)
        await process.submit(inputs.urls, force=options.force)
        feeds = inputs.feeds if options.inputs else await due_feeds(process.engine)
        if contact is not None:
            await process.poll(feeds, known=not options.inputs)
        await process.until_quiet(line.show)
        account = await balance(process.engine)
        missing = await process.unexplained()
        queued = (await queue(process.engine)).queued
        broken = await waiting_lines(process.engine, feeds if contact is not None else ())
    for problem in broken:
        print(problem, file=sys.stderr)
    said = sys.stderr if options.json else sys.stdout
    print(account_line(account, unexplained=missing), file=said)
    for visit in missing:
        print(f"! unexplained visit {visit}: {here()} fate {visit} --db {options.db}", file=said)
    if queued:
        print(
            f"{queued} visits of an earlier run wait to be fetched: run this again with --contact", file=said
        )
    if contact is None and feeds:
        print(f"feeds that are due to be polled: {len(feeds)}; run this again with --contact", file=said)
    if not options.json:
        _say_next(options, out, inputs)
    return 1 if missing or broken else 0


def _say_next(options: argparse.Namespace, out: ClaimsOut, inputs: Inputs) -> None:
    where = f"--db {shlex.quote(str(options.db))}"
    if out.last is not None:
        print(f"next: {here()} why {out.last[:8]} {where}     the proof of the last claim")
    elif pages := [*(str(path) for path, _, _ in inputs.files), *inputs.urls]:
        print(f"next: {here()} fate {shlex.quote(pages[-1])} {where}     what became of it, and why")
    elif inputs.feeds:
        print(f"next: {here()} feeds list {where}     how the last poll of each went")
    print(f"      {here()} status {where}")
