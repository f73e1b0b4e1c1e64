"""``claimstream fate URL``: where a URL is, and why; ``--refetch`` and ``--close`` settle what hangs."""

from __future__ import annotations

import argparse
import asyncio
import json
import shlex
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine

from claimstream import databases
from claimstream.local import LocalTables
from claimstream.words import here, readable, utf8
from services.fetcher.account_history import VisitHistory, fate_of
from services.fetcher.resolution import NothingKnown, close, refetch
from shared.contracts.ids import file_urn
from shared.database import open_database
from shared.errors import UsageError


def register(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "target",
        metavar="URL",
        help="a URL, your own ref, a visit's id, or a file (its bytes are what counts)",
    )
    action = parser.add_mutually_exclusive_group()
    action.add_argument(
        "--refetch", action="store_true", help="fetch it again, whole (an open visit under its own id)"
    )
    action.add_argument("--close", action="store_true", help="give its open visits the fate dead, lost")
    parser.add_argument("--json", action="store_true", help="a JSON object a visit, a line each")
    databases.add_option(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    return asyncio.run(_fate(options))


async def _fate(options: argparse.Namespace) -> int:
    path = Path(options.target)
    options.asked = options.target
    if "://" not in options.target and path.is_file():
        # Under --url it was ingested as that URL, and is asked for by it.
        options.target = file_urn(await asyncio.to_thread(path.read_bytes))
    else:
        utf8("fate", options.target)
    chosen = databases.chosen(options)
    engine = open_database(chosen.fetcher)
    try:
        try:
            await _settle(engine, options, chosen)
        except UsageError as error:  # a file's hash tells a person nothing
            raise type(error)(error.message.replace(options.target, options.asked)) from None
        await _show(engine, options, {} if chosen.file is None else await _names(engine))
    finally:
        await engine.dispose()
    return 0


async def _settle(engine: AsyncEngine, options: argparse.Namespace, chosen: databases.Databases) -> None:
    if options.refetch:
        visit = await refetch(engine, options.target)
        print(f"queued again: visit {visit}")
        if chosen.file is not None:
            where = f"--db {shlex.quote(str(chosen.file))} --contact YOU"
            print(f"next: {here()} ingest {where} fetches what is queued")
    elif options.close:
        for visit in await close(engine, options.target):
            print(f"closed as dead [lost]: visit {visit}")


async def _names(engine: AsyncEngine) -> dict[str, str]:
    """Where the files lay that one process read, by visit: their URLs are hashes, which tell a person nothing."""
    local = LocalTables(engine)
    await local.create()
    return {visit: path for visit, (path, _) in (await local.files()).items()}


async def _show(engine: AsyncEngine, options: argparse.Namespace, names: Mapping[str, str]) -> None:
    visits = await fate_of(engine, options.target)
    if not visits:
        known = "" if options.asked == options.target else f" ({options.target})"
        raise NothingKnown(f"the account knows nothing of {options.asked}{known}")
    for visit in visits:
        file = names.get(visit.visit_id)
        if options.json:
            print(
                json.dumps(
                    asdict(visit) | ({} if file is None else {"file": readable(file)}), ensure_ascii=False
                )
            )
        else:
            print(_text(visit, file))


def _text(visit: VisitHistory, file: str | None) -> str:
    lines = [
        visit.url if file is None else f"{file}  {visit.url}",
        f"  visit {visit.number}   {visit.visit_id}",
        f"  {visit.where}",
    ]
    if visit.hint:
        lines.append(f"  hint      {visit.hint}")
    lines.append(f"  opened    {visit.opened_at} by a {visit.origin}")
    lines += [
        f"  asked     {line.at} {line.result}: {line.url}"
        + (f", ref {line.ref}" if line.ref else "")
        + (f", feed {line.feed}" if line.feed else "")
        + f" ({line.coordinates})"
        for line in visit.submissions
    ]
    if visit.observed_at:
        lines.append(f"  fetched   {visit.observed_at} status {visit.status} from {visit.final_url}")
    lines += [
        f"  said      {line.at} {line.service}: {line.fate}"
        + (f" ({line.code})" if line.code else "")
        + (f", attempt {line.attempt}" if line.attempt > 1 else "")
        + ("" if line.counted else ", did not count")
        for line in visit.said
    ]
    if visit.article_id:
        claims = "" if visit.claims is None else f", {visit.claims} claims"
        lines.append(f"  article   {visit.article_id} {visit.version or ''}{claims}")
    return "\n".join(lines)
