"""A dead letter's way back: the same bytes, once, for the one service, and not for ever."""

from __future__ import annotations

import pytest

from shared.clock import ManualClock
from shared.contracts import envelope, topics
from shared.contracts.record import Headers, Outgoing, Record
from shared.pipeline.dead_letters import dead_letter
from shared.pipeline.redrive import Letter, letters_of, marker, plan, redriven
from shared.pipeline.results import Dead

GIVEN_UP = Dead("handler-failed", "Mend it.")


def page(offset: int = 41, headers: Headers = (("ce_visitid", b"v"), ("other", None))) -> Record:
    return Record(topics.PAGES, 3, offset, 0, b"key", b"\x00bytes", headers)


def written(outgoing: Outgoing, offset: int) -> Record:
    return Record(outgoing.topic, 0, offset, 0, outgoing.key, outgoing.value, tuple(outgoing.headers))


def given_up(record: Record, offset: int = 0, verdict: Dead = GIVEN_UP) -> Record:
    letter = dead_letter(record, verdict, service="cleaner", stage="pages", clock=ManualClock())
    return written(letter, offset)


def letter(record: Record) -> Letter:
    (found,) = letters_of([given_up(record)])
    return found


def test_a_redriven_record_has_the_original_bytes_key_and_headers_and_three_more() -> None:
    back = redriven(letter(page()))
    assert (back.topic, back.key, back.value) == ("pages", b"key", b"\x00bytes")
    assert list(back.headers) == [
        ("ce_visitid", b"v"),
        ("other", None),
        ("ce_attempt", b"2"),
        ("ce_to", b"cleaner"),
        ("ce_origin", b"pages:3:41"),
    ]


def test_a_record_keeps_the_coordinates_at_which_it_stood_first() -> None:
    first = redriven(letter(page()))
    again = redriven(letter(written(first, 99)))
    read = envelope.parse(again.headers)
    assert (read.attempt, read.to, read.origin) == (3, "cleaner", "pages:3:41")
    assert [name for name, _ in again.headers].count("ce_attempt") == 1


@pytest.mark.parametrize(
    ("attempt", "refusal"), [(1, None), (2, None), (3, "redrive-limit"), (9, "redrive-limit")]
)
def test_from_the_third_attempt_on_it_is_refused(attempt: int, refusal: str | None) -> None:
    found = letter(page(headers=(("ce_attempt", str(attempt).encode()),)))
    assert found.refusal == refusal
    chosen = plan([found])
    assert (len(chosen.chosen), len(chosen.refused)) == ((1, 0) if refusal is None else (0, 1))


def test_a_letter_that_was_redriven_is_passed_over() -> None:
    records = [given_up(page(n), n) for n in range(3)]
    first, second, _ = letters_of(records)
    records += [written(marker(first), 3), written(marker(second), 4), written(marker(second), 5)]
    found = letters_of(records)
    assert [one.redriven for one in found] == [True, True, False]
    assert [one.record.offset for one in plan(found).chosen] == [2]


def test_a_marker_of_one_topic_says_nothing_of_another() -> None:
    other = Record("articles", 0, 1, 0, b"key", b"x", ())
    mine = given_up(page())
    elsewhere = written(
        dead_letter(other, GIVEN_UP, service="store", stage="articles", clock=ManualClock()), 0
    )
    done, waiting = letters_of([mine, elsewhere, written(marker(letters_of([mine])[0]), 1)])
    assert (done.redriven, waiting.redriven) == (True, False)


def test_code_and_limit_choose_the_oldest() -> None:
    records = [
        given_up(page(n), n, GIVEN_UP if n % 2 else Dead("page-corrupt", "Fetch it anew.")) for n in range(6)
    ]
    found = letters_of(records)
    assert [one.record.offset for one in plan(found, code="handler-failed", limit=2).chosen] == [1, 3]
    assert len(plan(found).chosen) == 6


def test_what_is_no_letter_of_ours_is_refused_and_harms_nothing() -> None:
    (stranger,) = letters_of([Record("pages!cleaner", 0, 0, 0, None, b"hello", ())])
    assert stranger.refusal == "original-lost"
    assert plan([stranger]).chosen == ()
