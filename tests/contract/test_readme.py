"""What the README tells people to type exists and is run, and its list of packages is the list."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
# The others are lines of .ci/run.
RUN_BY_TESTS = {
    "make services": "tests/integration/test_services_command.py",
    "make help": "tests/contract/test_readme.py",
    "make up": "tests/deploy/test_compose.py",
    "make down": "tests/deploy/test_compose.py",
}
# Its tests are those that `make test-all` begins with, where CI has a Docker engine.
BY_HAND = {"make test-compose"}


def test_every_make_target_that_is_named_exists_and_is_run() -> None:
    makefile = (ROOT / "Makefile").read_text()
    ci = (ROOT / ".ci" / "run").read_text()
    for command in set(re.findall(r"(?<!certificates )\bmake [a-z]+(?:-[a-z]+)*", README)):
        assert re.search(rf"^{command.removeprefix('make ')}:.*## ", makefile, re.MULTILINE), command
        by_test = RUN_BY_TESTS.get(command)
        if command in BY_HAND:
            continue
        if by_test is None:
            assert re.search(rf"^ *{command}( |$)", ci, re.MULTILINE), f"{command} is run by nothing"
        else:
            words = command.split()
            assert f'["{words[0]}", "{words[1]}"]' in (ROOT / by_test).read_text(), (
                f"{by_test} no longer runs it"
            )


def test_help_lists_every_target_with_its_purpose() -> None:
    listed = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    targets = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert targets is not None
    assert re.findall(r"^ +make ([a-z-]+) +\S", listed, re.MULTILINE) == targets[1].split()


def test_the_list_of_packages_is_what_pyproject_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    sections = [project["project"]["dependencies"], *project["project"]["optional-dependencies"].values()]
    asked = {Requirement(one).name for section in sections for one in section}
    table = README.split("## What it stands on")[1].split("\n## ")[0]
    listed = set(re.findall(r"^\| ([a-z0-9-]+) \|", table, re.MULTILINE)) - {"package"}
    assert listed == asked

    tools = {
        Requirement(one).name
        for group in project["dependency-groups"].values()
        for one in group
        if isinstance(one, str)
    }
    last = table.split("For tests and development only:")[1]
    assert set(re.findall(r"([a-z0-9-]+) \(", last)) == tools
