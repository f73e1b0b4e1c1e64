"""The words, numbers and signs of a content, with their offsets into the text of the article."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

# A number with its separators; a word, hyphens and apostrophes inside; or any one sign.
_WORD = re.compile(
    r"""
    (?P<number> \d{1,3}(?:[,\u00a0\u202f]\d{3})+(?!\d)(?:\.\d+)? | \d+(?:[.,]\d+)? )
    | (?P<word> (?:us)?\$ | °(?:[CF](?!\w))? | [℃℉] | (?-i:(?:[A-Z]\.){2,}) | [^\W\d_]+(?:[-'’][^\W_]+)* )
    | (?P<sign> \S )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_LONGEST_NUMBER = 30  # characters; more count nothing, and no float holds them
_QUOTES = frozenset("“”\"„«»‘’'")


class Word(NamedTuple):
    """``low`` is the word in lower case; ``start`` and ``end`` are code points of the article's text."""

    low: str
    start: int
    end: int
    is_number: bool
    is_capital: bool


def words_of(text: str, start: int, end: int) -> list[Word]:
    """The words of ``text[start:end]``, quotation marks left out."""
    return [
        Word(
            word.lower(),
            *found.span(),
            found.lastgroup == "number" and len(word) <= _LONGEST_NUMBER,
            word[0].isupper(),
        )
        for found in _WORD.finditer(text, start, end)
        if (word := found[0]) not in _QUOTES
    ]


def touch(words: Sequence[Word], at: int) -> bool:
    """Whether nothing stands between ``words[at]`` and the next."""
    return 0 <= at < len(words) - 1 and words[at].end == words[at + 1].start


def word_at(words: Sequence[Word], at: int) -> str:
    """The word there in lower case; empty beyond either end."""
    return words[at].low if 0 <= at < len(words) else ""


def led_by(words: Sequence[Word], at: int, phrases: Iterable[tuple[str, ...]]) -> int:
    """How many words the longest of these phrases has that ends right before ``at``; 0 where none does."""
    return max(
        (len(p) for p in phrases if tuple(word.low for word in words[max(0, at - len(p)) : at]) == p),
        default=0,
    )
