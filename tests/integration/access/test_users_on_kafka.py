"""`claimstream users` on a real broker: a user is added, listed, changed and removed."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from claimstream.access.users import Users
from claimstream.devservices import Kafka
from shared.errors import AccessDenied, CredentialsRefused
from shared.pipeline.kafka.connection import connection_options
from shared.pipeline.kafka.topics import admin
from shared.topics_file import load_topics
from tests.command import Call
from tests.real import access


@pytest.fixture
def name(topic_prefix: str) -> str:
    return f"{topic_prefix}-desk"


@pytest.fixture
def users(call: Call, kafka: Kafka, topic_prefix: str, monkeypatch: pytest.MonkeyPatch) -> Call:
    """``users("ls")``: the command as an administrator's."""
    monkeypatch.setenv("CLAIMSTREAM_KAFKA_BOOTSTRAP", kafka.bootstrap)
    monkeypatch.setenv("CLAIMSTREAM_PREFIX", topic_prefix)
    return lambda *words: call("users", *words)


def _listed(users: Call, name: str) -> Any:
    lines = map(json.loads, users("ls", "--json").out.splitlines())
    return next((line for line in lines if line["name"] == name), None)


def _signs_in(kafka: Kafka, name: str, password: str) -> bool:
    async def try_it() -> bool:
        try:
            async with admin(connection_options(access.outside(kafka, name, password=password))) as client:
                await client.list_topics()
                return True
        except CredentialsRefused:
            return False

    return asyncio.run(try_it())


def test_a_user_signs_in_with_the_password_that_was_printed(users: Call, kafka: Kafka, name: str) -> None:
    said = users("add", name, "--role", "downstream")
    assert said.code == 0, said.err
    password = said.out.split("password: ")[1].splitlines()[0]
    assert len(password) >= 32
    assert _signs_in(kafka, name, password)
    assert _listed(users, name) == {"name": name, "role": "downstream", "credential": True}


def test_the_same_again_changes_nothing(users: Call, kafka: Kafka, name: str) -> None:
    password = users("add", name, "--role", "upstream").out.split("password: ")[1].splitlines()[0]
    again = users("add", name, "--role", "upstream")
    assert "0 rights added, 0 taken away" in again.out
    assert "password: as it was" in again.out
    assert _signs_in(kafka, name, password)


def test_another_role_replaces_the_first(users: Call, name: str) -> None:
    users("add", name, "--role", "upstream")
    users("add", name, "--role", "downstream")
    assert _listed(users, name)["role"] == "downstream"


def test_a_new_password_ends_the_old_one(users: Call, kafka: Kafka, name: str) -> None:
    first = users("add", name, "--role", "upstream").out.split("password: ")[1].splitlines()[0]
    second = (
        users("add", name, "--role", "upstream", "--new-password").out.split("password: ")[1].splitlines()[0]
    )
    assert first != second
    assert _signs_in(kafka, name, second)
    assert not _signs_in(kafka, name, first)


def test_a_password_comes_from_a_file_and_is_not_shown(
    users: Call, kafka: Kafka, name: str, tmp_path: Path
) -> None:
    file = tmp_path / "password"
    file.write_text("brought by a person\n")
    said = users("add", name, "--role", "upstream", "--password-file", file)
    assert said.code == 0, said.err
    assert "brought by a person" not in said.out + said.err
    assert _signs_in(kafka, name, "brought by a person")


def test_a_removed_user_is_gone(users: Call, kafka: Kafka, name: str) -> None:
    password = users("add", name, "--role", "service").out.split("password: ")[1].splitlines()[0]
    assert users("remove", name).code == 0
    assert _listed(users, name) is None
    assert not _signs_in(kafka, name, password)
    again = users("remove", name)
    assert again.code == 2
    assert "user-unknown" in again.err


def test_users_of_another_pipeline_keep_their_rights(
    users: Call, name: str, topic_prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    users("add", name, "--role", "downstream")
    monkeypatch.setenv("CLAIMSTREAM_PREFIX", f"{topic_prefix}other")
    users("add", name, "--role", "upstream")
    assert _listed(users, name)["role"] == "upstream"
    monkeypatch.setenv("CLAIMSTREAM_PREFIX", topic_prefix)
    assert _listed(users, name)["role"] == "downstream"


def test_only_an_administrator_asks(kafka: Kafka, topic_prefix: str) -> None:
    async def ask() -> None:
        settings = await access.user(kafka, topic_prefix, "service")
        async with admin(connection_options(settings)) as client:
            users = Users(client, topic_prefix, load_topics())
            for question in (
                users.list(),
                users.set_role("desk", "upstream"),
                users.set_password("desk", "x"),
            ):
                with pytest.raises(AccessDenied) as raised:
                    await question
                assert "super user" in raised.value.hint

    asyncio.run(ask())
