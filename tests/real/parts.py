"""The session's real Kafka and PostgreSQL, started when the first test asks for one, and what stands beside the
checkout. Where tests run in several processes (`make test-all JOBS=2`), each process has its own.

In CI a part that does not come up fails the tests that need it. Elsewhere they are passed over, and the run says
at its end what it could not do and why: the only place in this suite where a test may be passed over.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import NoReturn, TypeVar

import pytest
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

from claimstream.devservices import Kafka, Postgres
from claimstream.devservices.server import Startable
from shared.errors import UsageError

MISSING: pytest.StashKey[dict[str, str]] = pytest.StashKey()
PARTS = ("kafka", "postgres")
# Tests of every other folder share a deployment, a demo that ran, or whatever else takes half a minute to make.
ANYWHERE = ("contract", "unit")
SHARED = Path(__file__).resolve().parents[3] / "shared"
Part = TypeVar("Part", bound=Startable)


def pytest_configure(config: pytest.Config) -> None:
    config.stash[MISSING] = {}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks each test with the parts that it asks for, so that `-m "not kafka"` leaves it out."""
    for item in items:
        for part in PARTS:
            if part in getattr(item, "fixturenames", ()):
                item.add_marker(part)


class ByFolder(LoadScopeScheduling):  # type: ignore[misc]
    """Where tests run in several processes, a folder's tests share one, one after the other. The mark `xdist_group`
    would say so too, but pytest 9.2 does not let xdist 3.8 read it (pytest-xdist, issue 1386)."""

    def _split_scope(self, nodeid: str) -> str:
        """The folder below tests, or below tests/integration; of quick tests the file."""
        file = nodeid.partition("::")[0]
        parts = file.split("/")[1:]
        if parts[0] in ANYWHERE:
            return file
        return "/".join(parts[: 2 if parts[0] == "integration" else 1])


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> ByFolder | None:
    return ByFolder(config, log) if config.getvalue("dist") == "loadscope" else None


@pytest.fixture(scope="session")
def kafka(pytestconfig: pytest.Config) -> Iterator[Kafka]:
    """A broker: `.bootstrap`, `.stop()`, `.start()`, `.restart()`, `.kill()`. A test leaves it running."""
    yield from started(pytestconfig, "kafka", Kafka())


@pytest.fixture(scope="session")
def postgres(pytestconfig: pytest.Config) -> Iterator[Postgres]:
    """A server: `.new_database()`, `.url(name)`, `.stop()`, `.start()`, `.restart()`. A test leaves it running."""
    yield from started(pytestconfig, "postgres", Postgres())


@pytest.fixture
def database(postgres: Postgres) -> Iterator[str]:
    """The URL (postgresql+asyncpg://…) of an empty database that is this test's alone."""
    url = postgres.new_database()
    yield url
    postgres.start()
    postgres.drop_database(url)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database that is this test's alone: once of SQLite, once of PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'database.db'}"
    return str(request.getfixturevalue("database"))


@pytest.fixture
def topic_prefix() -> str:
    """A prefix for topics, groups and transactional ids that no other test shares."""
    return f"t{secrets.token_hex(5)}"


def beside(config: pytest.Config, folder: Path) -> None:
    """Pass a test over that needs a folder of ``../shared`` where there is none."""
    if not folder.is_dir():
        name = folder.relative_to(SHARED).as_posix()
        _pass_over(config, name, f"there is no ../shared/{name} beside the checkout")


def _pass_over(config: pytest.Config, name: str, reason: str) -> NoReturn:
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    config.stash[MISSING][name] = reason
    pytest.skip(reason)


def started(config: pytest.Config, name: str, part: Part) -> Iterator[Part]:
    """For a fixture: the part while it runs; the test is passed over where it does not come up."""
    if reason := config.stash[MISSING].get(name):
        _pass_over(config, name, reason)
    with ExitStack() as stack:
        try:
            stack.enter_context(part)
        except UsageError as error:
            _pass_over(config, name, error.message)
        yield part


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for name, reason in config.stash[MISSING].items():
        passed_over = [
            report
            for report in terminalreporter.getreports("skipped")
            if isinstance(report.longrepr, tuple) and reason in str(report.longrepr[2])
        ]
        terminalreporter.section("what this run could not do", sep="=", red=True)
        first, *rest = reason.splitlines()
        terminalreporter.write_line(
            f"could not do: {len(passed_over)} tests with a real {name}, because {first}"
        )
        for line in rest:
            terminalreporter.write_line(line)
