"""Dead letters of one process lie in its database and have the same way back as those on Kafka."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from services.cleaner.work import step
from shared.contracts.page import CompressedPage
from tests.command import Call

TEXT = (
    "“Nobody has lost anything yet,” the archivist Mira Holm said on Monday.\n\n"
    + "The archive keeps what it is given, in the order in which it came, and says where it is. " * 4
)


def broken(_page: CompressedPage) -> None:
    """A release of the cleaner that cannot work."""
    raise ZeroDivisionError


def test_what_was_given_up_goes_back_once_and_is_stored(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    db, text = tmp_path / "one.db", tmp_path / "archive.txt"
    text.write_text(TEXT)
    monkeypatch.setattr("services.cleaner.app.step", broken)
    said = call("ingest", text, "--db", db)
    assert said.code == 0
    assert f"! dead      {text}  [handler-failed]" in said.err
    assert "in 1 = dead 1 + open 0; unexplained 0" in said.out
    monkeypatch.setattr("services.cleaner.app.step", step)

    (line,) = call("dead", "ls", "--db", db).out.splitlines()
    name = line.split()[0]
    assert name.startswith("pages!cleaner:")
    assert "[handler-failed] attempt 1" in line
    assert json.loads(call("dead", "ls", "--json", "--db", db).out)["letter"] == name
    assert "handler-failed" in call("dead", "show", name, "--db", db).out
    assert call("dead", "ls", "--code", "other", "--db", db).out == "no dead letters\n"
    dry = call("dead", "redrive", "--dry-run", "--db", db)
    assert dry.out.splitlines() == [line, "would redrive 1, refuse 0"]

    assert "redriven 1, refused 0" in call("dead", "redrive", "--db", db).out
    assert "in 1 = stored 1 + open 0; unexplained 0" in call("status", "--db", db).out
    assert call("dead", "redrive", "--db", db).out == "redriven 0, refused 0\n"
    assert call("dead", "ls", "--db", db).out == "no dead letters\n"
    assert f"{line}  (redriven)\n" == call("dead", "ls", "--all", "--db", db).out
