"""The way back of a dead letter: to one service, once more, at most so often."""

from __future__ import annotations

from shared.clock import SystemClock
from shared.contracts.record import Headers, Outgoing, Record
from shared.pipeline.dead_letters import dead_letter
from shared.pipeline.redrive import LAST_ATTEMPT, letters_of, marker, plan, redriven
from shared.pipeline.results import Dead


def as_record(out: Outgoing, offset: int) -> Record:
    return Record(out.topic, 0, offset, 0, out.key, out.value, tuple(out.headers))


def letter(offset: int, code: str = "no-good", headers: Headers = ()) -> Record:
    original = Record("pages", 3, 40 + offset, 0, b"k%d" % offset, b"v%d" % offset, headers)
    out = dead_letter(original, Dead(code, "hint"), service="cleaner", stage="pages", clock=SystemClock())
    return as_record(out, offset)


def test_a_redriven_record_has_the_original_bytes_one_attempt_more_and_one_addressee() -> None:
    (found,) = letters_of([letter(0, headers=[("ce_id", b"1"), ("foreign", None)])])
    back = redriven(found)
    assert (back.topic, back.key, back.value) == ("pages", b"k0", b"v0")
    assert list(back.headers) == [
        ("ce_id", b"1"),
        ("foreign", None),
        ("ce_attempt", b"2"),
        ("ce_to", b"cleaner"),
        ("ce_origin", b"pages:3:40"),
    ]


def test_where_a_record_stood_first_is_kept_through_every_further_redrive() -> None:
    (found,) = letters_of([letter(0, headers=[("ce_attempt", b"2"), ("ce_origin", b"urls:1:7")])])
    assert dict(redriven(found).headers)["ce_origin"] == b"urls:1:7"
    assert dict(redriven(found).headers)["ce_attempt"] == b"3"


def test_a_marker_takes_its_letter_out_of_the_next_redrive() -> None:
    records = [letter(0), letter(1)]
    (first, _) = letters_of(records)
    again = letters_of([*records, as_record(marker(first), 2)])
    assert [one.redriven for one in again] == [True, False]
    assert [one.name for one in plan(again).chosen] == ["pages!cleaner:1"]


def test_after_its_last_attempt_a_letter_stays() -> None:
    headers = [("ce_attempt", str(LAST_ATTEMPT).encode())]
    chosen = plan(letters_of([letter(0, headers=headers), letter(1)]))
    assert [one.name for one in chosen.chosen] == ["pages!cleaner:1"]
    assert [(one.name, why) for one, why in chosen.refused] == [("pages!cleaner:0", "redrive-limit")]


def test_a_plan_takes_a_code_and_a_limit_oldest_first() -> None:
    letters = letters_of([letter(0, "a"), letter(1, "b"), letter(2, "a"), letter(3, "a")])
    assert [one.record.offset for one in plan(letters, code="a", limit=2).chosen] == [0, 2]
    assert plan(letters, code="c").chosen == ()


def test_a_letter_that_lost_its_original_is_refused() -> None:
    (found,) = letters_of([Record("pages!cleaner", 0, 0, 0, b"", b"", [("dead_code", b"x")])])
    assert [why for _, why in plan([found]).refused] == ["original-lost"]


def test_a_stranger_who_writes_a_markers_header_hides_no_letter() -> None:
    records = [letter(0), letter(1, headers=[("redriven_offset", b"0")])]
    assert [one.redriven for one in letters_of(records)] == [False, False]


def test_a_letter_that_no_longer_fits_its_topic_stands_in_nobodys_way() -> None:
    letters = letters_of([letter(0), letter(1)])
    fits = redriven(letters[0]).size
    assert len(plan(letters, max_bytes=lambda _topic: fits).chosen) == 2
    none_left = plan(letters, max_bytes=lambda _topic: fits - 1)
    assert none_left.chosen == ()
    assert [why for _, why in none_left.refused] == ["original-too-large"] * 2
