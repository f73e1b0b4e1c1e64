"""Quotations in single marks, as most British papers write them: ‘…’, with “…” inside.

The closing mark is the apostrophe too. Within a word it is one; at a word's end it closes if punctuation stands on one
side of it, and otherwise only if no better one comes before the next opening mark.
"""

import re
from collections.abc import Iterator

_MARK = re.compile("[‘’]")
_DOUBLE = re.compile('[“"]')
_PUNCTUATION = frozenset(".,;:?!…)—–")


def is_single(text: str) -> bool:
    """Whether the text quotes in single marks: more of them open than double ones stand there at all."""
    opening = sum(1 for match in _MARK.finditer(text) if match[0] == "‘" and _opens(text, match.start()))
    return opening > len(_DOUBLE.findall(text))


def _opens(text: str, at: int) -> bool:
    before = text[at - 1] if at else " "
    after = text[at + 1] if at + 1 < len(text) else " "
    return not before.isalnum() and not after.isspace() and after not in ",.;:’"


def pairs(text: str, start: int, end: int) -> Iterator[tuple[int, int | None]]:
    """The opening mark of each quotation of a paragraph and one past its closing one; None where nothing closes."""
    opened: int | None = None
    fallback: int | None = None
    for match in _MARK.finditer(text, start, end):
        at = match.start()
        if match[0] == "‘":
            if opened is not None and fallback is not None and _opens(text, at):
                yield opened, fallback + 1
                opened = fallback = None
            if opened is None and _opens(text, at):
                opened, fallback = at, None
            continue
        if opened is None or at == opened + 1:
            continue
        before, after = text[at - 1], text[at + 1] if at + 1 < end else " "
        if after.isalnum():
            continue
        if before in _PUNCTUATION or after in _PUNCTUATION or before in '”"' or at + 1 >= end:
            yield opened, at + 1
            opened = fallback = None
        else:
            fallback = at
    if opened is not None:
        yield opened, fallback + 1 if fallback is not None else None
