"""Ctrl-C in the middle of `ingest`, and the same command again: every visit has its fate, no claim stands twice."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import threading
import time
from asyncio import StreamWriter
from collections import Counter
from pathlib import Path

import pytest

from claimstream.sample import Request, respond
from tests.command import LOOPBACK, Call, call, served, start

__all__ = ["call"]


def wait_for(path: Path, lines: int, program: subprocess.Popen[str]) -> None:
    ends = time.monotonic() + 60
    while not path.exists() or len(path.read_text().splitlines()) < lines:
        assert program.poll() is None, program.communicate()
        assert time.monotonic() < ends
        time.sleep(0.05)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_an_interrupted_ingest_goes_on(call: Call, tmp_path: Path, how: signal.Signals) -> None:
    db, out = tmp_path / "one.db", tmp_path / "claims.jsonl"
    note = tmp_path / "note.txt"
    note.write_text(
        "“We shall see,” said the harbour master Olav Lind on Friday.\n\n" + "The port is old. " * 30
    )
    with served(delay=0.3) as site:
        typed = ["ingest", *list(site.feed_urls.values())[:3], note, "--db", db, "--out", out, *LOOPBACK]
        first = start(*typed, env={"CLAIMSTREAM_POOL_WORKERS": "1", "CLAIMSTREAM_FETCHER_CRAWL_DELAY": "0.3"})
        wait_for(out, 5, first)
        os.killpg(first.pid, how)  # what a terminal does on Ctrl-C
        _, told = first.communicate(timeout=60)
        assert "Traceback" not in told
        if how == signal.SIGINT:
            assert first.returncode == 130
            assert "run the same command again" in told.splitlines()[-1]
            assert re.search(r"interrupted with \d+ visits open", told)
        before = len(out.read_text().splitlines())

        status = call("status", "--db", db)
        assert status.code == 0
        again = call(*typed)
        assert again.code == 0
        assert "+ open 0; unexplained 0" in again.out
        # The feeds were asked again; their entries joined the visits that were there.
        # Of one text under two URLs the second is a duplicate, or, when the other comes first, nothing new.
        end = r"^in 13 = stored 11 \+ (duplicate|unchanged) 1 \+ rejected 1 \+ open 0; unexplained 0$"
        assert re.search(end, again.out, re.MULTILINE), again.out
        stored = json.loads(call("status", "--db", db, "--json").out)["store"]["claims"]
        assert before < stored  # it was in the middle
    claims = [json.loads(line) for line in out.read_text().splitlines()]
    revisions = Counter((claim["claim_id"], claim["epoch"], claim["revision"]) for claim in claims)
    assert set(revisions.values()) == {1}
    assert len({claim["claim_id"] for claim in claims}) == stored
    assert {claim["change"] for claim in claims} == {"asserted"}


def test_a_host_that_has_no_time_is_named_while_it_is_waited_for(tmp_path: Path) -> None:
    asked = threading.Event()

    async def no_time(_request: Request, writer: StreamWriter) -> None:
        asked.set()
        await respond(writer, 503, {"Retry-After": "120"})

    with served() as site:
        site.add("courier", "/busy", no_time)
        program = start("ingest", site.url("courier", "/busy"), "--db", tmp_path / "one.db", *LOOPBACK)
        assert program.stderr is not None
        line = program.stderr.readline()
        assert asked.is_set()
        assert re.match(r"waiting \d+ s for 127\.0\.0\.1:\d+", line), line
        assert "Ctrl-C" in line
        os.killpg(program.pid, signal.SIGINT)
        _, told = program.communicate(timeout=30)
    assert program.returncode == 130
    assert "interrupted with 1 visits open" in told


def test_a_pipe_that_is_closed_ends_the_bulk_form_without_a_word(tmp_path: Path) -> None:
    questions = tmp_path / "questions.jsonl"
    questions.write_text("".join(json.dumps({"id": n, "text": "A text."}) + "\n" for n in range(2000)))
    program = start("extract", questions, "--jsonl", "--workers", "1")
    assert program.stdout is not None
    assert json.loads(program.stdout.readline())["id"] == 0
    program.stdout.close()
    assert program.stderr is not None
    told = program.stderr.read()
    program.stderr.close()
    assert (program.wait(30), told) == (0, "")


def test_a_thousand_lines_are_quick_and_a_program_may_ask_one_by_one(tmp_path: Path) -> None:
    text = "“The bridge is safe,” engineer Ada Brandt said on Monday. " * 5
    questions = tmp_path / "questions.jsonl"
    questions.write_text("".join(json.dumps({"id": n, "text": text}) + "\n" for n in range(1000)))
    program = start("extract", questions, "--jsonl")
    said, told = program.communicate(timeout=60)
    assert (program.returncode, told) == (0, "")
    assert [json.loads(line)["id"] for line in said.splitlines()] == list(range(1000))

    asking = start("extract", "-", "--jsonl", "--workers", "1", stdin=subprocess.PIPE)
    assert asking.stdin is not None
    assert asking.stdout is not None
    for number in range(3):
        asking.stdin.write(json.dumps({"id": number, "text": text}) + "\n")
        asking.stdin.flush()
        assert json.loads(asking.stdout.readline())["id"] == number
    asking.stdin.close()
    assert asking.wait(30) == 0
    for stream in (asking.stdout, asking.stderr):
        assert stream is not None
        stream.close()
