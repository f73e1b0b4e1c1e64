"""The service as it is wired: its schema, its stages, its relay, and a database that is away or not ours."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection

from claimstream.devservices import Postgres
from services.store import models
from services.store.app import build, migrate
from services.store.outbox import Relay
from services.store.settings import StoreSettings
from shared.clock import ManualClock
from shared.contracts import codec, envelope, topics
from shared.contracts.envelope import Envelope
from shared.contracts.record import Outgoing, Record
from shared.database import open_database, read
from shared.errors import DatabaseAway, NotOurDatabase, SchemaMissing, SettingsInvalid
from shared.pipeline.fates import fates_of
from shared.pipeline.results import Dead, Emit
from shared.pipeline.stage import Batch, Item
from shared.settings import CommonSettings, load
from tests.integration.store.ledger import Ledger, Sent
from tests.unit.store.press import extraction, page, said

COMMON = CommonSettings()
A = page([said("The bridge is safe for all cars and lorries.")], 1)


def settings(url: str, **more: Any) -> StoreSettings:
    return StoreSettings.model_validate({"database_url": url, **more})


def consumed(sent: Outgoing) -> Record:
    return Record(sent.topic, 0, 0, 0, sent.key, sent.value, sent.headers)


async def test_the_migrations_make_exactly_the_tables_of_the_models(ledger: Ledger) -> None:
    def differences(connection: Connection) -> list[Any]:
        def made_here(_object: Any, name: str | None, *_: Any) -> bool:
            return name != models.words_index.name or connection.dialect.name == "postgresql"

        options = {"version_table": models.VERSION_TABLE, "compare_server_default": False}
        context = MigrationContext.configure(connection, opts=options | {"include_object": made_here})
        return list(compare_metadata(context, models.metadata))

    async with read(ledger.engine) as connection:
        assert await connection.run_sync(differences) == []


async def test_records_go_in_at_the_stages_and_out_at_the_relay(database_url: str) -> None:
    await migrate(database_url)
    await migrate(database_url)
    service = build(COMMON, settings(database_url), clock=ManualClock())
    await service.ready["store-database"]()
    by_topic = {stage.topic: stage for stage in service.stages}
    assert {(stage.service, stage.name) for stage in service.stages} == {
        ("store", "articles"),
        ("store", "extractions"),
    }
    for sent in (codec.articles(A), codec.extractions(extraction(A))):
        record, stage = consumed(sent), by_topic[sent.topic]
        way = envelope.parse(record.headers)
        batch: Batch[Any] = Batch([Item(record, way, stage.decode(record, way))])
        await stage.handle(batch)
        assert batch.results == [Emit()]
    (relay,) = service.sources
    sender = Sent()
    assert await relay.step(sender) == 0
    assert [record.topic for record in sender.records] == ["claims", "fates"]
    await service.resources.aclose()


async def test_without_its_schema_it_is_not_ready_and_says_so(database_url: str) -> None:
    service = build(COMMON, settings(database_url))
    with pytest.raises(SchemaMissing) as caught:
        await service.ready["store-database"]()
    assert "migrate" in caught.value.hint
    record = consumed(codec.articles(A))
    with pytest.raises(SchemaMissing):
        await service.stages[0].handle(Batch([Item(record, Envelope(), A)]))
    await service.resources.aclose()


def test_a_dead_letter_is_told_to_the_account() -> None:
    record = Record(topics.ARTICLES, 0, 0, 0, None, b"", ())
    way = Envelope(extensions={"visitid": A.visit_id, "attempt": "2"})
    (sent,) = fates_of("store", ManualClock())(record, way, Dead("version-mismatch", "Mend it."))
    fate = codec.decode_fate(consumed(sent), envelope.parse(sent.headers))
    assert (fate.visit_id, fate.fate, fate.code, fate.attempt, fate.service) == (
        A.visit_id,
        "dead",
        "version-mismatch",
        2,
        "store",
    )
    assert fates_of("store", ManualClock())(record, Envelope(), Dead("x", "y")) == ()


def test_another_programs_database_is_refused_at_start(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "mail.db")
    connection.execute("CREATE TABLE mail (id INTEGER)")
    connection.close()
    with pytest.raises(NotOurDatabase):
        build(COMMON, settings(f"sqlite+aiosqlite:///{tmp_path / 'mail.db'}"))


@pytest.mark.parametrize(
    ("environment", "word"),
    [
        ({}, "CLAIMSTREAM_STORE_DATABASE_URL"),
        ({"CLAIMSTREAM_STORE_DATABASE_URL": "x", "CLAIMSTREAM_STORE_EPOCH": "0"}, "CLAIMSTREAM_STORE_EPOCH"),
        (
            {"CLAIMSTREAM_STORE_DATABASE_URL": "x", "CLAIMSTREAM_STORE_PARALLEL": "99"},
            "CLAIMSTREAM_STORE_PARALLEL",
        ),
    ],
)
def test_a_setting_that_is_wrong_is_named(
    environment: dict[str, str], word: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsInvalid, match=word):
        load(StoreSettings)


def test_a_routes_file_that_is_wrong_is_refused_at_start(tmp_path: Path) -> None:
    (tmp_path / "routes.toml").write_text('[[route]]\nname = "x"\nkind = "rumour"\n')
    with pytest.raises(SettingsInvalid, match="rumour"):
        build(
            COMMON,
            settings(f"sqlite+aiosqlite:///{tmp_path / 's.db'}", routes_file=tmp_path / "routes.toml"),
        )


async def test_a_restored_ledger_goes_on_in_its_next_epoch(ledger: Ledger) -> None:
    edited = page([said("The bridge is safe for all cars.")], 2)
    await ledger.deliver(A, extraction(A))
    restored = Ledger(ledger.engine, epoch=2)
    await restored.deliver(edited, extraction(edited))
    (numbers,) = (await ledger.revisions()).values()
    assert numbers == [(1, 1), (2, 2)]


async def test_a_database_that_goes_away_in_the_middle_costs_nothing(postgres: Postgres) -> None:
    url = postgres.new_database()
    await migrate(url)
    engine = open_database(url)
    ledger = Ledger(engine)
    await ledger.deliver(A)
    postgres.stop()
    with pytest.raises(DatabaseAway):
        await ledger.deliver(extraction(A))
    with pytest.raises(DatabaseAway):
        await ledger.relay()
    postgres.start()
    await ledger.deliver(extraction(A))
    claims, told = await ledger.news()
    assert ([c.revision for c in claims], [f.fate for f in told]) == ([1], ["stored"])
    await engine.dispose()
    postgres.drop_database(url)


async def test_a_relay_whose_session_is_lost_stands_back_and_takes_over_again(postgres: Postgres) -> None:
    url = postgres.new_database()
    await migrate(url)
    engine = open_database(url)
    relay, sent = Relay(engine), Sent()
    assert await relay.step(sent) > 0
    postgres.restart()
    ledger = Ledger(engine)
    steps = [await _step(relay, sent) for _ in range(3)]
    assert None in steps or len(set(steps)) > 1, "the loss was seen"
    await ledger.deliver(A, extraction(A))
    while not sent.records:
        await _step(relay, sent)
    assert [record.topic for record in sent.records] == ["claims", "fates"]
    await relay.close()
    await engine.dispose()
    postgres.drop_database(url)


async def _step(relay: Relay, sender: Sent) -> float | None:
    try:
        return float(await relay.step(sender))
    except DatabaseAway:
        return None
