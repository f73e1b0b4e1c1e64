"""Every line about a record carries the ids that lead to it, as JSON, under the same names."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest

from shared.clock import ManualClock
from shared.contracts.envelope import Envelope
from shared.contracts.record import Record
from shared.errors import RecordError
from shared.pipeline.judge import Judge
from shared.pipeline.results import Dead, Reject, Result
from shared.pipeline.stage import Batch, Item, Stage, each
from shared.telemetry import configure_logging

VISIT, ARTICLE = "00000000-0000-5000-8000-000000000001", "00000000-0000-5000-8000-000000000002"
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
HEADERS = (
    ("ce_visitid", VISIT.encode()),
    ("traceparent", f"00-{TRACE}-00f067aa0ba902b7-01".encode()),
)


def decode(record: Record, _envelope: Envelope) -> str:
    return (record.value or b"").decode()


async def settled(item: Item[str]) -> Result:
    match item.value:
        case "reject":
            return Reject("no-article", "There is none.")
        case "dead":
            return Dead("broken", "Mend it.")
        case "record-error":
            raise RecordError("it is to blame")
        case _:
            raise RuntimeError("a defect")


async def all_fail(_: Batch[str]) -> None:
    raise RuntimeError("a defect")


async def said(capsys: pytest.CaptureFixture[str], stage: Stage[str], records: Sequence[Record]) -> list[Any]:
    configure_logging("INFO", json=True)
    await Judge(stage, max_bytes=lambda _: 2**20, clock=ManualClock()).decide(records, 10)
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


@pytest.mark.parametrize("value", ["reject", "dead", "record-error", "defect"])
async def test_a_line_about_a_record_names_its_visit_article_and_trace(
    capsys: pytest.CaptureFixture[str], value: str
) -> None:
    stage = Stage("store", "articles", "articles", decode, each(settled))
    record = Record("articles", 3, 14, 0, ARTICLE.encode(), value.encode(), HEADERS)
    lines = await said(capsys, stage, [record])
    assert lines
    for line in lines:
        assert (line["record"], line["visit_id"]) == ("articles:3:14", VISIT)
        assert (line["article_id"], line["trace_id"]) == (ARTICLE, TRACE)


async def test_so_does_the_line_of_a_handler_that_fails_as_a_whole(
    capsys: pytest.CaptureFixture[str],
) -> None:
    stage = Stage("store", "articles", "articles", decode, all_fail)
    record = Record("articles", 3, 14, 0, ARTICLE.encode(), b"x", HEADERS)
    lines = [line for line in await said(capsys, stage, [record]) if "one by one" not in line["event"]]
    assert [line["event"] for line in lines] == ["handler failed", "record given up"]
    assert {(line["visit_id"], line["trace_id"]) for line in lines} == {(VISIT, TRACE)}


async def test_what_is_not_known_is_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    stage = Stage("fetcher", "intake", "urls", decode, each(settled))
    (line,) = await said(capsys, stage, [Record("urls", 0, 1, 0, b"any key", b"reject", ())])
    assert line["record"] == "urls:0:1"
    assert not {"visit_id", "article_id", "trace_id"} & line.keys()
