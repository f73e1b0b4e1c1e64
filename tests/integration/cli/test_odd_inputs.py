"""Names that are no UTF-8, as old archives and other systems leave them; and output where the locale is another one."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from claimstream.databases import in_file
from claimstream.local import LocalTables
from shared.database import open_database
from tests.command import Call, Said, start
from tests.integration.cli.test_ingest import TEXT, account, db, text

__all__ = ["db", "text"]


@pytest.fixture
def latin(tmp_path: Path) -> Path:
    path = tmp_path / os.fsdecode(b"caf\xe9.txt")
    path.write_text(TEXT)
    return path


def typed(*arguments: object) -> Said:
    """As a program: what it prints are bytes, and not all of them are UTF-8."""
    program = start(*arguments, env={"CLAIMSTREAM_POOL_WORKERS": "1"}, errors="surrogateescape")
    out, err = program.communicate(timeout=120)
    return Said(program.returncode, out, err)


def test_a_file_whose_name_is_no_utf8_is_read_like_any_other(call: Call, latin: Path, db: Path) -> None:
    said = typed("ingest", latin, "--db", db, "--quiet")
    assert (said.code, said.err) == (0, "")
    assert account(said) == "in 1 = stored 1 + open 0; unexplained 0"
    assert json.loads(call("fate", latin, "--json", "--db", db).out)["file"].endswith("/caf\ufffd.txt")
    refused = call("fate", latin, "--refetch", "--db", db)
    assert refused.code == 2
    assert "caf\\udce9.txt was never fetched and cannot be fetched again [not-fetched]" in refused.err
    assert (
        "nothing of https://news.example/x [url-unknown]"
        in call("fate", "https://news.example/x", "--close", "--db", db).err
    )


async def test_it_is_found_again_after_an_interruption(latin: Path, db: Path) -> None:
    engine = open_database(in_file(db).fetcher)
    try:
        local = LocalTables(engine)
        await local.create()
        for visit, path in (("1", str(latin)), ("2", "/plain/a b%20c.txt")):
            await local.remember_file(visit, path, None)
        assert await local.files() == {"1": (str(latin), None), "2": ("/plain/a b%20c.txt", None)}
    finally:
        await engine.dispose()


@pytest.mark.parametrize(
    "arguments", [("status",), ("why", "1f2e3d4c"), ("dead", "ls"), ("feeds", "list"), ("ingest",)]
)
def test_a_database_that_this_user_may_not_write_is_said(
    call: Call, db: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    db.touch()
    monkeypatch.setattr(os, "access", lambda *_: False)
    said = call(*arguments, "--db", db)
    assert (said.code, said.out) == (2, "")
    assert f"{db} or its folder may not be written by this user [file-unwritable]" in said.err


def test_a_feeds_file_without_entries_is_said(call: Call, tmp_path: Path, db: Path) -> None:
    feed = tmp_path / "feed.xml"
    feed.write_text('<rss version="2.0"><channel><title>t</title></channel></rss>')
    said = call("ingest", feed, "--db", db)
    assert (said.code, said.err) == (0, f"{feed}: a feed that names no article\n")
    assert "fate" not in said.out  # nothing would be known of it


@pytest.mark.parametrize(
    "arguments",
    [
        ("fate", "caf\udce9"),
        ("fate", "http://news.example/caf\udce9", "--close"),
        ("submit", "http://news.example/", "--ref", "caf\udce9"),
        ("submit", "http://news.example/", "--label", "desk=caf\udce9"),
        ("ingest", "http://news.example/", "--db", "x.db", "--contact", "caf\udce9@news.example"),
    ],
)
def test_what_goes_into_a_record_or_a_question_must_be_utf8(call: Call, arguments: tuple[str, ...]) -> None:
    said = call(*arguments)
    assert (said.code, said.out) == (2, "")
    assert "caf\\udce9" in said.err
    assert "UTF-8" in said.err.splitlines()[0]


def test_json_is_utf8_in_every_locale(text: Path) -> None:
    program = start("extract", text, env={"PYTHONIOENCODING": "ascii"})
    out, err = program.communicate(timeout=60)
    assert (program.returncode, err) == (0, "")
    assert "“The bridge is safe" in out
    assert json.loads(out)["claims"]
