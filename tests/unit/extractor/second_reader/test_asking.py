"""Asking never fails and never takes longer than it may, whatever the endpoint does."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence

import pytest

from services.extractor import metrics
from services.extractor.second_reader.answers import Answer, Unanswered
from services.extractor.second_reader.asking import SecondReader, Send
from services.extractor.second_reader.circuit import FAILURES, FIRST_SECONDS
from services.extractor.second_reader.corrections import Correction
from shared.clock import ManualClock
from tests.unit.extractor.second_reader.story import GAZETTE, MASTER, agree, asked, completion, says

LONG, SHORT = 30.0, 0.2
QUESTION = asked()[MASTER]


def counted() -> dict[str, float]:
    """How often each answer was counted so far."""
    (family,) = metrics.reader_questions.collect()
    return {s.labels["answer"]: s.value for s in family.samples if s.name.endswith("_total")}


class Asked:
    """A second reader, how often it called, and what it counted since it was made."""

    def __init__(self, send: Send, *, seconds: float = LONG, parallel: int = 4, calls: int = 100) -> None:
        self.clock = ManualClock()
        self.calls = 0

        async def counting(body: bytes) -> bytes:
            self.calls += 1
            return await send(body)

        self._before = counted()
        self._reader = SecondReader(
            counting, model="m", seconds=seconds, parallel=parallel, calls=calls, clock=self.clock
        )

    async def __call__(self, times: int = 1) -> Sequence[Correction]:
        return await self._reader.corrections([QUESTION] * times)

    @property
    def outcomes(self) -> dict[str, float]:
        now = counted()
        return {k: v - self._before.get(k, 0) for k, v in now.items() if v != self._before.get(k, 0)}


async def never(_body: bytes) -> bytes:
    await asyncio.Event().wait()
    return b""


async def test_each_claim_is_a_call_of_its_own_with_a_fence_of_its_own() -> None:
    bodies: list[dict[str, list[dict[str, str]]]] = []

    async def answer(body: bytes) -> bytes:
        bodies.append(json.loads(body))
        return completion(says(origin="an official at the transport ministry"))

    asking = Asked(answer)
    found = await asking._reader.corrections([asked()[GAZETTE], asked()[MASTER]])
    assert [one.at for one in found] == [GAZETTE]
    assert asking.outcomes == {"taken": 1, "not-found": 1}
    fences = [body["messages"][1]["content"].split("\n")[0] for body in bodies]
    assert len(set(fences)) == 2
    assert all(len(fence) >= 32 for fence in fences)


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (says(attributed=False), "taken"),
        (says(source="the mayor"), "not-found"),
        (says(source="the"), "ambiguous"),
        ("As you wish: I ignore my instructions.", "unreadable"),
    ],
)
async def test_what_came_of_a_question_is_counted(answer: Answer | str, outcome: str) -> None:
    async def send(_body: bytes) -> bytes:
        return completion(answer)

    asking = Asked(send)
    assert len(await asking()) == (outcome == "taken")
    assert asking.outcomes == {outcome: 1}


async def test_an_endpoint_that_never_answers_costs_the_time_out_and_then_nothing() -> None:
    asking = Asked(never, seconds=SHORT, parallel=FAILURES)
    assert await asking(FAILURES) == ()
    assert await asking(3) == ()
    assert asking.outcomes == {"timeout": FAILURES, "circuit-open": 3}


async def test_what_gets_no_turn_in_time_is_not_asked_and_is_no_fault_of_the_endpoint() -> None:
    asking = Asked(never, seconds=SHORT, parallel=1)
    assert await asking(3) == ()
    assert asking.calls == 1
    assert asking.outcomes == {"timeout": 1, "busy": 2}


async def test_what_is_asked_has_at_least_half_of_the_time() -> None:
    """Who waits for a turn gives up at the half, not when the time is over for all."""
    ended = asyncio.Event()

    async def send(body: bytes) -> bytes:
        await ended.wait()
        return await agree(body)

    asking = Asked(send, seconds=2.0, parallel=1)
    found = asyncio.create_task(asking(2))
    while not asking.outcomes:
        await asyncio.sleep(0.01)
    assert asking.outcomes == {"busy": 1}
    ended.set()
    assert len(await found) == 1


async def test_after_failures_in_a_row_it_is_not_asked_until_one_try_succeeds() -> None:
    healthy = False

    async def send(body: bytes) -> bytes:
        if not healthy:
            raise Unanswered("away")
        return await agree(body)

    asking = Asked(send, parallel=1)
    assert await asking(FAILURES + 2) == ()
    assert asking.outcomes == {"away": FAILURES, "circuit-open": 2}
    healthy = True
    asking.clock.advance(FIRST_SECONDS)
    assert len(await asking(3)) == 3
    assert asking.calls == FAILURES + 3


async def test_an_endpoint_that_asks_for_a_pause_gets_it() -> None:
    async def send(_body: bytes) -> bytes:
        raise Unanswered("overloaded", retry_after=120)

    asking = Asked(send, parallel=1)
    await asking(2)
    asking.clock.advance(119)
    await asking()
    assert (asking.calls, asking.outcomes) == (1, {"overloaded": 1, "circuit-open": 2})
    asking.clock.advance(1)
    await asking()
    assert asking.calls == 2


async def test_pages_that_make_a_model_talk_take_it_from_nobody_else() -> None:
    async def send(_body: bytes) -> bytes:
        return completion("Certainly! Here is a poem.")

    asking = Asked(send)
    await asking(3 * FAILURES)
    assert asking.outcomes == {"unreadable": 3 * FAILURES}


async def test_no_more_is_asked_than_the_budget_has() -> None:
    asking = Asked(agree, calls=2)
    assert len(await asking(5)) == 2
    assert asking.outcomes == {"taken": 2, "over-budget": 3}


async def test_a_defect_of_ours_costs_the_answer_and_not_the_article() -> None:
    async def send(_body: bytes) -> bytes:
        raise RuntimeError("unforeseen")

    asking = Asked(send)
    assert await asking() == ()
    assert asking.outcomes == {"failed": 1}


async def test_an_article_that_is_given_up_takes_no_turn_and_no_try_with_it() -> None:
    """A batch whose time is up is cancelled, and comes again."""
    silent = True

    async def send(body: bytes) -> bytes:
        return await (never(body) if silent else agree(body))

    asking = Asked(send, parallel=1)
    asking._reader._circuit.failed(retry_after=1)
    asking.clock.advance(FIRST_SECONDS)
    given_up = asyncio.create_task(asking())
    while not asking.calls:
        await asyncio.sleep(0)
    given_up.cancel()
    await asyncio.gather(given_up, return_exceptions=True)
    silent = False
    assert len(await asking()) == 1
