"""Times as a person types them."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from shared.errors import UsageError

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}


def seconds(option: str, text: str) -> float:
    """``90s``, ``15m``, ``2h``, ``1d`` or a number of seconds. Raises UsageError, naming the option."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)([smhdw]?)", text.strip())
    if match is None:
        raise UsageError(f"{option} {text}: no duration", hint="Write 90s, 15m, 2h or 1d.")
    return float(match[1]) * _UNITS[match[2] or "s"]


def seconds_ago(text: str, now: datetime | None = None) -> float:
    """``90s``, ``10m``, ``2h``, ``3d``, ``1w``, or an ISO 8601 time (without a zone: UTC). Raises UsageError."""
    if match := re.fullmatch(r"(\d+(?:\.\d+)?)([smhdw])", text.strip()):
        return float(match[1]) * _UNITS[match[2]]
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise UsageError(
            f"no time: {text}", hint="Write 10m, 2h, 3d, or a time as 2026-01-31T12:00Z."
        ) from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, ((now or datetime.now(UTC)) - moment).total_seconds())
