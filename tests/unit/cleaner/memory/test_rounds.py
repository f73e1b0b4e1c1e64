"""Pages ask together, and nobody waits for one that takes long."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from services.cleaner.memory import rounds as module
from services.cleaner.memory.rounds import Rounds
from services.cleaner.memory.seen import Seen
from shared.contracts.site_memory import SiteMemory
from shared.errors import DatabaseAway
from tests.unit.cleaner.memory.pages import page, story


class Asked:
    def __init__(self, failure: Exception | None = None) -> None:
        self.sizes: list[int] = []
        self._failure = failure

    async def __call__(self, pages: Sequence[Seen]) -> list[SiteMemory]:
        self.sizes.append(len(pages))
        if self._failure:
            raise self._failure
        return [SiteMemory(articles=len(one.title)) for one in pages]


async def visit(rounds: Rounds, number: int, until: asyncio.Event | None = None) -> SiteMemory:
    async with rounds.visitor():
        if until is not None:
            await until.wait()
        await asyncio.sleep(0)
    return await rounds.answer(page(number, story(number), headline="x" * number))


async def test_the_pages_of_a_batch_are_one_round_and_each_has_its_own_answer() -> None:
    asked = Asked()
    rounds = Rounds(asked, most=64)
    found = await asyncio.gather(*(visit(rounds, n) for n in range(20)))
    assert [memory.articles for memory in found] == list(range(20))
    assert asked.sizes == [20]


async def test_a_full_round_begins() -> None:
    asked = Asked()
    rounds = Rounds(asked, most=8)
    await asyncio.gather(*(visit(rounds, n) for n in range(20)))
    assert asked.sizes == [8, 8, 4]


async def test_a_page_that_takes_long_holds_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LONGEST_WAIT_SECONDS", 0.01)
    asked, never = Asked(), asyncio.Event()
    rounds = Rounds(asked, most=64)
    slow = asyncio.create_task(visit(rounds, 9, never))
    await asyncio.sleep(0)
    assert (await visit(rounds, 1)).articles == 1
    never.set()
    assert (await slow).articles == 9


async def test_a_database_that_is_away_is_said_to_each_that_asked() -> None:
    rounds = Rounds(Asked(DatabaseAway("gone")), most=64)
    found = await asyncio.gather(*(visit(rounds, n) for n in range(3)), return_exceptions=True)
    assert [type(answer) for answer in found] == [DatabaseAway] * 3


async def test_who_gave_up_is_not_asked_for() -> None:
    asked, never = Asked(), asyncio.Event()
    rounds = Rounds(asked, most=64)
    slow = asyncio.create_task(visit(rounds, 9, never))
    given_up = asyncio.create_task(visit(rounds, 1))
    for _ in range(5):
        await asyncio.sleep(0)
    given_up.cancel()
    await asyncio.gather(given_up, return_exceptions=True)
    never.set()
    await slow
    assert asked.sizes == [1]
