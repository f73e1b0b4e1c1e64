"""Retry-After, RFC 9110 10.2.3: seconds or a date, from a host that may send anything."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

# A host that asks for more than a day is asked again after a day: a visit must end in somebody's lifetime.
MAX_RETRY_AFTER = 86_400.0


def parse_retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds to wait from ``now``, between 0 and MAX_RETRY_AFTER, or None where nothing usable was said."""
    text = (value or "").strip()
    if not text:
        return None
    if text.isascii() and text.isdigit():
        # Compared by length first: int() of a thousand digits is work, and of 5,000 a ValueError.
        return MAX_RETRY_AFTER if len(text) > 6 else min(float(text), MAX_RETRY_AFTER)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError, IndexError, TypeError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max((moment - now).total_seconds(), 0.0), MAX_RETRY_AFTER)
