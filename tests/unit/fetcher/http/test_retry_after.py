"""Retry-After from hosts that may send anything."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.fetcher.http.retry_after import MAX_RETRY_AFTER, parse_retry_after

NOW = datetime(2026, 6, 1, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        ("999999999", MAX_RETRY_AFTER),
        ("9" * 10_000, MAX_RETRY_AFTER),
        ("Mon, 01 Jun 2026 12:01:00 GMT", 60.0),
        ("Mon, 01 Jun 2026 11:00:00 GMT", 0.0),
        ("Tue, 01 Jun 2100 12:00:00 GMT", MAX_RETRY_AFTER),
        ("Mon, 01 Jun 2026 12:01:00", 60.0),
        ("-5", None),
        ("soon", None),
        ("١٢٠", None),
        ("", None),
        (None, None),
    ],
)
def test_seconds_and_dates_are_read_and_bounded(value: str | None, seconds: float | None) -> None:
    assert parse_retry_after(value, NOW) == seconds


@given(st.text())
def test_no_value_raises_or_leaves_the_bounds(value: str) -> None:
    wait = parse_retry_after(value, NOW)
    assert wait is None or 0 <= wait <= MAX_RETRY_AFTER
