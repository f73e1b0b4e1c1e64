"""A record through both readers: what was read first goes out, whatever becomes of the second step."""

from __future__ import annotations

import json
from typing import Any

import pytest

from services.extractor.identity import IDENTITY
from services.extractor.second_reader.asking import SecondReader
from services.extractor.second_reader.corrections import Correction
from services.extractor.second_reader.steps import Again, Doubtful, First, Outcome, Task, step
from services.extractor.second_reader.two_readers import in_two_steps
from shared.clock import ManualClock
from shared.contracts import codec, samples
from shared.contracts.record import Record
from shared.errors import DatabaseAway, DeployBroken, HandlerKilled
from shared.pipeline.results import Dead, Emit, Result
from shared.pipeline.stage import Item
from tests.unit.extractor.second_reader.story import BELOW, MASTER, QUOTE, TEXT, agree, read

ARTICLE = samples.article().model_copy(update={"text": TEXT, "title": None, "publisher": None})
RECORD = Record("articles", 0, 0, 0, None, codec.value_of(ARTICLE), ())


@pytest.fixture(autouse=True)
def _by_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLAIMSTREAM_EXTRACTOR_MODEL", "rules")


async def through(second_step: Outcome | Exception) -> Result:
    """What comes of the record when its second step ends like this."""

    async def run(task: Task) -> Outcome:
        if isinstance(task, First):
            return step(task)
        if isinstance(second_step, Exception):
            raise second_step
        return second_step

    second = SecondReader(agree, model="m", seconds=30, parallel=4, calls=100, clock=ManualClock())
    handle = in_two_steps(run, second, below=BELOW, parallel=1)
    return await handle(Item(RECORD, None, RECORD))  # type: ignore[arg-type]


def first() -> Emit:
    found = step(First(RECORD, BELOW))
    assert isinstance(found, Doubtful)
    return found.emit


async def test_the_second_step_is_what_goes_out() -> None:
    better = Emit(())
    assert await through(better) is better


@pytest.mark.parametrize(
    "ending", [Dead("extraction-too-large", "", ""), HandlerKilled("gone"), RuntimeError("unforeseen")]
)
async def test_a_second_step_that_fails_makes_no_dead_letter(ending: Outcome | Exception) -> None:
    assert await through(ending) == first()


@pytest.mark.parametrize("ending", [DatabaseAway(""), DeployBroken("no worker begins")])
async def test_what_is_no_fault_of_the_record_is_raised(ending: Exception) -> None:
    with pytest.raises(type(ending)):
        await through(ending)


def extractor_of(outcome: Outcome) -> dict[str, Any]:
    assert isinstance(outcome, Emit)
    found: dict[str, Any] = json.loads(outcome.records[0].value or b"")["extractor"]
    return found


def test_only_what_differs_because_of_it_is_stored_under_its_name() -> None:
    tagged = read().tagged
    raised = Correction(MASTER, tagged[MASTER]._replace(confidence=0.75))
    vain = Correction(MASTER, tagged[MASTER]._replace(content=tagged[QUOTE].content, cue=tagged[QUOTE].cue))
    assert extractor_of(step(Again(RECORD, tagged, (raised,), "m")))["version"].endswith("+reader.m")
    unchanged = step(Again(RECORD, tagged, (vain,), "m"))
    assert extractor_of(unchanged) == IDENTITY.model_dump()
    assert unchanged == first()
