"""One place where errors become words: message, code, hint; a traceback only for who asks for it."""

from __future__ import annotations

import argparse
import importlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from aiokafka import errors as kafka

from claimstream import cli, words
from claimstream.databases import OWNERS
from shared.errors import (
    BrokerAway,
    ContactMissing,
    DatabaseAway,
    NotOurDatabase,
    SchemaMissing,
    UsageError,
)
from tests.command import Call

Raiser = Callable[[BaseException], None]


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Raiser:
    """Lets `claimstream topics` raise what it is given."""
    module = importlib.import_module("claimstream.cli.topics")

    def set_error(error: BaseException) -> None:
        def run(_options: argparse.Namespace) -> int:
            raise error

        monkeypatch.setattr(module, "register", lambda parser: parser.set_defaults(run=run))

    return set_error


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (UsageError("it", code="a-code", hint="Do this."), 2),
        (ContactMissing("it"), 2),
        (NotOurDatabase("it"), 2),
        (SchemaMissing("it"), 1),
        (DatabaseAway("it"), 1),
        (BrokerAway("it"), 1),
    ],
)
def test_an_error_shows_message_code_and_hint_and_no_traceback(
    call: Call, failing: Raiser, error: UsageError, status: int
) -> None:
    failing(error)
    said = call("topics")
    assert said.code == status
    assert said.out == ""
    first, second = said.err.splitlines()
    assert first.startswith("claimstream: ")
    assert first.endswith(f"[{error.code}]")
    assert second.startswith("  hint: ")
    assert len(second) > len("  hint: ")


@pytest.mark.parametrize(
    ("error", "status", "last"),
    [
        (UsageError("it", hint="Do this."), 2, ["claimstream: it [usage]", "  hint: Do this."]),
        (KeyboardInterrupt(), 130, ["interrupted"]),
    ],
)
def test_debug_shows_the_traceback_and_then_the_words(
    call: Call, failing: Raiser, error: BaseException, status: int, last: list[str]
) -> None:
    failing(error)
    for arguments in (("topics", "--debug"), ("--debug", "topics")):
        said = call(*arguments)
        assert said.code == status
        assert said.err.startswith("Traceback")
        assert said.err.splitlines()[-len(last) :] == last


def test_debug_shows_where_a_defect_of_ours_is(call: Call, failing: Raiser) -> None:
    failing(ZeroDivisionError("x"))
    said = call("topics", "--debug")
    assert said.code == 1
    assert "Traceback" in said.err
    assert "claimstream: ZeroDivisionError: x [internal]" in said.err


def test_a_defect_of_ours_is_words_too(call: Call, failing: Raiser) -> None:
    failing(ZeroDivisionError("division by zero"))
    said = call("topics")
    assert said.code == 1
    assert "ZeroDivisionError: division by zero [internal]" in said.err
    assert "--debug" in said.err
    assert "Traceback" not in said.err


