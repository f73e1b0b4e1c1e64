"""Who is traced, under which ids, and that nothing of it is loaded for those who trace nothing."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass, field
from typing import Any

import pytest

from shared import tracing
from shared.contracts.record import Record
from shared.pipeline.judge import Decision
from shared.tracing.traceparent import SpanId, asked, drawn, of_visit

TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
VISIT = "00000000-0000-5000-8000-000000000001"


@dataclass
class Kept:
    """A recorder that keeps what it is given."""

    ratio: float = 0.0
    spans: list[tuple[str, SpanId | None, SpanId | None, dict[str, Any]]] = field(default_factory=list)

    def record(
        self,
        name: str,
        parent: SpanId | None,
        began: int,
        attributes: dict[str, str | int],
        *,
        itself: SpanId | None = None,
        failed: bool = False,
    ) -> None:
        self.spans.append((name, parent, itself, attributes))

    def close(self) -> None:
        pass


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> Kept:
    kept = Kept()
    monkeypatch.setattr(tracing, "recorder", kept)
    return kept


@pytest.mark.parametrize(
    ("text", "yes"),
    [
        (f"00-{TRACE}-{SPAN}-01", True),
        (f"00-{TRACE}-{SPAN}-03", True),
        (f"01-{TRACE}-{SPAN}-01-of-a-later-version", True),
        (f"00-{TRACE}-{SPAN}-00", False),
        (f"ff-{TRACE}-{SPAN}-01", False),
        (f"00-{'0' * 32}-{SPAN}-01", False),
        (f"00-{TRACE}-{'0' * 16}-01", False),
        (f"00-{TRACE.upper()}-{SPAN}-01", False),
        ("01", False),
        (None, False),
    ],
)
def test_who_sets_the_flag_in_a_well_formed_traceparent_is_traced(text: str | None, yes: bool) -> None:
    assert asked(text) == (SpanId(TRACE, SPAN) if yes else None)


def test_the_span_of_a_visit_is_derived_and_below_who_asked() -> None:
    first = of_visit(VISIT, f"00-{TRACE}-{SPAN}-01", 0.0)
    assert first == of_visit(VISIT, f"00-{TRACE}-{SPAN}-01", 1.0)
    assert first is not None
    assert first.trace_id == TRACE
    assert first.span_id != SPAN
    assert of_visit(VISIT, f"00-{TRACE}-{SPAN}-00", 1.0) is None, "who said no is not asked again"
    assert of_visit(VISIT, None, 0.0) is None
    assert of_visit(VISIT, None, 1.0) == of_visit(VISIT, None, 1.0) is not None
    share = [of_visit(f"{n:036}", None, 0.25) for n in range(2000)]
    assert 400 < sum(one is not None for one in share) < 600


def test_a_traceparent_is_passed_on_as_it_was_where_nothing_is_traced(kept: Kept) -> None:
    untouched = f"00-{TRACE}-{SPAN}-00"
    assert tracing.page_traceparent(VISIT, untouched) == untouched
    tracing.recorder = None
    asking = f"00-{TRACE}-{SPAN}-01"
    assert tracing.page_traceparent(VISIT, asking) == asking


def test_a_stage_records_the_sampled_records_of_a_batch_and_no_other(kept: Kept) -> None:
    def record(offset: int, traceparent: bytes | None) -> Record:
        headers = [("ce_id", b"1"), ("traceparent", traceparent), ("ce_visitid", VISIT.encode())]
        return Record("pages", 0, offset, 0, None, b"", headers)

    records = [
        record(0, f"00-{TRACE}-{SPAN}-01".encode()),
        record(1, f"00-{TRACE}-{SPAN}-00".encode()),
        record(2, None),
        record(3, b"\xff1"),
        Record("pages", 0, 4, 0, None, b"", ()),
    ]
    tracing.stage_spans("cleaner.pages", 1, records, [Decision((), "reject", "no-article")] * 5)
    ((name, parent, itself, attributes),) = kept.spans
    assert (name, parent, itself) == ("cleaner.pages", SpanId(TRACE, SPAN), None)
    assert attributes["messaging.kafka.offset"] == 0
    assert attributes["claimstream.code"] == "no-article"
    assert attributes["claimstream.visit_id"] == VISIT


def test_of_many_turns_only_the_one_that_sent_the_page_has_the_visits_span(kept: Kept) -> None:
    asking = drawn().traceparent
    for sent in (False, True):
        tracing.turn_span("fetcher.crawl", 1, VISIT, asking, "https://a.example/", "ok", sent=sent)
    (hop, page) = kept.spans
    assert hop[2] is None
    assert page[2] == of_visit(VISIT, asking, 0.0)
    assert hop[1] == page[1] == asked(asking)


def test_without_an_endpoint_nothing_of_opentelemetry_is_imported() -> None:
    code = (
        "import sys; from shared import tracing; tracing.configure(''); import shared.pipeline.judge;"
        "sys.exit(any(name.startswith('opentelemetry.sdk') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
