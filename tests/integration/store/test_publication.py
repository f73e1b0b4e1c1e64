"""What was published: numbered in its order, once, whoever sent it; on both databases."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import delete, select

from services.store import models, publication
from services.store.outbox import Relay
from shared.contracts.record import Outgoing
from shared.database import read, write
from shared.pipeline.source import Place
from tests.integration.store.ledger import Ledger
from tests.unit.store.press import extraction, page, said

SAFE = said("The bridge is safe for all cars and lorries.")
OPEN = said("It opens on Monday at nine.", "a spokeswoman")


class Placing:
    """A sender that says where each record stands, as a broker does: two to a partition, then the next."""

    def __init__(self) -> None:
        self.placed: dict[str, Place] = {}
        self.number = 0

    async def send(self, records: Sequence[Outgoing]) -> None:
        raise AssertionError("the relay sends in transactions")

    async def send_transaction(self, records: Sequence[Outgoing]) -> Sequence[Place | None]:
        places = []
        for record in records:
            places.append(Place(self.number // 2, self.number))
            self.placed[(record.key or b"").decode()] = places[-1]
            self.number += 1
        return places


async def rows(ledger: Ledger, table: Any = models.publication) -> list[Any]:
    async with read(ledger.engine) as connection:
        return list((await connection.execute(select(table).order_by(*table.primary_key.columns))).all())


async def test_what_was_sent_is_numbered_in_its_order_with_its_place(ledger: Ledger) -> None:
    a = page([SAFE, OPEN], 1)
    await ledger.deliver(a, extraction(a))
    assert await rows(ledger) == []
    relay, sender = Relay(ledger.engine), Placing()
    await relay.step(sender)
    await relay.close()
    published = await rows(ledger)
    assert [row.position for row in published] == [1, 2]
    assert {row.claim_id: Place(row.partition, row.offset) for row in published} == {
        key: place for key, place in sender.placed.items() if key != a.visit_id
    }


async def test_a_crash_between_sending_and_marking_publishes_once(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    a = page([SAFE], 1)
    await ledger.deliver(a, extraction(a))
    relay, sender = Relay(ledger.engine), Placing()
    with monkeypatch.context() as broken:
        broken.setattr(Relay, "_sent", _crash)
        with pytest.raises(ConnectionResetError):
            await relay.step(sender)
    assert await rows(ledger) == []
    await relay.step(sender)
    await relay.close()
    (row,) = await rows(ledger)
    assert row.offset == 2, "its later place, behind which a reader may go on"


async def test_places_on_a_broker_that_was_lost_are_forgotten_and_the_numbers_stay(ledger: Ledger) -> None:
    a, b = page([SAFE], 1), page([SAFE, OPEN], 2)
    await ledger.deliver(a, extraction(a))
    relay = Relay(ledger.engine)
    await relay.step(Placing())
    before = await rows(ledger)
    assert await publication.forget_places(ledger.engine) == len(before) == 1
    assert await publication.forget_places(ledger.engine) == 0
    assert [(row.position, row.partition, row.offset) for row in await rows(ledger)] == [(1, None, None)]
    await ledger.deliver(b, extraction(b))
    sender = Placing()
    await relay.step(sender)
    await relay.close()
    first, *others = await rows(ledger)
    assert first.partition is None
    assert others
    assert {Place(row.partition, row.offset) for row in others} <= set(sender.placed.values())


async def _crash(*_: object) -> None:
    raise ConnectionResetError


async def test_facets_say_what_the_last_published_revision_says(ledger: Ledger) -> None:
    a = page([SAFE], 1)
    await ledger.deliver(a, extraction(a))
    await ledger.relay()
    await ledger.deliver(extraction(a, sequence=2, confidence=0.2))
    await ledger.relay()
    (facet,) = await rows(ledger, models.facets)
    assert (facet.revision, facet.live, facet.kind, facet.speaker) == (2, True, "quote", "the mayor")
    b = page([OPEN], 2)
    await ledger.deliver(b, extraction(b, sequence=2))
    await ledger.relay()
    assert sorted((row.revision, row.live) for row in await rows(ledger, models.facets)) == [
        (1, True),
        (3, False),
    ]


@pytest.mark.parametrize("page_size", [1, 500])
async def test_what_an_earlier_release_sent_is_numbered_before_anything_new(
    ledger: Ledger, page_size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publication, "PAGE", page_size)
    a, b = page([SAFE, OPEN], 1), page([OPEN], 2, url="https://news.example/other")
    await ledger.deliver(a, extraction(a))
    await ledger.relay()
    async with write(ledger.engine) as connection:
        await connection.execute(delete(models.publication))
        await connection.execute(delete(models.facets))
    await ledger.deliver(b, extraction(b))
    assert await publication.catch_up(ledger.engine) == 2
    assert len(await rows(ledger)) == 2, "what waits in the outbox was not published yet"
    await ledger.relay()
    await ledger.relay()
    found = await rows(ledger)
    assert [(row.position, row.partition) for row in found] == [(1, None), (2, None), (3, None)]
    assert [row.published_us for row in found] == sorted(row.published_us for row in found)
    assert len(await rows(ledger, models.facets)) == 3
    assert await publication.catch_up(ledger.engine) == 0


async def test_an_older_revision_that_comes_late_changes_no_facet(ledger: Ledger) -> None:
    a = page([SAFE], 1)
    await ledger.deliver(a, extraction(a))
    (first,) = await ledger.changes()
    await ledger.deliver(extraction(a, sequence=2, confidence=0.2))
    await ledger.relay()
    async with write(ledger.engine) as connection:
        await connection.execute(delete(models.publication))
        await publication.put(connection, [publication.Published(first)])
    (facet,) = await rows(ledger, models.facets)
    assert facet.revision == 2
