"""Claims by everything that they can be asked for by: the same answers on both databases."""

from __future__ import annotations

from typing import Any

import pytest

from shared.contracts.enums import Stance
from tests.integration.store.api.asking import Asking
from tests.integration.store.ledger import Ledger
from tests.unit.store.press import extraction, page, said

SAFE = said("The bridge is safe for all cars and lorries.", "Mayor Anna Berg")
OPEN = said("It opens on Monday at nine.", "a spokeswoman")
NEVER = said("The bridges were never closed to cars.", "the “Bridge Office”")
BRIDGE = "The bridge is safe for all cars and lorries."
MONDAY = "It opens on Monday at nine."
CLOSED = "The bridges were never closed to cars."


@pytest.fixture
async def told(ledger: Ledger) -> Ledger:
    """Two articles: two assertions in English, then one denial in German words' clothes."""
    first = page([SAFE, OPEN], 1)
    second = page([NEVER], 2, url="https://other.example/denial", language="en-GB")
    await ledger.deliver(first, extraction(first))
    await ledger.deliver(second, extraction(second, stance=Stance.DENIES))
    await ledger.relay()
    return ledger


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, [CLOSED, BRIDGE, MONDAY]),
        ({"order": "oldest"}, [BRIDGE, MONDAY, CLOSED]),
        ({"words": "bridges"}, [CLOSED, BRIDGE]),
        ({"words": "BRIDGE car"}, [CLOSED, BRIDGE]),
        ({"words": '"safe for all"'}, [BRIDGE]),
        ({"words": '"safe all"'}, []),
        ({"words": '"cars and" lorry'}, [BRIDGE]),
        ({"words": '"all cars" never'}, []),
        ({"words": "closing"}, [CLOSED]),
        ({"words": "' & ! | : * ( <->"}, []),
        ({"words": ""}, []),
        ({"words": "%"}, []),
        ({"words": "car\x00s"}, []),
        ({"source": "mayor anna  BERG"}, [BRIDGE]),
        ({"source": 'the "bridge office"'}, [CLOSED]),
        ({"surface": "a spokeswoman"}, [MONDAY]),
        ({"surface": "spokeswoman"}, []),
        ({"kind": "quote"}, [CLOSED, BRIDGE, MONDAY]),
        ({"kind": ["paraphrase", "mixed"]}, []),
        ({"stance": "denies"}, [CLOSED]),
        ({"stance": ["denies", "asserts"], "words": "safe"}, [BRIDGE]),
        ({"site": "NEWS.example", "words": "nine"}, [MONDAY]),
        ({"language": "EN-gb"}, [CLOSED]),
        ({"entity": "e1"}, []),
        ({"since": "2026-03-01T00:02:00Z"}, [CLOSED]),
        ({"until": "2026-03-01T01:02:00+01:00", "order": "oldest"}, [BRIDGE, MONDAY]),
        ({"since": "2026-03-01T00:02:00Z", "until": "2026-03-01T00:02:00Z"}, []),
        ({"since": "0001-01-01T00:00:00+14:00", "limit": 1}, [CLOSED]),
        ({"until": "9999-12-31T23:59:59-14:00", "limit": 1}, [CLOSED]),
        ({"state": "withdrawn"}, []),
    ],
)
async def test_a_question_finds_these_claims(
    told: Ledger, api: Asking, asked: dict[str, Any], found: list[str]
) -> None:
    answered = await api.contents(**asked)
    # Claims of one settlement were seen at one time; between them the id decides, which says nothing here.
    assert sorted(answered) == sorted(found)
    if asked.get("order") == "oldest":
        assert answered[-1] == found[-1]
    else:
        assert answered[:1] == found[:1] or found[0] != CLOSED


async def test_a_withdrawn_claim_is_found_by_those_who_ask_for_it(told: Ledger, api: Asking) -> None:
    edited = page([OPEN], 5)
    await told.deliver(edited, extraction(edited))
    await told.relay()
    assert BRIDGE not in await api.contents()
    assert await api.contents(state="withdrawn") == [BRIDGE]
    assert len(await api.contents(state="all")) == 3


async def test_what_was_not_published_yet_is_not_answered(told: Ledger, api: Asking) -> None:
    third = page([OPEN], 3, url="https://third.example/x")
    await told.deliver(third, extraction(third))
    assert len(await api.contents()) == 3
    await told.relay()
    assert len(await api.contents()) == 4


@pytest.mark.parametrize("order", ["newest", "oldest"])
async def test_pages_hold_every_claim_once(told: Ledger, api: Asking, order: str) -> None:
    whole = await api.json("/v1/claims", order=order)
    assert whole["next"] is None
    found: list[Any] = []
    cursor: dict[str, str] = {}
    for _ in range(3):
        part = await api.json("/v1/claims", order=order, limit=1, **cursor)
        found += part["claims"]
        cursor = {"cursor": part["next"]}
        if len(found) == 1:
            # What comes meanwhile moves no page.
            third = page([OPEN], 3, url="https://third.example/x")
            await told.deliver(third, extraction(third))
            await told.relay()
    assert found == whole["claims"]
    assert (part["next"] is None) == (order == "newest")


async def test_a_claim_and_its_revisions_are_the_records_of_the_topic(told: Ledger, api: Asking) -> None:
    edited = page([said("The bridge is safe for all cars.", "Mayor Anna Berg"), OPEN], 5)
    await told.deliver(edited, extraction(edited))
    await told.relay()
    by_key: dict[str, list[bytes]] = {}
    for record in told.sent.records:
        if record.topic == "claims":
            by_key.setdefault((record.key or b"").decode(), []).append(record.value or b"")
    (claim, values) = next((key, values) for key, values in by_key.items() if len(values) == 2)
    assert (await api.get(f"/v1/claims/{claim}")).content == values[-1]
    whole = await api.get(f"/v1/claims/{claim}/revisions")
    assert whole.content == b'{"revisions":[' + b",".join(values) + b'],"next":null}'
    first = await api.json(f"/v1/claims/{claim}/revisions", limit=1)
    second = await api.json(f"/v1/claims/{claim}/revisions", limit=1, cursor=first["next"])
    assert [r["revision"] for r in first["revisions"] + second["revisions"]] == [1, 2]
    assert second["next"] is None
    behind = await api.json(f"/v1/claims/{claim}/revisions", cursor="1-2")
    assert behind == {"revisions": [], "next": None}


async def test_an_answer_that_one_has_already_is_not_sent_again(told: Ledger, api: Asking) -> None:
    first = await api.get("/v1/claims")
    tag = first.headers["etag"]
    for given in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = await api.get("/v1/claims", {"If-None-Match": given})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert (await api.get("/v1/claims", {"If-None-Match": '"other"'})).status_code == 200
    edited = page([OPEN], 5)
    await told.deliver(edited, extraction(edited))
    await told.relay()
    assert (await api.get("/v1/claims", {"If-None-Match": tag})).status_code == 200
