"""Every package that the code imports is asked for where that code is installed.

A service image has its own extra and nothing else: an import that only another service's extra brings along
would fail there and nowhere before.
"""

from __future__ import annotations

import ast
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())
EXTRAS: dict[str, list[str]] = PROJECT["project"]["optional-dependencies"]
OURS = {"bench", "claimstream", "quality", "services", "shared", "tests"}
DISTRIBUTIONS = packages_distributions()
PART_OF = {"pydantic-core": "pydantic"}  # a package of its own that nobody may ask for apart


def names(requirements: list[Any]) -> set[str]:
    return {canonicalize_name(Requirement(one).name) for one in requirements if isinstance(one, str)}


BASE = names(PROJECT["project"]["dependencies"])
COMMAND = BASE.union(*(names(extra) for extra in EXTRAS.values()))
DEVELOPMENT = COMMAND.union(*(names(group) for group in PROJECT["dependency-groups"].values()))
# The longest path that fits decides. What is shared by two services alone may use what both of them have.
ALLOWED = {
    "shared": BASE,
    "shared/tracing": BASE | names(EXTRAS["tracing"]),  # in every image
    "shared/database": BASE | (names(EXTRAS["fetcher"]) & names(EXTRAS["store"])),
    "shared/pipeline/pool.py": BASE | (names(EXTRAS["cleaner"]) & names(EXTRAS["extractor"])),
    **{
        f"services/{service}": BASE | names(EXTRAS[service])
        for service in ("fetcher", "cleaner", "extractor", "store")
    },
    "services/cleaner/training": BASE
    | names(EXTRAS["cleaner"])
    | names(PROJECT["dependency-groups"]["cleaner-training"]),  # likewise
    "services/extractor/training": BASE
    | names(EXTRAS["extractor"])
    | names(PROJECT["dependency-groups"]["training"]),  # in an environment of its own
    "claimstream": COMMAND,
    "claimstream/devservices": DEVELOPMENT,
    "bench": DEVELOPMENT,
    "quality": DEVELOPMENT,
    "tests": DEVELOPMENT,
}


def imported(path: Path) -> Iterator[str]:
    """The distributions whose modules that file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        modules: list[str] = []
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            modules = [node.module]
        for top in {module.split(".")[0] for module in modules} - OURS - set(sys.stdlib_module_names):
            found = canonicalize_name(DISTRIBUTIONS.get(top, [top])[0])
            yield PART_OF.get(found, found)


def place(path: str) -> str:
    fitting = [place for place in ALLOWED if path == place or path.startswith(f"{place}/")]
    return max(fitting, key=len)


@pytest.mark.parametrize("where", ALLOWED)
def test_every_import_is_declared_where_it_is_installed(where: str) -> None:
    undeclared = {
        f"{relative} imports {package}"
        for path in [ROOT / where, *(ROOT / where).rglob("*.py")]
        if path.is_file() and place(relative := path.relative_to(ROOT).as_posix()) == where
        for package in imported(path)
        if package not in ALLOWED[where]
    }
    assert undeclared == set()
