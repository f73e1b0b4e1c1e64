"""Paragraphs of a plain text: set off by blank lines, or one a line, or hard-wrapped at a column."""

from __future__ import annotations

from services.cleaner.body import Block
from services.cleaner.prose import ends_sentence
from shared.contracts.text import normalise

# A text is hard-wrapped if no line is longer than mail and terminals wrap at, and nearly every line that another
# follows within its block is about full.
_WRAP_COLUMN = 100
_FULL_LINE = 45
_FULL_SHARE = 0.8


def plain_blocks(text: str) -> list[Block]:
    """The paragraphs, normalised, without line breaks."""
    groups = [group.split("\n") for group in normalise(text).split("\n\n") if group]
    if not _is_wrapped(groups):
        return [Block(line) for group in groups for line in group]
    return [Block(" ".join(lines)) for group in groups for lines in _unwrapped(group)]


def _is_wrapped(groups: list[list[str]]) -> bool:
    inner = [line for group in groups for line in group[:-1]]
    if not inner or max(len(line) for group in groups for line in group) > _WRAP_COLUMN:
        return False
    full = sum(len(line) >= _FULL_LINE for line in inner)
    broken = sum(not ends_sentence(line) for line in inner)
    return full >= _FULL_SHARE * len(inner) and 2 * broken >= len(inner)


def _unwrapped(group: list[str]) -> list[list[str]]:
    """A short line that ends a sentence ends a paragraph, also where no blank line follows."""
    width = max(map(len, group))
    paragraphs: list[list[str]] = [[]]
    for line in group:
        paragraphs[-1].append(line)
        if ends_sentence(line) and len(line) < 0.7 * width:
            paragraphs.append([])
    return [lines for lines in paragraphs if lines]
