"""The outbox and its relay: what is sent, in which order, by whom, and what a crash repeats."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from sqlalchemy import select

from services.store import models, outbox
from services.store.ledger.routes import parse_routes
from services.store.outbox import Relay, oldest_unsent
from services.store.read import counts
from shared.contracts import envelope, topics
from shared.contracts.enums import Stance
from shared.contracts.record import Outgoing
from shared.database import read, write
from shared.errors import BrokerAway, RecordTooLarge
from tests.integration.store.ledger import Ledger
from tests.unit.store.press import extraction, page, said

SAFE = said("The bridge is safe for all cars and lorries.")
OPEN = said("It opens on Monday at nine.", "a spokeswoman")
ROUTES = parse_routes('[[route]]\nname = "denials"\nstance = "denies"\n')


class Broken:
    """A sender that fails; what it got before is what a broker may have."""

    def __init__(self, error: Exception) -> None:
        self.error = error
        self.got: list[Outgoing] = []

    async def send(self, records: Sequence[Outgoing]) -> None:
        raise AssertionError("the relay sends in transactions")

    async def send_transaction(self, records: Sequence[Outgoing]) -> None:
        self.got += records
        raise self.error


class Narrow:
    """A sender whose topics take records without `lorries` only."""

    def __init__(self) -> None:
        self.got: list[Outgoing] = []

    async def send(self, records: Sequence[Outgoing]) -> None:
        raise AssertionError("the relay sends in transactions")

    async def send_transaction(self, records: Sequence[Outgoing]) -> None:
        if any(b"lorries" in (record.value or b"") for record in records):
            raise RecordTooLarge("too large")
        self.got += records


def headers(record: Outgoing) -> dict[str, str]:
    return {name: (value or b"").decode() for name, value in record.headers}


async def test_a_fate_stands_behind_the_claims_that_it_closes(ledger: Ledger) -> None:
    a = page([SAFE, OPEN], 1)
    await ledger.deliver(a, extraction(a))
    assert [record.topic for record in await ledger.relay()] == ["claims", "claims", "fates"]


async def test_claims_are_keyed_by_claim_and_placed_by_article(ledger: Ledger) -> None:
    a = page([SAFE, OPEN], 1)
    await ledger.batch(a, traceparent="00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
    await ledger.deliver(extraction(a))
    first, second, fate = await ledger.relay()
    for record in (first, second):
        assert record.place_by == a.article_id.encode()
        told = headers(record)
        assert told["ce_id"] == f"{(record.key or b'').decode()}:1:1"
        assert (told["ce_kind"], told["ce_stance"], told["ce_cause"]) == ("quote", "asserts", "new_article")
        assert (told["ce_lang"], told["ce_site"], told["ce_visitid"]) == ("en", "news.example", a.visit_id)
        assert told["traceparent"].startswith("00-4bf92f3577")
    assert ("ce_last" in headers(first), headers(second)["ce_last"]) == (False, "true")
    assert fate.key == a.visit_id.encode()
    assert headers(fate)["traceparent"].startswith("00-4bf92f3577")


async def test_what_was_sent_is_kept_byte_for_byte(ledger: Ledger) -> None:
    a = page([SAFE, OPEN], 1)
    await ledger.deliver(a, extraction(a))
    sent = {record.key: record.value for record in await ledger.relay() if record.topic == topics.CLAIMS}
    async with read(ledger.engine) as connection:
        rows = (await connection.execute(select(models.claim_revision))).all()
    assert {row.claim_id.encode(): row.value for row in rows} == sent


async def test_a_route_has_the_same_bytes_until_the_claim_leaves_it(ledger: Ledger) -> None:
    routed = Ledger(ledger.engine, ROUTES)
    a = page([SAFE, OPEN], 1)
    await routed.deliver(a, extraction(a, stance=Stance.DENIES))
    records = await routed.relay()
    on_claims = [r for r in records if r.topic == "claims"]
    on_route = [r for r in records if r.topic == "claims.denials"]
    assert [r.value for r in on_route] == [r.value for r in on_claims]
    assert [r.place_by for r in on_route] == [r.place_by for r in on_claims]
    assert ["ce_last" in headers(r) for r in on_route] == [False, True]
    await routed.deliver(extraction(a, sequence=2))
    records = await routed.relay()
    left = [r for r in records if r.topic == "claims.denials"]
    assert [headers(r)["ce_cause"] for r in left] == ["left_route"] * 2
    assert [headers(r)["ce_cause"] for r in records if r.topic == "claims"] == ["extractor_changed"] * 2
    assert [r.value for r in left] == [r.value for r in records if r.topic == "claims"]
    await routed.deliver(extraction(a, sequence=3, confidence=0.1))
    assert {r.topic for r in await routed.relay()} == {"claims"}


async def test_a_broker_that_is_away_costs_nothing_and_a_repeat_has_the_same_bytes(ledger: Ledger) -> None:
    a = page([SAFE, OPEN], 1)
    await ledger.deliver(a, extraction(a))
    relay, broken = Relay(ledger.engine), Broken(BrokerAway())
    with pytest.raises(BrokerAway):
        await relay.step(broken)
    assert (await counts(ledger.engine)).unsent == 3
    await relay.close()
    assert [(r.topic, r.key, r.value, list(r.headers)) for r in await ledger.relay()] == [
        (r.topic, r.key, r.value, list(r.headers)) for r in broken.got
    ]
    assert (await counts(ledger.engine)).unsent == 0


async def test_a_crash_between_sending_and_deleting_repeats_the_same_records(ledger: Ledger) -> None:
    a = page([SAFE], 1)
    await ledger.deliver(a, extraction(a))
    broken = Broken(ConnectionResetError("the process died here"))
    relay = Relay(ledger.engine)
    with pytest.raises(ConnectionResetError):
        await relay.step(broken)
    await relay.close()
    again = await ledger.relay()
    assert [headers(r)["ce_id"] for r in again] == [headers(r)["ce_id"] for r in broken.got]


async def test_one_relay_is_active_and_the_next_follows_it(ledger: Ledger) -> None:
    a = page([SAFE], 1)
    await ledger.deliver(a, extraction(a))
    first, second = Relay(ledger.engine), Relay(ledger.engine)
    assert await first.step(ledger.sent) == 0
    b = page([OPEN], 2)
    await ledger.deliver(b, extraction(b))
    assert await second.step(ledger.sent) > 0
    assert len(ledger.sent.transactions) == 1
    await first.close()
    assert await second.step(ledger.sent) == 0
    assert len(ledger.sent.transactions) == 2
    await second.close()


async def test_a_record_that_fits_no_topic_is_set_aside_and_the_others_go(ledger: Ledger) -> None:
    a = page([SAFE, OPEN], 1)
    await ledger.deliver(a, extraction(a))
    relay, narrow = Relay(ledger.engine), Narrow()
    assert await relay.step(narrow) == 0
    assert [record.topic for record in narrow.got] == ["claims", "fates"]
    found = await counts(ledger.engine)
    assert (found.unsent, found.refused, found.oldest_unsent) == (0, 1, None)
    assert await relay.step(narrow) > 0
    await relay.close()


async def test_batches_are_bounded_in_records_and_bytes_and_keep_their_order(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = [Outgoing("claims", b"%d" % n, b"x" * 1000, (("h", b"1"),)) for n in range(25)]
    async with write(ledger.engine) as connection:
        await outbox.put(connection, records)
    monkeypatch.setattr(outbox, "BATCH_RECORDS", 10)
    monkeypatch.setattr(outbox, "BATCH_BYTES", 5500)
    assert [r.key for r in await ledger.relay()] == [r.key for r in records]
    assert [len(transaction) for transaction in ledger.sent.transactions] == [4, 4, 4, 4, 4, 4, 1]


async def test_the_age_of_the_oldest_unsent_record_is_known(ledger: Ledger) -> None:
    assert await oldest_unsent(ledger.engine) is None
    a = page([SAFE], 1)
    await ledger.deliver(a, extraction(a))
    age = await oldest_unsent(ledger.engine)
    assert age is not None
    assert 0 <= age < 60
    await ledger.relay()
    assert await oldest_unsent(ledger.engine) is None


async def test_every_header_can_be_read_as_a_cloud_event(ledger: Ledger) -> None:
    a = page([SAFE], 1, language=None)
    await ledger.deliver(a, extraction(a))
    for record in await ledger.relay():
        parsed = envelope.parse(record.headers)
        assert parsed.broken == ()
        assert parsed.source == "/claimstream/store"
        assert parsed.id
