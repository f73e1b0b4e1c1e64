"""Where the content of a mixed claim begins and ends around the quotation that it holds."""

from collections.abc import Sequence

from services.extractor.cue import Cue, Reading, is_adverb
from services.extractor.frame import Token
from services.extractor.lexicon import (
    AUDIENCES,
    AUXILIARIES,
    COMMON_VERBS,
    DETERMINERS,
    OBJECT_PRONOUNS,
    PREPOSITIONS,
    PRONOUNS,
    SUBORDINATORS,
    TIME_LEADS,
    TIMES,
)
from services.extractor.subject import subject_before
from services.extractor.verbs import FORMS, TELLING

_MAX_INTRODUCTION = 16  # tokens between cue and quotation that may only say to whom, when and where
_MAX_SUBJECT = 12  # tokens of a subject that ends a content: "…, the head of the agency said"
_ENDS = frozenset({".", "?", "!", ";", "…", "—", "–", "--"})
_TURNS = frozenset({"according", "which", "who", "but", "although", "though", "while"})


def content_start(tokens: Sequence[Token], cue: Cue, i: int) -> int | None:
    """The token with which the content begins: `i` itself if the words between only introduce it.

    None where the words before the quotation at `i` do not lead to it.
    """
    a = cue.last
    last = tokens[i - 1].low
    if cue.lemma == "according":
        return i if last in {",", ":"} else None
    if a == i or last == ":":
        return i
    if not cue.speaks:
        return a + 1 if tokens[a].low in {"to", "for"} and a + 1 < i else a
    that = next((k for k in range(a, i) if tokens[k].low == "that"), None)
    if that is not None and _introduces(tokens, a, that):
        return that + 1
    if last == "," and _introduces(tokens, a, i - 1):
        return i
    start = a + 1 if tokens[a].text == "," else a
    if start > a and tokens[start].low in SUBORDINATORS:
        return None  # the cue is a side remark: The leak is closed, Smith said, and "…"
    if cue.lemma in TELLING:
        start = past_audience(tokens, start, i)
    return i if _introduces(tokens, start, i) else start


def past_audience(tokens: Sequence[Token], start: int, i: int) -> int:
    """Past those who are told: "told [reporters] the plan was"."""
    if start < i and tokens[start].low in OBJECT_PRONOUNS:
        return start + 1
    k = start + (tokens[start].low in DETERMINERS)
    while k < i and (tokens[k].is_capital or tokens[k].low in AUDIENCES):
        k += 1
    return k if k < i else start


def _introduces(tokens: Sequence[Token], a: int, b: int) -> bool:
    """Whether tokens `a` to `b` only say to whom, when or where it was said."""
    if a >= b:
        return True
    if b - a > _MAX_INTRODUCTION:
        return False
    for k in range(a, b):
        low = tokens[k].low
        if low in SUBORDINATORS - {"and", "as", "after", "before"} or low in PRONOUNS:
            return False
        if k > a and (low in COMMON_VERBS or low in AUXILIARIES - {"to"}):
            return False
    head = tokens[a]
    return (
        head.low in PREPOSITIONS | TIMES | TIME_LEADS | OBJECT_PRONOUNS
        or is_adverb(head)
        or head.text == ","
        or tokens[b - 1].low in AUDIENCES
        or head.is_capital
    )


def is_scare(reading: Reading, start: int, stop: int, least: int) -> bool:
    """Whether all that stands in marks between two tokens is too short, in words, to be somebody's words.

    `least` words are enough for a quotation anywhere; one that ends its clause counts at any length.
    """
    tokens = reading.tokens
    if tokens[stop - 1].quotation is not None:
        return False
    return all(
        len(t.text.split(maxsplit=least)) < least for t in tokens[start:stop] if t.quotation is not None
    )


def runs_on(tokens: Sequence[Token], i: int) -> bool:
    """Whether the clause that the quotation at `i` belongs to goes on behind it: said "no" to the plan."""
    if tokens[i].last in {".", ",", "?", "!", "…"} or i + 1 >= len(tokens):
        return False
    following = tokens[i + 1]
    return following.is_word and following.low not in {"and", "but", "while", "as", "when", "after"}


def content_stop(reading: Reading, i: int) -> int:
    """One past the last token of the content of which the quotation at `i` is a part."""
    tokens = reading.tokens
    stop = i + 1
    while stop < len(tokens):
        token = tokens[stop]
        if token.text in _ENDS or _turns(reading, stop) or _next_predicate(tokens, stop):
            break
        stop += 1
    return stop


def _turns(reading: Reading, stop: int) -> bool:
    """Whether at a comma, or behind a quotation with a comma in it, somebody or something else comes."""
    tokens = reading.tokens
    in_marks = tokens[stop - 1].last == ","
    if tokens[stop].text != "," and not in_marks:
        return False
    first = stop + (tokens[stop].text == ",")
    if first >= len(tokens) or tokens[first].quotation is not None:
        return False
    head = tokens[first]
    if head.low.endswith("ing") or head.low in _TURNS:
        return True
    if (head.low == "and" or in_marks) and all(t.quotation is None for t in tokens[stop + 1 : stop + 6]):
        return True
    return any(
        cue.finite
        and first < cue.first <= first + _MAX_SUBJECT
        and subject_before(tokens, first, cue.first) == (first, cue.first)
        for cue in reading.cues
    )


def _next_predicate(tokens: Sequence[Token], stop: int) -> bool:
    """Whether the cue's own subject goes on with another verb of speech: called it "a mess" and vowed."""
    if tokens[stop].low not in {"and", "but"} or stop + 1 >= len(tokens):
        return False
    verb = FORMS.get(tokens[stop + 1].low)
    return verb is not None and verb.form in {"past", "third"}
