"""The limit that keeps a broken deploy from draining a topic into the dead letters."""

from __future__ import annotations

import pytest

from shared.errors import DeadLetterLimit
from shared.pipeline.backoff import Backoff
from shared.pipeline.limits import DeadLetterLimiter


def test_the_record_past_the_limit_in_a_row_is_refused_before_it_is_given_up() -> None:
    limiter = DeadLetterLimiter(in_a_row=3)
    limiter.check([True] * 3)
    with pytest.raises(DeadLetterLimit):
        limiter.check([True] * 4)


def test_looking_changes_nothing_so_a_batch_that_comes_again_counts_once() -> None:
    limiter = DeadLetterLimiter(in_a_row=3)
    for _ in range(10):
        limiter.check([True, True])
    limiter.take([True, True])
    limiter.check([True])
    with pytest.raises(DeadLetterLimit):
        limiter.check([True, True])


def test_one_good_record_ends_a_row() -> None:
    limiter = DeadLetterLimiter(in_a_row=3)
    limiter.take([True, True, True])
    limiter.take_good(1)
    limiter.check([True, True, True])


def test_half_of_a_full_window_is_too_many_even_if_never_many_in_a_row() -> None:
    limiter = DeadLetterLimiter(in_a_row=100, window=10, ratio=0.5)
    limiter.take([True, False] * 5)
    limiter.check([False])
    with pytest.raises(DeadLetterLimit, match="among the last 10"):
        limiter.check([True])


def test_a_window_that_is_not_full_yet_says_nothing() -> None:
    limiter = DeadLetterLimiter(in_a_row=100, window=10, ratio=0.5)
    limiter.check([True] * 10)


def test_old_records_leave_the_window() -> None:
    limiter = DeadLetterLimiter(in_a_row=100, window=10, ratio=0.5)
    limiter.take([True] * 10)
    limiter.check([False] * 6 + [True])
    limiter.take_good(6)
    limiter.check([True])


def test_back_off_doubles_up_to_its_longest_with_jitter_and_begins_anew_after_a_success() -> None:
    backoff = Backoff(first=1, longest=8)
    waits = [backoff.next() for _ in range(60)]
    for wait, ceiling in zip(waits, [1, 2, 4, *[8] * 57], strict=True):
        assert ceiling / 2 <= wait <= ceiling
    assert len(set(waits)) > 50
    backoff.reset()
    assert backoff.next() <= 1
