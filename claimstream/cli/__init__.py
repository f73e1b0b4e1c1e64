"""The command ``claimstream``: one file a command, one place where errors become words.

Exit status: 0 done, 1 something failed, 2 asked in a way that cannot be done, 130 interrupted.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import io
import os
import sys
import traceback
from collections.abc import Sequence
from urllib.parse import urlsplit

from claimstream.cli.parsing import Parser
from claimstream.words import here
from shared.errors import (
    BrokerAway,
    ClaimstreamError,
    DatabaseAway,
    NotOurDatabase,
    SchemaMissing,
    SettingsInvalid,
    UsageError,
)
from shared.telemetry import configure_logging

# In the order in which a newcomer meets them. Each module has register(subparsers); modules load when asked for,
# so that `claimstream clean` does not wait for Kafka's client.
COMMANDS = {
    "demo": "a sample news site on loopback, its claims and its account",
    "ingest": "files, URLs and feeds through all four services in one process",
    "clean": "one page or many: the article in it",
    "extract": "one text or many: the claims in it",
    "status": "every stage and the account",
    "doctor": "is this deployment well: each part, and one article through all of it",
    "why": "prove a claim: text, article version, page, URL",
    "fate": "where a URL is, and why",
    "submit": "publish URLs to the topic `urls`",
    "tail": "follow a topic as a downstream consumer does",
    "feeds": "the feeds that are polled",
    "dead": "the dead letters: list, show, redrive",
    "topics": "the topics of deploy/topics.toml on the broker",
    "users": "who may read and write what on the broker: add, list, remove",
    "certificates": "certificates for a trial of the broker's listener to people outside",
    "migrate": "bring the databases to this release",
    "run": "run services",
}
# What the person who typed the command can put right by typing another one.
ASKED_WRONGLY = (UsageError, SettingsInvalid, NotOurDatabase)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. Returns the exit status."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    # JSON is UTF-8 in every locale, and a file's name may be of any bytes.
    for stream, odd in ((sys.stdout, "surrogateescape"), (sys.stderr, "backslashreplace")):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors=odd)
    debug = "--debug" in arguments
    # A command's own words say what happened; what libraries log beside them is for `--debug`. `run` sets up its own.
    configure_logging("DEBUG" if debug else "CRITICAL", json=False)
    try:
        options = _parse([argument for argument in arguments if argument != "--debug"])
        status: int = options.run(options)
        sys.stdout.flush()  # here a closed pipe can still be told from a defect
    except ClaimstreamError as error:
        _show_where(debug)
        print_error(error)
        return 2 if isinstance(error, ASKED_WRONGLY) else 1
    except KeyboardInterrupt:
        _show_where(debug)
        print("interrupted", file=sys.stderr)
        return 130
    except BrokenPipeError:
        _leave_the_pipe()
        return 0
    except Exception as error:  # a defect of ours, which a person gets as words too
        _show_where(debug)
        print_error(ClaimstreamError(f"{type(error).__name__}: {error}", hint=_DEFECT))
        return 1
    return status


_DEFECT = "This is a defect of claimstream. The same command with --debug shows where; please report that."


def _show_where(debug: bool) -> None:
    """For `--debug`: the traceback of what is being handled, before the words for it, which stand last."""
    if debug:
        traceback.print_exc()


def print_error(error: ClaimstreamError) -> None:
    """What happened, to what, and what to do; with the code that the docs and the metrics use."""
    message, hint = error.message, error.hint
    # A service waits for what is away; a command ends, and says where it looked.
    if error.code == BrokerAway.code and _answered(error.__cause__):
        message = f"Kafka cannot do it now: {error.__cause__}"
        hint = "Its log says why, and `claimstream doctor` looks at it; then run this again. Nothing was half done."
    elif error.code == BrokerAway.code:
        address = os.environ.get("CLAIMSTREAM_KAFKA_BOOTSTRAP", "127.0.0.1:9092")
        late = "TimedOut" in message or "Timeout" in message
        message = f"Kafka does not answer {'in time ' if late else ''}at {address}"
        hint = "Start it (`make services`, for development) or set CLAIMSTREAM_KAFKA_BOOTSTRAP; then run this again."
    elif error.code == DatabaseAway.code:
        message = f"the database does not answer: {message}"
        hint = f"{_where()}, then run this again. Nothing was half done."
    elif isinstance(error, SchemaMissing):
        hint = (
            f"Run `{here()} migrate` with this release first; with --db FILE where this was called with it."
        )
    print(f"claimstream: {message} [{error.code}]", file=sys.stderr)
    print(f"  hint: {hint}", file=sys.stderr)


def _where() -> str:
    """What to look at: the settings name hosts, which a driver's words do not always. No password is shown."""
    from claimstream import databases  # loaded only where one was asked

    named = []
    for service in databases.OWNERS:
        with contextlib.suppress(ValueError, ClaimstreamError):
            url = urlsplit(databases.of_environment(service) or "")
            if url.hostname:
                port = f":{url.port}" if url.port else ""
                named.append(f"{databases.variable(service)} names {url.hostname}{port}{url.path}")
    if not named:
        return "Look whether another program holds the file, and whether its disk is full"
    return f"Look whether it runs and whether its address is right ({'; '.join(named)})"


def _answered(cause: BaseException | None) -> bool:
    """Whether a broker said so itself, and it is not that one was waited for in vain."""
    from aiokafka.errors import (
        BrokerResponseError,
        RequestTimedOutError,
    )  # loaded only where a broker was asked

    return isinstance(cause, BrokerResponseError) and not isinstance(cause, RequestTimedOutError)


def _leave_the_pipe() -> None:
    """`claimstream tail | head`: the reader has what it wanted. The interpreter's last flush must not fail again."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        pass  # standard output is no file: then nothing flushes it


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = Parser(
        prog="claimstream",
        description="News in, attributed claims out.",
        epilog=f"Begin with `{here()} demo`. `{here()} COMMAND --help` says more. --debug shows tracebacks. "
        "The codes in brackets are explained in docs/errors.md.",
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    wanted = next((argument for argument in arguments if not argument.startswith("-")), None)
    for name, summary in COMMANDS.items():
        child = commands.add_parser(name, help=summary, description=summary[0].upper() + summary[1:] + ".")
        if name == wanted:
            importlib.import_module(f"claimstream.cli.{name}").register(child)
    return parser.parse_args(arguments)
