"""The command ``claimstream``: one file a command, one place where errors become words.

Exit status: 0 done, 1 something failed, 2 asked in a way that cannot be done, 130 interrupted.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence

from shared.errors import ClaimstreamError, UsageError

# In the order in which a newcomer meets them. Each module has register(subparsers); modules load when asked for,
# so that `claimstream clean` does not wait for Kafka's client.
COMMANDS = {
    "demo": "a sample news site on loopback, its claims and its account",
    "ingest": "files, URLs and feeds through all four services in one process",
    "clean": "one page or many: the article in it",
    "extract": "one text or many: the claims in it",
    "status": "every stage and the account",
    "why": "prove a claim: text, article version, page, URL",
    "fate": "where a URL is, and why",
    "submit": "publish URLs to the topic `urls`",
    "tail": "follow a topic as a downstream consumer does",
    "feeds": "the feeds that are polled",
    "dead": "the dead letters: list, show, redrive",
    "topics": "the topics of deploy/topics.toml on the broker",
    "migrate": "bring the databases to this release",
    "run": "run services",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. Returns the exit status."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    debug = "--debug" in arguments
    try:
        options = _parse([argument for argument in arguments if argument != "--debug"])
        status: int = options.run(options)
    except ClaimstreamError as error:
        if debug:
            raise
        print_error(error)
        return 2 if isinstance(error, UsageError) else 1
    except KeyboardInterrupt:
        if debug:
            raise
        print("interrupted", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # `claimstream tail | head`: the reader has what it wanted. Close before the interpreter flushes again.
        sys.stderr.close()
        return 0
    return status


def print_error(error: ClaimstreamError) -> None:
    """What happened, to what, and what to do; with the code that the docs and the metrics use."""
    print(f"claimstream: {error.message} [{error.code}]", file=sys.stderr)
    print(f"  hint: {error.hint}", file=sys.stderr)


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="claimstream",
        description="News in, attributed claims out.",
        epilog="`claimstream COMMAND --help` says more. --debug shows tracebacks.",
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    wanted = next((argument for argument in arguments if not argument.startswith("-")), None)
    for name, summary in COMMANDS.items():
        child = commands.add_parser(name, help=summary, description=summary[0].upper() + summary[1:] + ".")
        if name == wanted:
            importlib.import_module(f"claimstream.cli.{name}").register(child)
    return parser.parse_args(arguments)
