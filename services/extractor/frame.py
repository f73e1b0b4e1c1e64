"""A paragraph as a row of tokens in which each quotation is one token, cut into sentences.

The frame is what the rules read: whatever stands in marks cannot mislead them, and a sentence that is
spoken within a quotation does not end the sentence around it.
"""

import re
from typing import NamedTuple

from services.extractor.lexicon import ABBREVIATIONS
from services.extractor.marks import Paragraph, Quotation

# Each alternative consumes what it looks at, so that tokenising is linear in any text.
_TOKEN = re.compile(
    r"\d[\d.,]*\d|[^\W_]+(?:(?:[&'’\-‑]|\.(?=[a-z]|[^\W_]\b))[^\W_]+)*['’]?|--+|\.\.+|[^\w\s]|_"
)
_INITIALS = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_]$")
# The rules look back and forth within a sentence, so its length bounds their work. Quotations count as one
# token; the longest sentence of 840 news articles has 220.
MAX_SENTENCE_TOKENS = 250
TERMINALS = frozenset({".", "?", "!", "…"})
_CLOSING = frozenset({")", "]", '"', "”"})


class Token(NamedTuple):
    """A word, a punctuation mark or a whole quotation; offsets into the text, end exclusive."""

    start: int
    end: int
    text: str
    low: str
    quotation: Quotation | None = None
    last: str = ""  # of a quotation: its last character within the marks

    @property
    def is_word(self) -> bool:
        return self.quotation is None and self.text[:1].isalnum()

    @property
    def is_capital(self) -> bool:
        return self.quotation is None and self.text[:1].isupper()


def words(text: str, start: int, end: int) -> list[Token]:
    """The words and marks between two offsets; an abbreviation keeps its full stop."""
    found: list[Token] = []
    for match in _TOKEN.finditer(text, start, end):
        piece = match[0]
        first, stop = match.span()
        low = piece.lower().replace("’", "'")
        if piece == "." and found:
            last = found[-1]
            if last.end == first and (last.low in ABBREVIATIONS or _INITIALS.match(last.text)):
                found.pop()
                first, piece, low = last.start, last.text + ".", last.low + "."
        found.append(_token(Token, (first, stop, piece, low, None, "")))
    return found


# Past the constructor, which takes a quarter of the time here: each word of a text is read several times.
_token = tuple.__new__


def frame(text: str, paragraph: Paragraph, quotations: tuple[Quotation, ...]) -> list[Token]:
    """The paragraph's tokens with each of the given quotations folded into one."""
    tokens: list[Token] = []
    at = paragraph.start
    for quotation in quotations:
        tokens += words(text, at, quotation.start)
        marked = text[quotation.start : quotation.end]
        inner = marked[1:-1] if quotation.closed else marked[1:]
        last = inner.rstrip(" '’")[-1:]
        tokens.append(Token(quotation.start, quotation.end, marked, "", quotation, last))
        at = quotation.end
    return tokens + words(text, at, paragraph.end)


def sentences(tokens: list[Token]) -> list[tuple[Token, ...]]:
    """Cut at full stops and at quotations that end with one, unless the sentence visibly goes on."""
    found: list[tuple[Token, ...]] = []
    current: list[Token] = []
    for i, token in enumerate(tokens):
        current.append(token)
        following = tokens[i + 1] if i + 1 < len(tokens) else None
        if following is None:
            break
        before = tokens[i - 1] if i else None
        if len(current) < MAX_SENTENCE_TOKENS and not _ends(token, following, before):
            continue
        found.append(tuple(current))
        current = []
    if current:
        found.append(tuple(current))
    return found


def _ends(token: Token, following: Token, before: Token | None) -> bool:
    text = token.text
    if token.quotation is None and not (text in TERMINALS or text in _CLOSING or text.startswith("..")):
        return False
    fresh = following.quotation is not None or following.is_capital or following.text[:1].isdigit()
    if token.quotation is None:
        if text in _CLOSING:
            return before is not None and before.text in TERMINALS and fresh
        if following.text in _CLOSING:
            return False
        return fresh or following.text in {"(", "[", "-", "—", "–", "•", "*"}
    if token.last == "." or token.last == "…":
        return fresh
    if token.last in {"?", "!"}:
        return following.quotation is not None
    return following.quotation is not None and token.last not in {",", ""} and following.text[1:2].isupper()
