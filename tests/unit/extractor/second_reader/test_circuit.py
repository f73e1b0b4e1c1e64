"""The circuit opens, waits, tries once and closes; the budget forgets what is an hour old."""

from __future__ import annotations

from services.extractor.second_reader.circuit import (
    FAILURES,
    FIRST_SECONDS,
    LONGEST_RETRY_AFTER,
    LONGEST_SECONDS,
    Budget,
    Circuit,
)
from shared.clock import ManualClock


def opened(clock: ManualClock) -> Circuit:
    circuit = Circuit(clock)
    for _ in range(FAILURES):
        assert circuit.allows()
        circuit.failed()
    assert circuit.is_open
    return circuit


def test_it_opens_after_failures_in_a_row_and_not_before() -> None:
    circuit = Circuit(ManualClock())
    for _ in range(3):
        for _ in range(FAILURES - 1):
            circuit.failed()
        circuit.succeeded()
    assert circuit.allows()
    assert not opened(ManualClock()).allows()


def test_when_the_pause_is_over_one_question_tries_and_its_answer_closes_it() -> None:
    clock = ManualClock()
    circuit = opened(clock)
    clock.advance(FIRST_SECONDS)
    assert [circuit.allows(), circuit.allows()] == [True, False]
    circuit.succeeded()
    assert not circuit.is_open
    assert [circuit.allows(), circuit.allows()] == [True, True]


def test_a_failed_try_doubles_the_pause_up_to_a_bound() -> None:
    clock = ManualClock()
    circuit = opened(clock)
    pause = FIRST_SECONDS
    for _ in range(8):
        clock.advance(pause - 1)
        assert not circuit.allows()
        clock.advance(1)
        assert circuit.allows()
        circuit.failed()
        pause = min(2 * pause, LONGEST_SECONDS)


def test_a_try_that_was_given_up_is_made_by_the_next_one() -> None:
    clock = ManualClock()
    circuit = opened(clock)
    clock.advance(FIRST_SECONDS)
    assert circuit.allows()
    circuit.forgotten()
    assert circuit.allows()


def test_late_news_from_before_it_opened_changes_nothing() -> None:
    clock = ManualClock()
    circuit = opened(clock)
    circuit.succeeded()
    assert circuit.is_open
    clock.advance(FIRST_SECONDS - 1)
    circuit.failed()
    clock.advance(1)
    assert circuit.allows()


def test_it_opens_at_once_for_as_long_as_it_was_asked_to_but_not_for_days() -> None:
    clock = ManualClock()
    circuit = Circuit(clock)
    circuit.failed(retry_after=90)
    clock.advance(89)
    assert not circuit.allows()
    clock.advance(1)
    assert circuit.allows()
    circuit.failed(retry_after=999_999)
    clock.advance(LONGEST_RETRY_AFTER)
    assert circuit.allows()


def test_the_budget_is_that_of_any_sixty_minutes() -> None:
    clock = ManualClock()
    budget = Budget(2, clock)
    assert budget.take()
    clock.advance(1_800)
    assert [budget.take(), budget.take()] == [True, False]
    clock.advance(1_800)
    assert [budget.take(), budget.take()] == [True, False]
    assert not Budget(0, clock).take()