def test_a_broker_that_is_away_is_named(call: Call, failing: Raiser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLAIMSTREAM_KAFKA_BOOTSTRAP", "kafka.example:9092")
    failing(BrokerAway("KafkaConnectionError(…)"))
    said = call("topics")
    assert "Kafka does not answer at kafka.example:9092 [broker-away]" in said.err
    assert "make services" in said.err


@pytest.mark.parametrize(
    ("cause", "said"),
    [
        (kafka.KafkaConnectionError("…"), "Kafka does not answer at"),
        (kafka.RequestTimedOutError("…"), "Kafka does not answer in time at"),
        (TimeoutError(), "Kafka does not answer in time at"),
        (kafka.NotEnoughReplicasError("2 of 3"), "Kafka cannot do it now: "),
    ],
)
def test_a_broker_that_does_not_answer_is_told_from_one_that_cannot(
    call: Call, failing: Raiser, cause: Exception, said: str
) -> None:
    away = BrokerAway(repr(cause))
    away.__cause__ = cause
    failing(away)
    told = call("topics").err
    assert said in told
    assert "[broker-away]" in told
    assert ("2 of 3" in told) == isinstance(cause, kafka.NotEnoughReplicasError)


def test_a_database_that_is_away_is_named_without_its_password(
    call: Call, failing: Raiser, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing(DatabaseAway("[Errno -2] Name or service not known"))
    monkeypatch.setenv(
        "CLAIMSTREAM_STORE_DATABASE_URL", "postgresql+asyncpg://store:s3cret@pg.example:5433/store"
    )
    said = call("topics").err
    assert "the database does not answer: [Errno -2] Name or service not known [database-away]" in said
    assert "CLAIMSTREAM_STORE_DATABASE_URL names pg.example:5433/store" in said
    assert "s3cret" not in said
    monkeypatch.setenv("CLAIMSTREAM_STORE_DATABASE_URL", "postgresql+asyncpg://[")
    assert "another program holds the file" in call("topics").err


@pytest.mark.parametrize("service", OWNERS)
def test_each_database_is_named_also_where_its_address_lies_in_a_file(
    call: Call, failing: Raiser, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, service: str
) -> None:
    """As compose has it."""
    file = tmp_path / "database-url"
    file.write_text(f"postgresql+asyncpg://{service}:s3cret@pg.example:5433/{service}\n")
    monkeypatch.setenv(f"CLAIMSTREAM_{service.upper()}_DATABASE_URL_FILE", str(file))
    failing(DatabaseAway("it"))
    said = call("topics").err
    assert f"CLAIMSTREAM_{service.upper()}_DATABASE_URL names pg.example:5433/{service}" in said
    assert "s3cret" not in said


def test_ctrl_c_is_no_traceback(call: Call, failing: Raiser) -> None:
    failing(KeyboardInterrupt())
    assert call("topics").code == 130


def test_a_reader_that_has_enough_is_no_error(call: Call, failing: Raiser) -> None:
    failing(BrokenPipeError())
    said = call("topics")
    assert (said.code, said.err) == (0, "")


@pytest.mark.parametrize("command", cli.COMMANDS)
def test_every_command_has_help_with_each_option_explained(call: Call, command: str) -> None:
    said = call(command, "--help")
    assert said.code == 0
    assert said.out.startswith(f"usage: claimstream {command}")
    assert cli.COMMANDS[command][1:] in " ".join(said.out.split())
    parser = argparse.ArgumentParser()
    importlib.import_module(f"claimstream.cli.{command}").register(parser)
    unexplained = [action.dest for action in _actions(parser) if not action.help]
    assert unexplained == []


def _actions(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for child in action.choices.values():
                yield from _actions(child)
        else:
            yield action


def test_help_names_every_command_and_where_to_begin(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", [".venv/bin/claimstream"])
    said = call("--help")
    assert said.code == 0
    for command in cli.COMMANDS:
        assert f"    {command} " in said.out
    assert "Begin with `.venv/bin/claimstream demo`" in said.out


@pytest.mark.parametrize(
    ("arguments", "message", "hint"),
    [
        ([], "COMMAND is missing", "`claimstream --help`"),
        (["nonsense"], "nonsense: there is no such command", "`claimstream --help`"),
        (["tial"], "tial: there is no such command", "Did you mean tail?"),
        (["fate"], "fate URL is missing", "Type claimstream fate [-h]"),
        (["tail", "--snice", "1h"], "tail --snice: not understood", "Did you mean --since?"),
        (["tail", "claims", "more"], "tail more: not understood", "`claimstream tail --help`"),
        (["tail", "--count", "many"], "tail argument --count: 'many' is no number", "tail --help`"),
        (["tail", "--count", "0"], "tail argument --count: 0 is less than 1", "tail --help`"),
        (["tail", "--idle", "-1"], "tail argument --idle: -1 is less than 0", "tail --help`"),
        (["tail", "--idle", "nan"], "tail argument --idle: 'nan' is no number", "tail --help`"),
        (["dead", "ls", "--limit", "-1"], "dead ls argument --limit: -1 is less than 1", "dead ls --help`"),
        (["dead", "redrive", "--limit", "0"], "dead redrive argument --limit: 0 is less than 1", "--help`"),
        (
            ["topics", "apply", "--replication", "0"],
            "topics apply argument --replication: 0 is less than 1",
            "topics apply --help`",
        ),
        (["tail", "--since", "yesterday"], "no time: yesterday", "Write 10m"),
        (["tail", "--since"], "tail argument --since: expected one argument", "`claimstream tail --help`"),
        (["run", "stor"], "run stor: there is no such service", "Did you mean store?"),
        (["dead", "redriv"], "dead redriv: there is no such action", "Did you mean redrive?"),
        (
            ["dead", "ls", "--cod", "x", "--limt", "1"],
            "dead ls --limt 1: not understood",
            "Did you mean --limit?",
        ),
    ],
)
def test_what_cannot_be_parsed_ends_with_two_and_says_what_was_meant(
    call: Call, monkeypatch: pytest.MonkeyPatch, arguments: list[str], message: str, hint: str
) -> None:
    monkeypatch.setattr(sys, "argv", ["claimstream"])
    said = call(*arguments)
    assert (said.code, said.out) == (2, "")
    first, second = said.err.splitlines()
    assert first == f"claimstream: {message} [usage]"
    assert second.startswith("  hint: ")
    assert hint in second


def test_the_module_is_the_command(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "claimstream", "status", "--db", "none.db"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.splitlines()[0] == "claimstream: no database none.db [file-missing]"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("called", "words_for_it"),
    [
        ("/somewhere/claimstream/__main__.py", "python -m claimstream"),
        (".venv/bin/claimstream", ".venv/bin/claimstream"),
        ("/usr/bin/claimstream", "claimstream"),
        ("pytest", "claimstream"),
    ],
)
def test_what_to_type_next_is_typed_as_this_was(
    monkeypatch: pytest.MonkeyPatch, called: str, words_for_it: str
) -> None:
    monkeypatch.setattr(sys, "argv", [called])
    assert words.here() == words_for_it


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("ftp://news.example/a", "url-scheme"),
        ("https://news.example/\x01", "url-control-character"),
        ("https://news.example/" + "a" * 10_000, "url-too-long"),
        ("https:///path", "url-no-host"),
    ],
)
def test_a_refused_url_is_named_in_one_short_line(url: str, code: str) -> None:
    with pytest.raises(UsageError) as refused:
        words.accepted(url)
    assert refused.value.code == code
    assert url[:8] in refused.value.message
    assert len(refused.value.message) < 200
    assert refused.value.message.isprintable()


def test_a_password_does_not_reach_the_terminal() -> None:
    with pytest.raises(UsageError) as refused:
        words.accepted("https://reader:secret@news.example/")
    assert refused.value.code == "url-credentials"
    assert "secret" not in refused.value.message
