"""``claimstream dead ls|show|redrive``: the dead letters, on Kafka or (--db) of one process."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
from collections.abc import Callable, Sequence

from claimstream import databases, kafka
from claimstream.cli.parsing import at_least
from claimstream.local import LocalTables
from claimstream.oneprocess import OneProcess
from shared.contracts.topics import URLS, dead
from shared.database import open_database
from shared.errors import UsageError
from shared.pipeline.kafka.letters import read_letters, redrive
from shared.pipeline.kafka.topics import require_topics
from shared.pipeline.redrive import LAST_ATTEMPT, Letter, Plan, plan, redriven
from shared.topics_file import load_topics, max_bytes_of

BOOTSTRAP = "CLAIMSTREAM_KAFKA_BOOTSTRAP"
REFUSALS = {
    "original-too-large": "its original is larger than its topic takes; ask its producer for a smaller one",
    "redrive-limit": f"it has failed {LAST_ATTEMPT} times; mend the cause and submit the URL anew",
    "original-lost": "its original was too large to be kept with the letter",
}


def register(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    for name, function, summary in (
        ("ls", run_ls, "a line for each letter that waits"),
        ("show", run_show, "one letter: why, its headers, its bytes"),
        ("redrive", run_redrive, "send letters back to where they came from, for the service that gave up"),
    ):
        action = actions.add_parser(name, help=summary)
        if name == "show":
            action.add_argument(
                "letter", metavar="LETTER", help="its name, as `dead ls` prints it: pages!cleaner:17"
            )
        else:
            action.add_argument("--code", help="only letters with this code")
            action.add_argument("--limit", type=at_least(1), help="at most so many, oldest first")
        if name == "ls":
            action.add_argument("--all", action="store_true", help="those that were redriven, too")
        if name == "redrive":
            action.add_argument(
                "--dry-run", action="store_true", help="say what would go back, and do nothing"
            )
        action.add_argument("--json", action="store_true", help="one JSON object a line")
        databases.add_option(action)
        action.set_defaults(run=function)


def run_ls(options: argparse.Namespace) -> int:
    letters = asyncio.run(_letters(options))
    wanted = [x for x in letters if (options.all or not x.redriven) and options.code in (None, x.code)]
    for letter in wanted[: options.limit]:
        _print(letter, options)
    if not wanted and not options.json:
        print("no dead letters")
    return 0


def run_show(options: argparse.Namespace) -> int:
    letter = _named(asyncio.run(_letters(options)), options.letter)
    if options.json:
        print(json.dumps(_as_json(letter), ensure_ascii=False))
        return 0
    print(_line(letter))
    for name, text in letter.reasons.items():
        print(f"  {name:10} {text}")
    for header, octets in letter.record.headers:
        if not header.startswith("dead_"):
            print(f"  {header} = {(octets or b'').decode('utf-8', 'replace')}")
    value = letter.record.value or b""
    print(f"  value, {len(value)} bytes: {value[:2000].decode('utf-8', 'replace')!r}")
    return 0


def run_redrive(options: argparse.Namespace) -> int:
    return asyncio.run(_redrive(options))


async def _redrive(options: argparse.Namespace) -> int:
    letters = await _letters(options)
    chosen = plan(letters, max_bytes=_max_bytes(options), code=options.code, limit=options.limit)
    for letter in chosen.chosen:
        _print(letter, options)
    for letter, reason in chosen.refused:
        print(f"refused [{reason}] {letter.name}: {REFUSALS[reason]}")
    if options.dry_run:
        print(f"would redrive {len(chosen.chosen)}, refuse {len(chosen.refused)}")
        return 0
    if chosen.chosen:
        await _send(options, chosen)
    print(f"redriven {len(chosen.chosen)}, refused {len(chosen.refused)}")
    return 1 if chosen.refused else 0


async def _send(options: argparse.Namespace, chosen: Plan) -> None:
    if options.db is None:
        sender = kafka.from_environment().sender("redrive")
        try:
            await redrive(sender, chosen.chosen)
        finally:
            await sender.close()
        return
    async with OneProcess(options.db, contact=None) as process:
        await process.deliver([redriven(letter) for letter in chosen.chosen])
        await process.until_quiet()
        # Last: its queues keep nothing, and what an interrupted redrive marked would never go back.
        await process.local.mark_redriven([letter.record.offset for letter in chosen.chosen])


def _max_bytes(options: argparse.Namespace) -> Callable[[str], int]:
    return kafka.from_environment().max_bytes if options.db is None else max_bytes_of(load_topics())


async def _letters(options: argparse.Namespace) -> list[Letter]:
    if options.db is None and BOOTSTRAP not in os.environ and databases.DEFAULT_FILE.exists():
        # Who has only ever ingested into a file means that file, as with `status` and `why`.
        options.db = databases.DEFAULT_FILE
    if options.db is None:
        broker = kafka.from_environment()
        # Under a prefix that nobody has, "no dead letters" would be a lie.
        await require_topics(broker.options, broker.prefix, [URLS])
        topics = [dead(spec.name, service) for spec in broker.topics.values() for service in spec.read_by]
        return await read_letters(broker.options, broker.prefix, topics)
    engine = open_database(databases.chosen(options).fetcher)
    try:
        local = LocalTables(engine)
        await local.create()
        return await local.letters()
    finally:
        await engine.dispose()


def _named(letters: Sequence[Letter], name: str) -> Letter:
    for letter in letters:
        if letter.name == name:
            return letter
    raise UsageError(
        f"no dead letter {name}", code="letter-unknown", hint="`claimstream dead ls --all` names them."
    )


def _print(letter: Letter, options: argparse.Namespace) -> None:
    print(json.dumps(_as_json(letter), ensure_ascii=False) if options.json else _line(letter))


def _line(letter: Letter) -> str:
    done = "  (redriven)" if letter.redriven else ""
    return f"{letter.name}  [{letter.code}] attempt {letter.attempt}, {letter.reasons.get('at', '?')}{done}"


def _as_json(letter: Letter) -> dict[str, object]:
    headers = [
        [name, None if octets is None else octets.decode("utf-8", "replace")]
        for name, octets in letter.record.headers
    ]
    return {
        "letter": letter.name,
        "attempt": letter.attempt,
        "redriven": letter.redriven,
        "reasons": letter.reasons,
        "headers": headers,
        "bytes": len(letter.record.value or b""),
    }
