"""What a page states in its markup, as one normal line."""

from __future__ import annotations

import html

from lxml.html import HtmlElement

from shared.contracts.text import normalise

# Longer values are keyword dumps and inlined scripts, never a name or a title.
_LONGEST_VALUE = 1000
_LONGEST_RAW = 4 * _LONGEST_VALUE  # with its white space and entities


def clean_value(value: object) -> str | None:
    """A markup's value as one normal line, or None. Entities that were escaped twice are resolved."""
    if not isinstance(value, str) or len(value) > _LONGEST_RAW:
        return None
    if "&" in value:
        value = html.unescape(value)
    line = normalise(value).replace("\n", " ").replace("  ", " ")
    return line if line and len(line) <= _LONGEST_VALUE else None


def text_of(element: HtmlElement) -> str | None:
    """What stands in an element, as one normal line. No further is read than a value is long: elements lie in each
    other hundreds deep, and each would be the whole page."""
    parts: list[str] = []
    room = _LONGEST_RAW
    for part in element.itertext():
        room -= len(part) + 1
        if room < 0:
            return None
        parts.append(part)
    return clean_value(" ".join(parts))
