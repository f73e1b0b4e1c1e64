"""Whom a picture is by: what its own object in JSON-LD says, or the figure that shows it in the page."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from services.cleaner.metadata.figures import Figure
from services.cleaner.metadata.values import clean_value

_LONGEST = 200  # characters, and words below: what is longer is a caption
_LONGEST_WORDS = 20
_MOST = 10  # names that one field states
_LABEL = re.compile(
    r"\(?(?:(?:photo(?:graph(?:er|y)?)?s?|image|picture|illustration|foto|bild|crédits?(?: photo)?)"
    r"(?:[ -]?(?:credit|courtesy|source))?s?|credits?|source|quelle)"
    r"\s*(?::|\b(?:by|of|von|de|par|copyright|via)\b|©)\s*",
    re.I,
)
_FIELDS = ("creditText", "credit", "creator", "copyrightHolder", "copyrightNotice")


def credit(
    objects: Sequence[dict[str, Any]], figures: Sequence[Figure], shows: Callable[[object], bool]
) -> tuple[str, str] | None:
    """(credit, origin) of the picture whose addresses ``shows`` knows: of its own object, then of its figure."""
    for image in objects:
        if shows(image.get("url")) or shows(image.get("contentUrl")):
            for field in _FIELDS:
                if found := next(filter(None, map(credit_of, _names(image.get(field)))), None):
                    return found, "json-ld"
    for figure in figures:
        if any(map(shows, figure.images)):
            said = (
                caption[label.start() :] for caption in figure.captions if (label := _last_label(caption))
            )
            if found := next(filter(None, map(credit_of, (*figure.credits, *said))), None):
                return found, "html"
    return None


def credit_of(text: object) -> str | None:
    """Whom a credit names, without "Photo:", "Credit:" and brackets; None for what is no credit."""
    line = clean_value(text)
    if line is None or len(line) > _LONGEST or "<" in line:
        return None
    label = _LABEL.match(line)
    line = (line[label.end() :] if label else line).strip(" |-–—:;,.")
    if line.startswith(("(", "[")) or line.count("(") != line.count(")"):
        line = line.strip("()[] ")
    named = any(character.isalpha() for character in line) and "://" not in line
    return line if named and len(line.split()) <= _LONGEST_WORDS else None


def _names(value: object) -> list[object]:
    values = value if isinstance(value, list) else [value]
    return [one.get("name") if isinstance(one, dict) else one for one in values[:_MOST]]


def _last_label(caption: str) -> re.Match[str] | None:
    """Where a caption's credit begins: at its last label, with a colon or behind a bracket."""
    labels = [m for m in _LABEL.finditer(caption) if m[0].rstrip().endswith((":", "©")) or m[0][0] == "("]
    return labels[-1] if labels else None
