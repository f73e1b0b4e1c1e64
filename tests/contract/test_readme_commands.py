"""Every `claimstream …` that the README names parses, with its options, and its like is called by a test."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from claimstream import cli

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
KAFKA, DEMO = "tests/e2e/test_cli_kafka.py", "tests/integration/cli/test_demo.py"
CALLED_BY = {
    "demo": "tests/integration/cli/conftest.py",
    "ingest": "tests/integration/cli/test_ingest.py",
    "clean": "tests/unit/cli/test_clean.py",
    "extract": "tests/unit/cli/test_extract.py",
    "status": DEMO,
    "why": DEMO,
    "fate": DEMO,
    "feeds": DEMO,
    "submit": KAFKA,
    "tail": KAFKA,
    "dead": KAFKA,
    "topics": KAFKA,
    "doctor": "tests/unit/doctor/test_findings.py",
    "users": "tests/integration/access/test_users_on_kafka.py",
    "certificates": "tests/unit/access/test_certificates.py",
    "migrate": KAFKA,
    "run": KAFKA,
}


def commands() -> set[str]:
    """What stands in code after the name of the command, in sentences, tables and blocks."""
    found = set(re.findall(r"`claimstream ([a-z][^`]*)`", README))
    blocks = re.findall(r"^    claimstream (.*)$", README, re.MULTILINE)
    return found | {re.split(r"\s{2,}#", line)[0].strip() for line in blocks}


def test_the_readme_names_every_command() -> None:
    named = {line.split()[0] for line in commands()} | {"demo"}  # `make demo` is how it is typed there
    assert named == set(cli.COMMANDS) == set(CALLED_BY)


@pytest.mark.parametrize("line", sorted(commands()))
def test_a_command_of_the_readme_can_be_typed(line: str) -> None:
    options = cli._parse(shlex.split(line))
    assert callable(options.run)


@pytest.mark.parametrize("command", cli.COMMANDS)
def test_a_command_of_the_readme_is_called_by_a_test(command: str) -> None:
    source = (ROOT / CALLED_BY[command]).read_text()
    assert re.search(rf'(call|start|main)\(\s*\[?"{command}"', source) or f'["{command}"' in source
