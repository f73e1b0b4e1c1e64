"""``claimstream demo``: a sample news site on loopback through all four services; then the claims and the account."""

from __future__ import annotations

import argparse
import asyncio
import shlex
import tempfile
import time
from contextlib import AsyncExitStack
from pathlib import Path

from claimstream.account_lines import account_line, submissions_line, waiting_lines
from claimstream.oneprocess import OneProcess
from claimstream.outlet import ClaimsOut
from claimstream.progress import ProgressLine
from claimstream.sample import SampleSite
from claimstream.words import here
from services.fetcher.account_read import balance
from shared.contracts.topics import CLAIMS, OUTCOMES

LOOPBACK = ("127.0.0.0/8",)


def register(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--db", type=Path, help="keep the database here (default: .demo/claimstream.db, made anew)"
    )
    parser.add_argument("--out", type=Path, help="also write the claims to this file, a JSON object a line")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    path = options.db or _fresh()
    return asyncio.run(_demo(path, options.out))


def _fresh() -> Path:
    folder = Path(".demo")
    try:
        folder.mkdir(exist_ok=True)
    except OSError:
        folder = Path(tempfile.mkdtemp(prefix="claimstream-demo-"))
    path = folder / "claimstream.db"
    for name in (path, *folder.glob("claimstream.db-*")):
        name.unlink(missing_ok=True)
    return path


async def _demo(path: Path, out_path: Path | None) -> int:
    began = time.monotonic()
    async with AsyncExitStack() as stack:
        site = await stack.enter_async_context(SampleSite())
        feeds = list(site.feed_urls.values())
        site_url = site.url("dispatch", "/subscribe")
        _say(
            f"Three outlets are served on loopback; their {len(feeds)} feeds are polled (one of them is broken):"
        )
        for url in feeds:
            print(f"  {url}")
        process = OneProcess(
            path, contact="demo@localhost.invalid", allow_networks=LOOPBACK, crawl_delay=0.05
        )
        line = stack.enter_context(ProgressLine(enabled=True))
        out = ClaimsOut(out_path, as_json=False, paths=process.paths, before=line.clear)
        stack.callback(out.close)
        process.tap(CLAIMS, out.claim)
        process.tap(OUTCOMES, out.outcome)
        await stack.enter_async_context(process)

        _say("Claims, as they reach a consumer:  + asserted  ~ amended  - withdrawn  ! no article")
        await process.poll(feeds)
        await process.until_quiet(line.show)
        for problem in await waiting_lines(process.engine):
            print(problem)

        site.advance()
        _say("An outlet has edited an article. The feeds are polled again, and its claims change:")
        await process.poll(feeds)
        await process.until_quiet(line.show)

        account = await balance(process.engine)
        missing = await process.unexplained()
    _say("The account: everything that went in has its fate.")
    print(f"  {submissions_line(account)}")
    print(f"  {account_line(account, unexplained=missing)}")
    _say("Next:")
    db = shlex.quote(str(path))
    for words, what in (
        (
            f"why {(out.last or 'CLAIM')[:8]} --db {db}",
            "the proof of the last claim, checked against the text",
        ),
        (f"status --db {db}", "every stage and the account"),
        (f"fate {site_url} --db {db}", "one page's way, and why it ended so"),
        ("ingest FILE", "your own page or text; URLs need --contact"),
    ):
        print(f"  {here()} {words}\n      {what}")
    print(f"({out.count} claim records in {time.monotonic() - began:.1f} s)")
    return 1 if missing else 0


def _say(text: str) -> None:
    print(f"\n{text}", flush=True)
