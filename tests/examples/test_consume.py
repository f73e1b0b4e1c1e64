"""A consumer says each revision that is newer than what it knows, once, and nothing else."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

from tests.examples.broker import Topics
from tests.examples.claims import Case, cases
from tests.examples.doors import Door, inside
from tests.examples.languages import CONFLUENT, Language, made_ready
from tests.examples.process import Example


async def fill(topics: Topics, records: list[Case]) -> list[dict[str, Any]]:
    """Send them in order. The lines that a consumer owes for them."""
    for case in records:
        if case.aborted:
            await topics.abort(case.record)
        else:
            await topics.relay([case.record])
    return [case.line for case in records if case.line is not None]


async def test_each_newer_revision_is_said_once(
    language: Language, folder: Path, topics: Topics, door: Door, tmp_path: Path
) -> None:
    owed = await fill(topics, cases())
    environ = await door(topics.kafka, topics.prefix, "downstream")
    more = ["claims", str(tmp_path / "claims.db")] if language is CONFLUENT else []
    async with Example((*language.consume, *more), folder, environ) as consumer:
        assert await consumer.lines(len(owed)) == owed
        assert await consumer.interrupt() == 0


async def test_what_comes_while_it_runs_is_said_at_once(
    language: Language, folder: Path, topics: Topics, tmp_path: Path
) -> None:
    records = cases()
    owed = await fill(topics, records[:4])
    environ = await inside(topics.kafka, topics.prefix, "downstream")
    more = ["claims", str(tmp_path / "claims.db")] if language is CONFLUENT else []
    async with Example((*language.consume, *more), folder, environ) as consumer:
        assert await consumer.lines(len(owed)) == owed
        rest = await fill(topics, records[4:])
        assert await consumer.lines(len(rest)) == rest


async def test_the_table_survives_a_kill_at_any_time(workshop: Path, topics: Topics, tmp_path: Path) -> None:
    folder, file = made_ready(CONFLUENT, workshop), tmp_path / "claims.db"
    records = cases()
    environ = await inside(topics.kafka, topics.prefix, "downstream")
    command = (*CONFLUENT.consume, "claims", str(file))
    owed = await fill(topics, records[:4])
    async with Example(command, folder, environ) as killed:
        assert await killed.lines(len(owed)) == owed
        assert set(_table(file)) == {line["claim_id"] for line in owed}, "said before it was lasting"
    await fill(topics, records[4:])
    async with Example(command, folder, environ) as again:
        while (await again.lines(1))[0] != records[-1].line:
            pass
        assert await again.interrupt() == 0
    lasting: dict[str, dict[str, Any]] = {}
    for case in records:
        if case.line is not None:
            lasting[case.line["claim_id"]] = case.line
    assert _table(file) == {
        identity: (line["revision"], line["change"], identity)
        for identity, line in lasting.items()
        if line["change"] != "erased"
    }


def _table(file: Path) -> dict[str, tuple[list[int], str, str]]:
    """By claim: epoch and revision, change, the id that the kept claim has."""
    with sqlite3.connect(file) as database:
        rows = database.execute("SELECT claim_id, epoch, revision, change, claim FROM claims").fetchall()
    return {row[0]: (list(row[1:3]), row[3], json.loads(row[4])["claim_id"]) for row in rows}
