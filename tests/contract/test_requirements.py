"""The pins say what pyproject.toml asks for, and nothing about the machine that resolved them.

Names and versions only, offline: `make lock` writes the files.
"""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())
EXTRAS: dict[str, list[str]] = PROJECT["project"]["optional-dependencies"]
BASE: list[str] = PROJECT["project"]["dependencies"]
GROUPS: dict[str, list[str]] = {
    name: [one for one in group if isinstance(one, str)]
    for name, group in PROJECT["dependency-groups"].items()
}
SERVICES = ("fetcher", "cleaner", "extractor", "store")
IN_ONE_PROCESS = [*BASE, *(one for extra in EXTRAS.values() for one in extra), *GROUPS["build"]]
ASKED = {
    "all": IN_ONE_PROCESS + GROUPS["dev"],
    "claimstream": IN_ONE_PROCESS,
    **{service: BASE + EXTRAS[service] + EXTRAS["tracing"] for service in SERVICES},
}


def pins(name: str) -> dict[str, set[str]]:
    """The versions of each package in that file; two where a marker chooses."""
    found: dict[str, set[str]] = {}
    for line in (ROOT / "requirements" / f"{name}.txt").read_text().splitlines():
        if pinned := re.match(r"([A-Za-z0-9._-]+)==([^ ;\\]+)", line):
            found.setdefault(canonicalize_name(pinned[1]), set()).add(pinned[2])
    return found


def needed(requirement: Requirement, seen: set[tuple[str, str]]) -> set[str]:
    """The names that an installed package needs on this machine, itself included."""
    names: set[str] = {canonicalize_name(requirement.name)}
    for extra in ("", *requirement.extras):
        if (key := (canonicalize_name(requirement.name), extra)) in seen:
            continue
        seen.add(key)
        try:
            declared = distribution(requirement.name).requires or []
        except PackageNotFoundError:
            continue
        for one in map(Requirement, declared):
            if one.marker is None or one.marker.evaluate({"extra": extra}):
                names |= needed(one, seen)
    return names


@pytest.mark.parametrize("name", ASKED)
def test_every_requirement_is_pinned_to_a_version_that_it_allows(name: str) -> None:
    pinned = pins(name)
    for requirement in map(Requirement, ASKED[name]):
        versions = pinned.get(canonicalize_name(requirement.name), set())
        assert versions, f"requirements/{name}.txt lacks {requirement}: make lock"
        assert all(requirement.specifier.contains(version) for version in versions), (
            f"{requirement}: make lock"
        )


@pytest.mark.parametrize("name", ["claimstream", *SERVICES])
def test_a_file_pins_the_versions_of_the_whole(name: str) -> None:
    whole = pins("all")
    assert {
        package: versions for package, versions in pins(name).items() if whole.get(package) != versions
    } == {}


@pytest.mark.parametrize("name", ASKED)
def test_nothing_is_pinned_that_nothing_asks_for(name: str) -> None:
    seen: set[tuple[str, str]] = set()
    asked = {package for one in ASKED[name] for package in needed(Requirement(one), seen)}
    elsewhere = {"colorama", "cffi", "pycparser", "tzdata"}  # asked for on other systems or interpreters
    assert set(pins(name)) - asked - elsewhere == set(), "no longer asked for: make lock"


@pytest.mark.parametrize("name", ASKED)
def test_every_pin_has_its_hashes_and_no_file_names_a_place(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    for entry in re.split(r"\n(?=\S)", text.strip()):
        assert re.fullmatch(
            r"[a-z0-9._-]+==[^ ;\\]+( ; [^\\\n]+)?( \\\n    --hash=sha256:[0-9a-f]{64})+", entry
        ), entry.splitlines()[0]
    assert "://" not in text
