"""Noun phrases at an offset, and the sentence around one: what the structural layer needs of the rules' reading."""

import re

from services.extractor.frame import TERMINALS, Token, words
from services.extractor.lexicon import ABBREVIATIONS
from services.extractor.phrase import next_mark, phrase_end, subject_after
from services.extractor.subject import subject_before
from shared.contracts.parts import Span

_STOP = re.compile(r"(\w*)[.?!…][”\"’)]*\s+(?=[A-Z“\"‘„«0-9])")
_LONGEST = 600  # characters of a sentence; a longer one begins where the reading of it does
_BEFORE = 300  # characters looked at; the longest annotated source has about 250
_AFTER = 300


def noun_phrase_before(text: str, end: int) -> Span | None:
    """The noun phrase that ends right before an offset, within its sentence."""
    start = sentence_start(text, end)
    tokens = words(text, max(start, end - _BEFORE), end)
    found = subject_before([*tokens, _END], 0, len(tokens)) if tokens else None
    return (tokens[found[0]].start, tokens[found[1] - 1].end) if found else None


def noun_phrase_after(text: str, start: int, until: int | None = None) -> Span | None:
    """The noun phrase that begins at an offset, with what qualifies it ("a source close to the ministry")."""
    stop = min(len(text), start + _AFTER) if until is None else until
    line = text.find("\n", start, stop)
    tokens = words(text, start, line if line >= 0 else stop)
    ends = (i for i, t in enumerate(tokens[:-1]) if t.text in TERMINALS and tokens[i + 1].text[:1].isupper())
    tokens = tokens[: next(ends, len(tokens))]
    if not tokens or subject_after(tokens, 0, len(tokens)) is None:
        return None
    last = phrase_end(tokens, 0, len(tokens))
    while last < len(tokens) and tokens[last].low in _QUALIFIERS:
        last = next_mark(tokens, last + 1, len(tokens))
    return tokens[0].start, tokens[last - 1].end


_QUALIFIERS = frozenset({"close", "familiar", "briefed", "with", "who", "in", "of"})
_END = Token(0, 0, "said", "said")


def sentence_start(text: str, at: int) -> int:
    """Where the sentence begins in which an offset lies; never before its paragraph."""
    begin = max(text.rfind("\n", 0, at) + 1, at - _LONGEST)
    start = begin
    for match in _STOP.finditer(text, begin, at + 1):
        if match[1].lower() not in ABBREVIATIONS and len(match[1]) > 1:
            start = match.end()
    return start


_CLAUSE = re.compile(r"(?:^|[.!?:\n]\s*[“\"‘]?|[”\"’]\s*|\n)(?:[\w’'.-]+\s+){0,4}$")
_PREDICATE = re.compile(
    r"\s(?:has|had|is|was|will|would|could|did|does|denied|said|says|told|[a-z]+ed)\b|[,;:.]"
)


def opens_clause(text: str, at: int) -> bool:
    """Whether only a few words stand between the beginning of a clause and the offset."""
    return _CLAUSE.search(text[max(0, at - 60) : at]) is not None


def first_phrase(opening: str) -> int:
    """Where the first phrase of a sentence ends."""
    found = _PREDICATE.search(opening)
    return found.start() if found else min(len(opening), 40)


def is_heading(text: str, at: int) -> bool:
    """Whether the line there is no sentence: it ends in a letter or a digit."""
    end = text.find("\n", at)
    return end >= 0 and text[at:end].rstrip()[-1:].isalnum()


def is_value(said: str) -> bool:
    """Whether this, with its marks, is the name of a thing: "/var/log/kiln", "text/html", "honeycomb"; one word that
    is said ("No", "never!") opens with a capital or ends a sentence."""
    inner = said.strip("\"'“”‘’«»„ ")
    return not inner[:1].isupper() and inner[-1:] not in TERMINALS and not any(map(str.isspace, inner))


def is_quoted(text: str, at: int) -> bool:
    """Whether more quotations begin than end before the offset in its paragraph."""
    before = text[text.rfind("\n", 0, at) + 1 : at]
    return before.count("“") > before.count("”") or before.count('"') % 2 == 1
