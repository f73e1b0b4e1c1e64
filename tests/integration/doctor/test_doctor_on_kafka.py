"""Each check of `claimstream doctor` on real parts: well, and ill in the way that it is there for."""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from claimstream.databases import OWNERS, variable
from claimstream.devservices import Kafka, Postgres
from claimstream.doctor import broker as of_broker
from claimstream.doctor import databases as of_databases
from shared.contracts.topics import full_name
from shared.pipeline.kafka.topics import admin
from tests.command import Call
from tests.real import access

Doctor = Callable[..., dict[str, Any]]


@pytest.fixture
def command(
    call: Call,
    kafka: Kafka,
    postgres: Postgres,
    topic_prefix: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Call]:
    """The command with an operator's settings, before anything was applied or migrated."""
    topics = tmp_path / "topics.toml"
    committed = Path(__file__).parents[3] / "deploy" / "topics.toml"
    topics.write_text(committed.read_text().replace("partitions = 32", "partitions = 2"))
    urls = {service: postgres.new_database() for service in OWNERS}
    monkeypatch.setenv("CLAIMSTREAM_KAFKA_BOOTSTRAP", kafka.bootstrap)
    monkeypatch.setenv("CLAIMSTREAM_PREFIX", topic_prefix)
    monkeypatch.setenv("CLAIMSTREAM_TOPICS_FILE", str(topics))
    for service, url in urls.items():
        monkeypatch.setenv(variable(service), url)
    yield call
    for url in urls.values():
        postgres.drop_database(url)


@pytest.fixture
def doctor(command: Call) -> Doctor:
    """What it finds, by check: the first finding that is ill, or else the first."""

    def look() -> dict[str, Any]:
        said = command("doctor", "--json", "--wait", "0.5")
        answer = json.loads(said.out)
        assert said.code == (0 if answer["ok"] else 1)
        found: dict[str, Any] = {}
        for one in answer["checks"]:
            if one["check"] not in found or not one["ok"]:
                found[one["check"]] = one
        return found

    return look


def test_before_anything_was_applied_it_says_what_to_run(doctor: Doctor) -> None:
    found = doctor()
    assert found["settings"]["ok"]
    assert found["broker"]["ok"]
    assert found["topics"]["code"] == "topic-missing"
    assert "topics apply" in found["topics"]["hint"]
    assert found["database"]["ok"]
    assert found["migrations"]["code"] == "schema-missing"
    assert "claimstream migrate" in found["migrations"]["hint"]
    assert found["article"]["code"] == "not-looked-at"


def test_with_no_service_running_all_is_well_but_the_article(command: Call, doctor: Doctor) -> None:
    assert command("topics", "apply").code == 0
    assert command("migrate").code == 0
    found = doctor()
    assert {name for name, one in found.items() if not one["ok"]} == {"article"}
    assert found["article"]["code"] == "article-lost"
    assert "claimstream status" in found["article"]["hint"]
    assert "PostgreSQL" in found["database"]["text"]
    assert "days left" in found["certificates"]["text"], "the broker tells a super user of its other listener"
    assert "GiB free" in found["broker-disk"]["text"]


async def _retention(kafka: Kafka, topic: str, milliseconds: int) -> None:
    async with admin(access.inside(kafka)) as client:
        configs = {"retention.ms": str(milliseconds)}
        await client.alter_configs([ConfigResource(ConfigResourceType.TOPIC, topic, configs)])


def test_a_topic_that_is_not_as_in_the_file_is_named(
    command: Call, doctor: Doctor, kafka: Kafka, topic_prefix: str
) -> None:
    command("topics", "apply")
    topic = full_name(topic_prefix, "pages")
    asyncio.run(_retention(kafka, topic, 1000))
    topics = _until_ok_is(doctor, False)
    assert topics["code"] == "topic-differs"
    assert f"{topic}: retention.ms is 1000, not 604800000" in topics["text"]
    command("topics", "apply")
    _until_ok_is(doctor, True)


def _until_ok_is(doctor: Doctor, ok: bool) -> dict[str, Any]:
    """What it says of the topics, once the broker has learned from its controller what was changed."""
    deadline = time.monotonic() + 60
    while True:
        topics: dict[str, Any] = doctor()["topics"]
        if topics["ok"] is ok:
            return topics
        assert time.monotonic() < deadline, topics


