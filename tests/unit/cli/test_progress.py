"""Nobody waits without knowing for what."""

from __future__ import annotations

import sys

import pytest

from claimstream.how_far import Progress
from claimstream.progress import ProgressLine, waiting_for
from services.fetcher.frontier.resume import Queue


def progress(seconds: float = 42, tries: int = 2, *, busy: bool = False, offline: bool = False) -> Progress:
    return Progress(
        3,
        1,
        {"stored": 2},
        feeds_waiting=0,
        busy=busy,
        queue=Queue(1, "slow.example", seconds, tries),
        offline=offline,
    )


def test_a_long_wait_is_named() -> None:
    assert waiting_for(progress()) == "waiting 42 s for slow.example, where 2 requests failed"
    assert waiting_for(progress(tries=0)) == "waiting 42 s for slow.example"


def test_a_crawl_delay_is_none() -> None:
    assert waiting_for(progress(seconds=1)) is None
    assert waiting_for(progress(busy=True)) is None
    assert waiting_for(progress(offline=True)) is None


async def test_where_lines_stay_it_is_said_once_with_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    with ProgressLine(enabled=True) as line:
        for _ in range(5):
            await line.show(progress())
    assert capsys.readouterr().err.splitlines() == [
        "waiting 42 s for slow.example, where 2 requests failed; Ctrl-C ends, and the same command goes on later"
    ]


async def test_a_terminal_shows_one_line_that_is_removed_at_the_end(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "60")
    with ProgressLine(enabled=True) as line:
        await line.show(progress())
        await line.show(progress())
    shown = "3 visits: 2 stored, 1 open; waiting 42 s for slow.example, where 2 requests failed"
    assert capsys.readouterr().err == f"\r\x1b[K{shown[:59]}\r\x1b[K"


async def test_quiet_shows_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with ProgressLine(enabled=False) as line:
        await line.show(progress())
    assert line.last is not None
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("open_visits", "queued", "offline", "busy", "done", "stalled"),
    [
        (0, 0, False, False, True, False),
        (0, 0, False, True, False, False),
        (1, 1, False, False, False, False),
        (1, 0, False, False, False, True),
        (1, 0, False, True, False, False),
        (1, 1, True, False, True, False),
        (2, 1, True, False, False, False),
    ],
)
def test_when_a_run_is_done_and_when_it_waits_in_vain(
    open_visits: int, queued: int, offline: bool, busy: bool, done: bool, stalled: bool
) -> None:
    at = Progress(2, open_visits, {}, 0, busy, Queue(queued), offline)
    assert (at.done, at.stalled) == (done, stalled)
