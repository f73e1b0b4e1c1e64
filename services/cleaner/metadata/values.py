"""What a page states in its markup, as one normal line."""

from __future__ import annotations

import html

from shared.contracts.text import normalise

# Longer values are keyword dumps and inlined scripts, never a name or a title.
_LONGEST_VALUE = 1000


def clean_value(value: object) -> str | None:
    """A markup's value as one normal line, or None. Entities that were escaped twice are resolved."""
    if not isinstance(value, str) or len(value) > 4 * _LONGEST_VALUE:
        return None
    if "&" in value:
        value = html.unescape(value)
    line = normalise(value).replace("\n", " ").replace("  ", " ")
    return line if line and len(line) <= _LONGEST_VALUE else None