def test_a_broker_that_is_away_is_said_once(doctor: Doctor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLAIMSTREAM_KAFKA_BOOTSTRAP", "127.0.0.1:1")
    found = doctor()
    assert found["broker"]["code"] == "broker-away"
    assert {found[name]["code"] for name in ("topics", "certificates", "broker-disk", "article")} == {
        "not-looked-at"
    }
    assert found["database"]["ok"]


def test_a_password_that_the_broker_refuses_is_said(
    doctor: Doctor, kafka: Kafka, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "BOOTSTRAP": kafka.secure_bootstrap,
        "SECURITY": "SASL_SSL",
        "CA_FILE": str(kafka.ca_file),
        "USERNAME": "nobody",
        "PASSWORD": "of nobody",
    }.items():
        monkeypatch.setenv(f"CLAIMSTREAM_KAFKA_{name}", value)
    assert doctor()["broker"]["code"] == "kafka-credentials-refused"


@pytest.mark.parametrize("code", ["settings-invalid", "database-away"])
def test_a_database_that_cannot_be_used_is_named_without_its_password(
    doctor: Doctor, monkeypatch: pytest.MonkeyPatch, postgres: Postgres, code: str
) -> None:
    url = postgres.url("postgres")
    scheme, rest = url.split("://")
    user, place = rest.split("@")
    name, password = user.split(":")
    if code == "settings-invalid":
        wrong = f"{scheme}://{name}:wrong@{place}"
    else:
        wrong = f"{scheme}://{user}@127.0.0.1:1/postgres"
    monkeypatch.setenv("CLAIMSTREAM_STORE_DATABASE_URL", wrong)
    found = doctor()["database"]
    assert found["code"] == code
    assert found["text"].startswith("store: ")
    assert password not in found["text"]


@pytest.fixture
def reader(command: Call, postgres: Postgres, topic_prefix: str) -> Iterator[tuple[str, str]]:
    """A role that may come into the store's database, and the database's name."""
    command("migrate")
    database = os.environ["CLAIMSTREAM_STORE_DATABASE_URL"].rpartition("/")[2]
    role = f"reader_{topic_prefix}"
    postgres.sql(f"CREATE ROLE {role} LOGIN")
    yield role, database
    postgres.sql(f"DROP OWNED BY {role}", database)
    postgres.sql(f"DROP ROLE {role}")


def test_a_role_for_readers_is_to_read_every_table_and_to_write_none(
    doctor: Doctor, postgres: Postgres, reader: tuple[str, str]
) -> None:
    role, database = reader
    assert doctor()["roles"]["code"] == "role-reads-not"
    postgres.sql(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}", database)
    # PostgreSQL lets everybody into every database until it is told.
    for service in ("fetcher", "cleaner"):
        other = os.environ[variable(service)].rpartition("/")[2]
        postgres.sql(f'REVOKE CONNECT ON DATABASE "{other}" FROM PUBLIC')
    found = doctor()["roles"]
    assert (found["ok"], found["text"]) == (True, f"store: {role} may read, and nothing else")
    postgres.sql(f"GRANT DELETE ON store_claim TO {role}", database)
    found = doctor()["roles"]
    assert found["code"] == "role-writes"
    assert role in found["text"]


def test_a_file_that_is_not_there_is_not_made_by_looking(
    doctor: Doctor, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CLAIMSTREAM_STORE_DATABASE_URL", f"sqlite+aiosqlite:///{tmp_path / 'none.db'}")
    assert doctor()["database"]["code"] == "database-away"
    assert not (tmp_path / "none.db").exists()


def test_clocks_that_disagree_are_said(doctor: Doctor, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = SimpleNamespace(time=lambda: time.time() + 3600, monotonic=time.monotonic)
    monkeypatch.setattr(of_databases, "time", clock)
    assert doctor()["clock"]["code"] == "clock-apart"


def test_a_volume_that_is_nearly_full_is_said(
    command: Call, doctor: Doctor, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The volumes are there and have room; what they would say when they are full is put into their mouths."""
    file = f"sqlite+aiosqlite:///{tmp_path / 'both.db'}"
    for name in ("FETCHER", "STORE"):
        monkeypatch.setenv(f"CLAIMSTREAM_{name}_DATABASE_URL", file)
    command("migrate")
    full = type("Usage", (), {"total": 100 * 2**30, "free": 5 * 2**30})
    monkeypatch.setattr("claimstream.doctor.databases.shutil.disk_usage", lambda _path: full)

    async def room(_options: object) -> dict[int, tuple[int, int]]:
        return {1: (5 * 2**30, 100 * 2**30)}

    monkeypatch.setattr(of_broker, "room", room)
    found = doctor()
    assert found["disk"]["code"] == "disk-low"
    assert found["broker-disk"]["code"] == "disk-low"
    assert "5.0 GiB free of 100.0" in found["disk"]["text"]
