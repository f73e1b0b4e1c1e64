"""What the relay shows of claims and of the ledger's size."""

from __future__ import annotations

import shutil
from pathlib import Path

from services.store import metrics
from services.store.app import build_relay
from services.store.database_size import DatabaseSize
from services.store.settings import StoreSettings
from tests.integration.pipeline.harness import counted
from tests.integration.store.ledger import Ledger, Sent
from tests.unit.store.press import extraction, page, said

A = page([said("The bridge is safe for all cars and lorries.")], 1)
B = page([said("The bridge is closed to all cars and lorries.")], 2)


async def test_a_claim_that_was_sent_is_counted_by_change_and_kind_and_a_fate_is_not(
    ledger: Ledger, database_url: str
) -> None:
    def claims() -> float:
        return sum(sample.value for family in metrics.claims.collect() for sample in family.samples[::2])

    relay = build_relay(StoreSettings.model_validate({"database_url": database_url}))
    before, asserted = claims(), counted(metrics.claims, "asserted", "quote")
    await ledger.deliver(A, extraction(A))
    sent = Sent()
    await relay.sources[0].step(sent)
    assert [record.topic for record in sent.records] == ["claims", "fates"]
    assert counted(metrics.claims, "asserted", "quote") == asserted + 1
    assert claims() == before + 1
    await relay.resources.aclose()


async def test_the_size_of_the_database_is_what_it_says_itself(ledger: Ledger, database_url: str) -> None:
    assert await DatabaseSize(ledger.engine).step(Sent()) > 1
    assert metrics.database_bytes._value.get() > 50_000


def room() -> tuple[float, float]:
    return metrics.database_disk_free._value.get(), metrics.database_disk._value.get()


async def test_what_is_free_is_said_of_the_folder_on_the_databases_volume(
    ledger: Ledger, tmp_path: Path
) -> None:
    await DatabaseSize(ledger.engine, tmp_path).step(Sent())
    free, total = room()
    assert 0 < free <= total == shutil.disk_usage(tmp_path).total


async def test_where_nobody_can_say_what_is_free_it_is_zero_and_stops_nothing(
    ledger: Ledger, tmp_path: Path
) -> None:
    size = DatabaseSize(ledger.engine, tmp_path / "unmounted")
    assert await size.step(Sent()) > 1
    assert room() == (0, 0)
    assert metrics.database_bytes._value.get() > 50_000


async def test_sqlite_lies_on_a_volume_that_is_known_and_postgresql_does_not(ledger: Ledger) -> None:
    await DatabaseSize(ledger.engine).step(Sent())
    assert (room() == (0, 0)) is (ledger.engine.dialect.name == "postgresql")
