"""The session's real Kafka and PostgreSQL, started when the first test asks for one, and what stands beside the
checkout. Where tests run in several processes (`make test-all JOBS=2`), each process has its own.

In CI what is not there fails the tests that need it. Elsewhere they are passed over, and the run says at its end what
it could not do and why: `pass_over` is the only place in this suite where a test may be passed over.
"""

from __future__ import annotations

import os
import secrets
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import NoReturn, TypeVar

import pytest

from claimstream.devservices import Kafka, Postgres
from claimstream.devservices.server import Startable
from shared.errors import UsageError

PARTS = ("kafka", "postgres")
SHARED = Path(__file__).resolve().parents[3] / "shared"
Part = TypeVar("Part", bound=Startable)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks each test with the parts that it asks for, so that `-m "not kafka"` leaves it out."""
    for item in items:
        for part in PARTS:
            if part in getattr(item, "fixturenames", ()):
                item.add_marker(part)


@pytest.fixture(scope="session")
def kafka() -> Iterator[Kafka]:
    """A broker: `.bootstrap`, `.stop()`, `.start()`, `.restart()`, `.kill()`. A test leaves it running."""
    yield from started("kafka", Kafka())


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A server: `.new_database()`, `.url(name)`, `.stop()`, `.start()`, `.restart()`. A test leaves it running."""
    yield from started("postgres", Postgres())


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


def beside(folder: Path) -> None:
    """Pass a test over that needs a folder of ``../shared`` where there is none."""
    if not folder.is_dir():
        pass_over(f"../shared/{folder.relative_to(SHARED).as_posix()}", "it is not beside the checkout")


def pass_over(what: str, reason: str) -> NoReturn:
    """A test that needs ``what`` cannot be done here."""
    said = f"with {what}, because {reason}"
    if os.environ.get("CI") == "true":
        pytest.fail(said)
    pytest.skip(said)


def started(name: str, part: Part) -> Iterator[Part]:
    """For a fixture: the part while it runs; the test is passed over where it does not come up."""
    with ExitStack() as stack:
        try:
            stack.enter_context(part)
        except UsageError as error:
            pass_over(f"a real {name}", error.message)
        yield part


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """From the reports: where tests run in several processes, they are all that this one gets of the others."""
    passed_over = Counter(
        report.longrepr[2].removeprefix("Skipped: ")
        for report in terminalreporter.getreports("skipped")
        if isinstance(report.longrepr, tuple)
    )
    for said, number in passed_over.items():
        terminalreporter.section("what this run could not do", sep="=", red=True)
        terminalreporter.write_line(f"could not do: {number} tests {said}")
