"""The bulk form: answers in the order of the questions, and no line that costs another one its answer."""

from __future__ import annotations

import contextlib
import io
import json
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from claimstream.cli import lines
from shared.errors import UsageError
from tests.command import Call


def slow(line: str) -> lines.Answer:
    """Answers after as many seconds as the line says; `hang` never, `die` not at all, `fail` with an exception."""
    if line == "hang":
        time.sleep(60)
    if line == "die":
        os._exit(9)
    if line == "fail":
        raise ZeroDivisionError
    time.sleep(float(line))
    return {"id": line}


def test_answers_come_in_the_order_of_the_questions() -> None:
    asked = ["0.3", "0", "0.1", "0", "0.05"]
    given = lines.answers(asked, slow, workers=2, deadline=10)
    assert [answer["id"] for answer in given] == asked


def test_a_line_that_hangs_dies_or_fails_is_answered_and_the_others_too() -> None:
    asked = ["0", "hang", "0.01", "die", "0.02", "fail", "0.03"]
    given = list(lines.answers(asked, slow, workers=2, deadline=3))
    assert [answer.get("id") or answer["rejected"]["code"] for answer in given] == [
        "0",
        "handler-timeout",
        "0.01",
        "handler-killed",
        "0.02",
        "handler-failed",
        "0.03",
    ]
    assert [answer.get("line") for answer in given] == [None, 2, None, 4, None, 6, None]


def test_an_answer_does_not_wait_for_the_next_question() -> None:
    answered = threading.Event()

    def one_at_a_time() -> Iterator[str]:
        yield "0"
        assert answered.wait(10)
        yield "0.01"

    given = lines.answers(one_at_a_time(), slow, workers=1, deadline=10)
    assert next(given) == {"id": "0"}
    answered.set()
    assert list(given) == [{"id": "0.01"}]


def test_only_a_few_questions_are_read_ahead() -> None:
    read = 0

    def endless() -> Iterator[str]:
        nonlocal read
        while True:
            read += 1
            yield "0"

    given = lines.answers(endless(), slow, workers=1, deadline=10)
    with contextlib.closing(given):
        for _ in range(20):
            next(given)
        time.sleep(0.2)
        assert read <= 20 + lines.AHEAD + 3


def test_who_reads_no_further_does_not_wait_for_what_is_under_way() -> None:
    given = lines.answers(["0", "hang", "hang"], slow, workers=1, deadline=60)
    assert next(given) == {"id": "0"}
    began = time.monotonic()
    given.close()
    assert time.monotonic() - began < 10


@pytest.mark.parametrize("workers", [-1, 257])
def test_a_number_of_workers_is_one(workers: int) -> None:
    with pytest.raises(UsageError, match="--workers"):
        next(lines.answers([], slow, workers=workers, deadline=1))


def test_an_input_that_breaks_is_an_error_behind_the_answers() -> None:
    def broken() -> Iterator[str]:
        yield "0"
        raise OSError("the disk is gone")

    given = lines.answers(broken(), slow, workers=1, deadline=10)
    assert next(given) == {"id": "0"}
    with pytest.raises(OSError, match="the disk is gone"):
        next(given)


@pytest.mark.parametrize("line", ["", "{", "[1,", '{"id": NaN}', "[" * 100_000, "\ufffd", "9" * 5_000])
def test_what_is_no_json_is_malformed(line: str) -> None:
    with pytest.raises(lines.Malformed):
        lines.parsed(line)
    assert lines.rejected(line, "code", "hint") == {"id": None, "rejected": {"code": "code", "hint": "hint"}}


def test_a_refusal_carries_the_id_of_its_question() -> None:
    assert lines.rejected('{"id": [1, 2]}', "c", "h")["id"] == [1, 2]
    assert lines.rejected('["id"]', "c", "h")["id"] is None


def test_an_id_with_half_a_surrogate_pair_goes_back_as_it_came() -> None:
    out = io.StringIO()
    lines.write({"id": json.loads('"\\ud800"'), "claims": []}, out)
    assert out.getvalue() == '{"id":"\\ud800","claims":[]}\n'
    out = io.StringIO()
    lines.write({"id": "é"}, out)
    assert out.getvalue() == '{"id":"é"}\n'


def test_half_a_surrogate_pair_becomes_one_character() -> None:
    assert lines.text_of("a\ud800b") == "a\ufffdb"
    assert lines.text_of("a😀b") == "a😀b"


def test_a_line_without_end_is_cut_and_the_next_one_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "MAX_LINE_BYTES", 10)
    found = list(lines.decoded_lines(io.BytesIO(b"a" * 35 + b"\nshort\n" + b"b" * 10 + b"\nend")))
    assert found == ["a" * 10, "short\n", "b" * 10, "end"]
    with pytest.raises(lines.Malformed, match="10 bytes"):
        lines.parsed(found[0])


def test_bytes_that_are_no_utf8_are_answered_not_fatal() -> None:
    assert list(lines.decoded_lines(io.BytesIO(b'{"id": "\xff"}\n'))) == ['{"id": "\ufffd"}\n']


def test_what_cannot_be_opened_is_said(tmp_path: Path) -> None:
    for name, code in ((tmp_path / "none", "file-missing"), (tmp_path, "file-unreadable")):
        with pytest.raises(UsageError) as refused:
            lines.open_input(str(name))
        assert refused.value.code == code
        assert str(name) in refused.value.message


def test_more_than_the_most_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(b"a" * 11)
    assert lines.read_input(str(path), 11) == b"a" * 11
    with pytest.raises(UsageError, match="more than 10 bytes"):
        lines.read_input(str(path), 10)


@pytest.mark.parametrize(
    ("command", "alone"),
    [
        ("clean", ("--text",)),
        ("clean", ("--url", "https://news.example/a")),
        ("clean", ("--explain",)),
        ("extract", ("--title", "A Bridge")),
        ("extract", ("--language", "fi")),
        ("extract", ("--publisher", "The Courier")),
        ("extract", ("--published-at", "2026-03-05")),
        ("extract", ("--html", "x.html")),
    ],
)
def test_an_option_of_one_document_is_not_dropped_in_silence_with_many(
    call: Call, tmp_path: Path, command: str, alone: tuple[str, ...]
) -> None:
    many = tmp_path / "many.jsonl"
    many.write_text('{"id": 1, "text": ""}\n')
    said = call(command, many, "--jsonl", *alone)
    assert (said.code, said.out) == (2, "")
    assert alone[0] in said.err
