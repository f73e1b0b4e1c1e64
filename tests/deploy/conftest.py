"""These need a Docker engine and minutes: collected when they are named, as `make test-compose` does."""

from __future__ import annotations

import subprocess

import pytest

collect_ignore_glob = ["test_*.py"]


@pytest.fixture(scope="session", autouse=True)
def engine() -> None:
    """A Docker engine that answers, with compose 2.24 or later (`!override` and `!reset` in our files)."""
    for words in (["docker", "info"], ["docker", "compose", "version", "--short"]):
        try:
            done = subprocess.run(words, capture_output=True, text=True, check=False)
        except FileNotFoundError:
            pytest.fail("tests/deploy need a Docker engine with compose; there is no `docker` on PATH")
        if done.returncode:
            pytest.fail(
                f"tests/deploy need a Docker engine with compose: `{' '.join(words)}`: {done.stderr.strip()}"
            )
    version = tuple(int(part) for part in done.stdout.strip().removeprefix("v").split("-")[0].split(".")[:2])
    if version < (2, 24):
        pytest.fail(f"tests/deploy need compose 2.24 or later; this is {done.stdout.strip()}")
