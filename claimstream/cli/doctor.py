"""``claimstream doctor``: is this deployment well? Each line says ok, or what to do."""

from __future__ import annotations

import argparse
import asyncio
import json

from claimstream.doctor.examination import Examination
from claimstream.doctor.findings import Finding, examine

WAIT_SECONDS = 60.0  # a canary takes seconds; services that have just started or are behind need longer


def register(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--wait",
        type=float,
        default=WAIT_SECONDS,
        metavar="SECONDS",
        help=f"how long the synthetic article may take (default: {WAIT_SECONDS:g})",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    found = asyncio.run(_examine(options))
    well = all(finding.ok for finding in found)
    if options.json:
        print(json.dumps({"ok": well, "checks": [finding.as_json() for finding in found]}))
    elif well:
        print("all is well")
    else:
        print(f"{sum(not finding.ok for finding in found)} of {len(found)} are not")
    return 0 if well else 1


async def _examine(options: argparse.Namespace) -> list[Finding]:
    found = []
    async with Examination(options.wait) as examination:
        async for finding in examine(examination.checks):
            found.append(finding)
            if not options.json:
                print(finding.line(), flush=True)
    return found
