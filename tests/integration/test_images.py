"""`claimstream run SERVICE` starts with what that service's image installs: its own extra, and no other's."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, packages_distributions, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
# A process and the extra of its image.
SERVICES = {name: name for name in ("fetcher", "cleaner", "extractor", "store")} | {
    "relay": "store",
    "api": "store",
}

# Builds the service as `run` does, in an interpreter that refuses the packages of the other extras. Nothing is
# contacted and nothing runs.
PROGRAM = """
import asyncio, sys, importlib.abc
class Refuse(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in REFUSED:
            raise ImportError(f"this image does not have {name}")
REFUSED = set(sys.argv[2].split(","))
sys.meta_path.insert(0, Refuse())
from claimstream.cli import main
from claimstream import kafka
from claimstream.compose import build_service
import claimstream.cli.run
async def build():
    broker = kafka.from_environment()
    if sys.argv[1] == "api":
        from claimstream.api import build_api
        service = build_api(broker.common)
    else:
        broker.max_bytes
        service = build_service(sys.argv[1], broker, broker.common)
    await service.resources.aclose()
asyncio.run(build())
"""


def packages_of(extra: str | None) -> set[str]:
    asked = PROJECT["dependencies"] if extra is None else PROJECT["optional-dependencies"][extra]
    return {canonicalize_name(Requirement(one).name) for one in asked}


def modules_refused(service: str) -> set[str]:
    """Import names of what only other services' extras ask for."""
    others = set().union(*(packages_of(extra) for extra in PROJECT["optional-dependencies"]))
    own = brought_by(packages_of(SERVICES[service]) | packages_of(None))
    refused = others - own - {"lxml"}
    return {
        module
        for module, owners in packages_distributions().items()
        # A namespace such as opentelemetry has several owners; one that comes anyway may be imported.
        if any(canonicalize_name(owner) in refused for owner in owners)
        and not any(canonicalize_name(owner) in own for owner in owners)
    }


def brought_by(packages: set[str]) -> set[str]:
    """These packages and what they need without an extra, as installed."""
    known: set[str] = set()
    while new := packages - known:
        known |= new
        for name in new:
            with suppress(PackageNotFoundError):
                needed = map(Requirement, requires(name) or ())
                packages |= {
                    canonicalize_name(one.name)
                    for one in needed
                    if one.marker is None or one.marker.evaluate({"extra": ""})
                }
    return known


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_starts_with_its_own_extra_alone(service: str, tmp_path: Path) -> None:
    refused = modules_refused(service)
    assert refused
    database = f"sqlite+aiosqlite:///{tmp_path}/x.db"
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, service, ",".join(sorted(refused))],
        cwd=ROOT,
        env={
            "PATH": "",
            "CLAIMSTREAM_POOL_WORKERS": "1",
            "CLAIMSTREAM_FETCHER_DATABASE_URL": database,
            "CLAIMSTREAM_STORE_DATABASE_URL": database,
            "CLAIMSTREAM_API_ACCOUNT_DATABASE_URL": database,
            "CLAIMSTREAM_FETCHER_CONTACT": "tests@claimstream.invalid",
            "CLAIMSTREAM_EXTRACTOR_READER_URL": "http://127.0.0.1:9/v1",
            "CLAIMSTREAM_EXTRACTOR_READER_MODEL": "small-model",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_the_check_refuses_what_another_service_brings(tmp_path: Path) -> None:
    """The fetcher does not build without its own packages: the hook works."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, "fetcher", "httpx"],
        cwd=ROOT,
        env={"PATH": "", "CLAIMSTREAM_FETCHER_DATABASE_URL": f"sqlite+aiosqlite:///{tmp_path}/x.db"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "this image does not have httpx" in done.stderr
