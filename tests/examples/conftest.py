"""The examples as another team runs them: real processes, each in its language, against a real broker.

A runtime that this machine lacks: with CI=true its tests fail; elsewhere they are passed over, and the run says so.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from claimstream.devservices import Kafka
from tests.examples.broker import Topics
from tests.examples.doors import Door, inside, outside
from tests.examples.languages import LANGUAGES, Language, made_ready
from tests.real.parts import pass_over


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that asks for ``language`` runs in each; one that asks for ``tested_language``, in those with a test."""
    if "language" in metafunc.fixturenames:
        metafunc.parametrize("language", LANGUAGES, ids=lambda language: language.name)
    if "tested_language" in metafunc.fixturenames:
        tested = [language for language in LANGUAGES if language.test_spans]
        metafunc.parametrize("tested_language", tested, ids=lambda language: language.name)


@pytest.fixture(scope="session")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("examples")


@pytest.fixture
def folder(request: pytest.FixtureRequest, workshop: Path) -> Path:
    """Where the language's example lies, ready to be called."""
    params = request.node.callspec.params
    language: Language = params.get("language") or params["tested_language"]
    if language.needs is not None and (problem := language.needs.problem()) is not None:
        pass_over(f"the example in {language.name}", problem)
    return made_ready(language, workshop)


@pytest.fixture
async def topics(kafka: Kafka, topic_prefix: str) -> AsyncIterator[Topics]:
    async with Topics(kafka, topic_prefix) as there:
        yield there


@pytest.fixture(params=["inside", "outside"])
def door(request: pytest.FixtureRequest) -> Door:
    """Plaintext, or TLS with SCRAM as a user whose role gives just what the example needs."""
    return inside if request.param == "inside" else outside
