"""Times as a person types them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from claimstream.cli.moments import seconds, seconds_ago
from shared.errors import UsageError

NOW = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "ago"),
    [
        ("90s", 90),
        ("10m", 600),
        ("2h", 7200),
        ("1.5d", 129_600),
        ("1w", 604_800),
        ("2026-01-31T11:59:00Z", 60),
        ("2026-01-31T11:59", 60),
        ("2026-01-31T13:59:00+02:00", 60),
        ("2026-01-31", 43_200),
        ("2027-01-01", 0),
    ],
)
def test_since_is_a_span_or_a_time(text: str, ago: float) -> None:
    assert seconds_ago(text, NOW) == ago


@pytest.mark.parametrize("text", ["", "yesterday", "10", "10 parsecs", "-5m", "2026-13-01"])
def test_no_time_is_said_with_examples(text: str) -> None:
    with pytest.raises(UsageError) as refused:
        seconds_ago(text, NOW)
    assert "10m" in refused.value.hint


@pytest.mark.parametrize(("text", "span"), [("90", 90), ("90s", 90), ("15m", 900), ("0", 0)])
def test_a_duration(text: str, span: float) -> None:
    assert seconds("--every", text) == span


@pytest.mark.parametrize("text", ["", "soon", "-1", "1y", "1e3", "nan"])
def test_no_duration_names_the_option(text: str) -> None:
    with pytest.raises(UsageError, match="--every"):
        seconds("--every", text)
