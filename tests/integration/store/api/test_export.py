"""The export: a range of time whole, and the offsets at which a consumer misses nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import select

from services.store import models
from services.store.api import ledger as ledger_module
from services.store.outbox import Relay
from shared.database import iso_us, read
from tests.integration.store.api.asking import Asking
from tests.integration.store.ledger import Ledger
from tests.integration.store.test_publication import Placing
from tests.unit.store.press import extraction, page, said

TWO = [said("The bridge is safe for all cars and lorries."), said("It opens on Monday at nine.", "she")]
LONG_AGO = "2000-01-01T00:00:00Z"


async def publish(ledger: Ledger, sender: Placing, number: int) -> None:
    article = page(TWO, number, url=f"https://news.example/{number}")
    await ledger.deliver(article, extraction(article))
    relay = Relay(ledger.engine)
    await relay.step(sender)
    await relay.close()


async def exported(api: Asking, **query: str) -> tuple[list[bytes], dict[str, Any]]:
    answer = await api.get("/v1/claims/export", **query)
    assert answer.status_code == 200, answer.text
    *lines, last, empty = answer.content.split(b"\n")
    assert empty == b""
    return lines, json.loads(last)["end"]


async def rows(ledger: Ledger) -> list[Any]:
    async with read(ledger.engine) as connection:
        return list(
            (
                await connection.execute(select(models.publication).order_by(models.publication.c.position))
            ).all()
        )


@pytest.mark.parametrize("page_size", [1, 200])
async def test_an_export_is_whole_and_says_where_to_go_on(
    ledger: Ledger, api: Asking, page_size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger_module, "PAGE", page_size)
    sender = Placing()
    await publish(ledger, sender, 1)
    await publish(ledger, sender, 2)
    lines, end = await exported(api, since=LONG_AGO)
    published = await rows(ledger)
    assert [json.loads(line)["claim_id"] for line in lines] == [row.claim_id for row in published]
    assert (end["lines"], end["after"], end["topic"]) == (4, "1-4", "claimstream.claims.v1")
    assert end["offsets"] == {
        str(row.partition): row.offset + 1
        for row in published  # of two in a partition, the later counts
    }


async def test_a_range_and_the_next_hold_everything_once(ledger: Ledger, api: Asking) -> None:
    sender = Placing()
    for number in range(1, 4):
        await publish(ledger, sender, number)
    border = iso_us((await rows(ledger))[2].published_us)
    first, end = await exported(api, since=LONG_AGO, until=border)
    second, _ = await exported(api, since=border)
    whole, _ = await exported(api, since=LONG_AGO)
    assert first + second == whole
    assert len(first) >= 2
    # What is not in the first has, in each partition, its offset or a later one.
    for row in (await rows(ledger))[len(first) :]:
        assert row.offset >= end["offsets"].get(str(row.partition), 0)


async def test_an_empty_range_is_an_export_too(ledger: Ledger, api: Asking) -> None:
    assert await exported(api, since=LONG_AGO) == (
        [],
        {"lines": 0, "after": "1-0", "topic": "claimstream.claims.v1", "offsets": {}},
    )
    await publish(ledger, Placing(), 1)
    assert (await exported(api, since="2999-01-01T00:00:00Z"))[0] == []
    assert (await exported(api, since=LONG_AGO, until="1960-01-01T00:00:00+14:00"))[0] == []


async def test_a_range_is_asked_for_with_a_time(api: Asking) -> None:
    wrong = await api.problem("/v1/claims/export")
    assert [one["parameter"] for one in wrong["errors"]] == ["since"]
    assert (await api.problem("/v1/claims/export", since="yesterday"))["code"] == "request-invalid"
    assert (await api.problem("/v1/claims/export", since="2026-01-01T00:00:00"))["code"] == "request-invalid"
