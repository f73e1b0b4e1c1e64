"""The relay says through the broker how far the outbox is sent, so that the account need not read its database."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from services.store import outbox_mark
from services.store.outbox import Relay
from shared.contracts.record import Outgoing
from shared.database import write
from shared.errors import BrokerAway
from shared.pipeline.source import Place
from tests.integration.store.ledger import Ledger

TOLERANCE = 60.0  # seconds between this machine's clock and a loaded database's answer


@dataclass
class Marked:
    """A sender that keeps marks; ``away``: it takes no transactions."""

    marks: list[float] = field(default_factory=list)
    away: bool = False
    unmarked: bool = False

    async def send(self, records: Sequence[Outgoing]) -> None:
        raise AssertionError("the relay sends in transactions")

    async def send_transaction(self, records: Sequence[Outgoing]) -> list[Place | None] | None:
        if self.away:
            raise BrokerAway("switched off by the test")
        return None

    async def mark(self, service: str, name: str, through_ms: int) -> None:
        assert (service, name) == ("store", "relay")
        if self.unmarked:
            raise BrokerAway("switched off by the test")
        self.marks.append(through_ms / 1000)


@pytest.fixture
def relay(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> Relay:
    monkeypatch.setattr(outbox_mark, "MARK_SECONDS", 0.0)
    return Relay(ledger.engine)


async def test_an_empty_outbox_is_sent_through_now(relay: Relay) -> None:
    sender = Marked()
    await relay.step(sender)
    await relay.close()
    assert sender.marks[-1] == pytest.approx(time.time(), abs=TOLERANCE)


async def test_what_cannot_be_sent_holds_the_mark_where_it_was_written(relay: Relay, ledger: Ledger) -> None:
    async with write(ledger.engine) as connection:
        await connection.exec_driver_sql(
            "INSERT INTO store_outbox (topic, headers, written_us) VALUES ('fates', '[]', 1000000)"
        )
    sender = Marked(away=True)
    for _ in range(2):
        with pytest.raises(BrokerAway):
            await relay.step(sender)
    assert sender.marks == [1.0, 1.0]
    sender.away = False
    await relay.step(sender)
    await relay.step(sender)
    await relay.close()
    assert sender.marks[-1] == pytest.approx(time.time(), abs=TOLERANCE)


async def test_a_mark_that_cannot_be_kept_holds_up_nothing(relay: Relay, ledger: Ledger) -> None:
    async with write(ledger.engine) as connection:
        await connection.exec_driver_sql(
            "INSERT INTO store_outbox (topic, headers, written_us) VALUES ('fates', '[]', 1000000)"
        )
    assert await relay.step(Marked(unmarked=True)) == 0.0
    sender = Marked()
    await relay.step(sender)
    await relay.close()
    assert sender.marks[-1] == pytest.approx(time.time(), abs=TOLERANCE)


async def test_who_stands_by_marks_nothing(relay: Relay, ledger: Ledger) -> None:
    other, sender = Relay(ledger.engine), Marked()
    await relay.step(Marked())
    await other.step(sender)
    await relay.close()
    await other.close()
    assert sender.marks == []
