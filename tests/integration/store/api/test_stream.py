"""The stream: everything once and in order, through breaks, filters and a ledger that was restored."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from sqlalchemy import delete, select

from services.store import models
from services.store.api import stream as stream_module
from services.store.api.ledger import PublishedLedger
from services.store.api.reading import Reader
from services.store.publication import Published, put
from shared.contracts.enums import Stance
from shared.contracts.events import ClaimChanged
from shared.database import read, write
from tests.integration.store.api.serving import events, serving
from tests.integration.store.ledger import Ledger
from tests.unit.store.press import extraction, page, said

SAFE = said("The bridge is safe for all cars and lorries.")
OPEN = said("It opens on Monday at nine.", "a spokeswoman")


@pytest.fixture(autouse=True)
def eager(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream_module, "POLL_SECONDS", 0.02)


async def publish(ledger: Ledger, number: int, stance: Stance = Stance.ASSERTS) -> list[str]:
    """An article with two claims; their values as sent."""
    article = page([SAFE, OPEN], number, url=f"https://news.example/{number}")
    await ledger.deliver(article, extraction(article, stance=stance))
    return [(r.value or b"").decode() for r in await ledger.relay() if r.topic == "claims"]


async def test_what_is_published_comes_once_and_in_order_through_every_break(
    ledger: Ledger, database_url: str
) -> None:
    before = await publish(ledger, 1)
    async with serving(database_url) as server:
        async with events(server) as stream:
            await stream.until_placed()
            expected = await publish(ledger, 2)
            got = [await stream.next()]
        # It broke in the middle of a settlement; more came while nobody listened.
        expected += await publish(ledger, 3)
        async with events(server, last=got[-1][0]) as stream:
            got += [await stream.next() for _ in range(3)]
        assert [data for _, data in got] == expected
        assert [event for event, _ in got] == ["1-3", "1-4", "1-5", "1-6"]
        async with events(server, after="0-0") as stream:
            assert [(await stream.next())[1] for _ in range(6)] == before + expected
        async with events(server, last="1-4", after="0-0") as stream:
            assert (await stream.next())[0] == "1-5"


async def test_a_reader_that_broke_off_before_anything_came_has_its_place(
    ledger: Ledger, database_url: str
) -> None:
    async with serving(database_url) as server:
        async with events(server) as stream:
            await stream.until_placed()
            place = stream.last_id
        expected = await publish(ledger, 1)
        async with events(server, last=place) as stream:
            assert [(await stream.next())[1] for _ in range(2)] == expected


async def test_a_filter_shows_its_own_and_passed_over_ones_are_not_read_again(
    ledger: Ledger, database_url: str
) -> None:
    async with serving(database_url) as server, events(server, stance="denies") as stream:
        await stream.until_placed()
        await publish(ledger, 1)
        denied = await publish(ledger, 2, Stance.DENIES)
        assert [await stream.next() for _ in range(2)] == [("1-3", denied[0]), ("1-4", denied[1])]
        await publish(ledger, 3)
        while stream.last_id != "1-6":
            assert (await anext(stream._lines)).partition(": ")[0] != "data"
            stream.last_id = await _id(stream._lines, stream.last_id)


async def _id(lines: Any, before: str) -> str:
    line = await anext(lines)
    return line[4:] if line.startswith("id: ") else before


async def test_a_silent_stream_says_that_it_lives(
    ledger: Ledger, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream_module, "HEARTBEAT_SECONDS", 0.05)
    async with serving(database_url) as server, events(server) as stream:
        lines = [await anext(stream._lines) for _ in range(12)]
    assert lines.count(": heartbeat") >= 2
    assert "id: 1-0" in lines


async def test_a_stream_ends_after_its_time_and_when_the_process_ends(
    ledger: Ledger, database_url: str
) -> None:
    await publish(ledger, 1)
    async with (
        serving(database_url, {"stream_seconds": 0.05}) as server,
        events(server, after="0-0") as stream,
    ):
        assert len([line async for line in stream._lines if line.startswith("data")]) == 2
    async with serving(database_url) as server, events(server) as stream:
        await stream.until_placed()
        server.stop()
        assert [line async for line in stream._lines if line.startswith("data")] == []


async def test_no_more_streams_than_may_be_and_each_gives_its_place_back(
    ledger: Ledger, database_url: str
) -> None:

    async with serving(database_url, {"streams": 1}) as server:
        address = f"http://127.0.0.1:{server.port}/v1/claims/"
        async with events(server) as stream, httpx.AsyncClient() as client:
            await stream.until_placed()
            refused = await client.get(address + "stream")
            assert (refused.status_code, refused.json()["code"]) == (503, "streams-taken")
            assert refused.headers["retry-after"]
            assert (await client.get(address + "export?since=2026-01-01T00:00:00Z")).status_code == 503
        async with httpx.AsyncClient() as client:
            for _ in range(500):
                if (await client.get(address + "export?since=2026-01-01T00:00:00Z")).status_code == 200:
                    break
            else:
                raise AssertionError("the place of a stream that broke off is never free again")


@pytest.mark.parametrize("wrong", ["x", "1", "-1-1", "1-1-1", "1-" + "9" * 30])
async def test_a_place_that_is_none_is_refused(ledger: Ledger, database_url: str, wrong: str) -> None:

    async with serving(database_url) as server, httpx.AsyncClient() as client:
        answer = await client.get(
            f"http://127.0.0.1:{server.port}/v1/claims/stream", headers={"Last-Event-ID": wrong}
        )
        assert (answer.status_code, answer.json()["code"]) == (400, "request-invalid")


async def test_a_reader_that_saw_more_than_was_restored_misses_nothing_of_the_next_epoch(
    ledger: Ledger,
) -> None:
    for number in range(1, 4):
        await publish(ledger, number)
    # The backup has two positions of the six that readers saw; then the next epoch begins.
    async with read(ledger.engine) as connection:
        (row,) = (await connection.execute(select(models.claim_revision).limit(1))).all()
    claim = ClaimChanged.model_validate_json(row.value)
    again = claim.model_copy(update={"epoch": 2, "revision": 2})
    async with write(ledger.engine) as connection:
        await connection.execute(delete(models.publication).where(models.publication.c.position > 2))
        await connection.execute(
            models.claim_revision.insert().values(
                claim_id=claim.claim_id,
                epoch=2,
                revision=2,
                changed_at=claim.changed_at,
                value=again.model_dump_json().encode(),
            )
        )
        await put(connection, [Published(again)])
    restored = PublishedLedger(Reader(ledger.engine, 5), epoch=2)
    assert await restored.behind("1-6") == 2
    assert await restored.behind("1-1") == 1
    assert await restored.behind("2-3") == 3
    assert [entry.event_id for entry in await restored.after(await restored.behind("1-6"))] == ["2-3"]


async def test_selection_of_the_stream_is_that_of_the_lists(ledger: Ledger) -> None:
    from services.store.api.parameters import Selection

    (value, _) = await publish(ledger, 1)
    claim = json.loads(value)
    for asked, held in (
        ({}, True),
        ({"kind": ["quote"], "stance": ["asserts"], "site": "News.Example", "language": "EN"}, True),
        ({"article": claim["article"]["id"]}, True),
        ({"kind": ["mixed"]}, False),
        ({"stance": ["denies", "asks"]}, False),
        ({"site": "other.example"}, False),
        ({"language": "de"}, False),
        ({"article": claim["claim_id"]}, False),
    ):
        assert stream_module.selects(Selection.model_validate(asked), value.encode()) is held, asked
