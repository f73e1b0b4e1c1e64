"""The command, called in this process; a site; and a database that one demo filled."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from claimstream.cli import main
from claimstream.sample import SampleSite
from tests.command import call, served

__all__ = ["call"]


@pytest.fixture
def site() -> Iterator[SampleSite]:
    with served() as site:
        yield site


@dataclass(frozen=True)
class Demo:
    """What `claimstream demo` printed, the database and the claims that it left."""

    code: int
    said: str
    db: Path
    claims: Path


@pytest.fixture(scope="session")
def demo_run(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    folder = tmp_path_factory.mktemp("demo")
    db, claims = folder / "demo.db", folder / "claims.jsonl"
    with pytest.MonkeyPatch.context() as patch, open(folder / "said", "w+") as said:
        patch.setattr("sys.stdout", said)
        patch.delenv("CLAIMSTREAM_EXTRACTOR_MODEL", raising=False)  # as a newcomer has it
        code = main(["demo", "--db", str(db), "--out", str(claims)])
        said.seek(0)
        return Demo(code, said.read(), db, claims)


@pytest.fixture
def demo(demo_run: Demo, tmp_path: Path) -> Demo:
    """The same for a test that changes the database."""
    db = tmp_path / "demo.db"
    shutil.copy(demo_run.db, db)
    return Demo(demo_run.code, demo_run.said, db, demo_run.claims)
