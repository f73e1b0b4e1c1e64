"""What the encoder is told of each word beside its pieces: case, quotation marks, boundaries.

The vocabulary knows no upper case, and whether a word stands in marks may be decided hundreds of words before.
These tables belong to the weights: a change here is a change of the model. That is why the abbreviations are
not those of the rules.
"""

from collections.abc import Sequence
from functools import lru_cache

NO_CASE, LOWER, CAPITAL, UPPER, MIXED, DIGIT, MARK = range(7)
OUTSIDE, INSIDE, OPENING, CLOSING = range(4)
WITHIN, SENTENCE, PARAGRAPH = range(3)
CASES, QUOTES, BOUNDARIES = 7, 4, 3

_REMEMBERED = 20_000  # words; some 2 MB

QUOTATION_MARKS = frozenset('"“”„«»')
_CLOSERS = frozenset("\"”»)]'’")
_TERMINALS = frozenset(".!?…")
_ABBREVIATED = """
    mr mrs ms dr sen sens rep reps gov gen st jr sr prof rev lt col sgt capt maj adm hon pres
    jan feb mar apr jun jul aug sep sept oct nov dec inc corp co ltd vs no mt ft fla calif pa va mass ariz
    ill ind mich minn mo tenn tex wash wis conn del ga ky la md miss mont neb nev okla ore vt wyo
"""
_ABBREVIATIONS = frozenset(_ABBREVIATED.split())


@lru_cache(_REMEMBERED)
def case(word: str) -> int:
    """How a word is written. A single capital counts as capitalised, not as upper case."""
    if not word[0].isalnum():
        return MARK
    if any(c.isdigit() for c in word):
        return DIGIT
    if word[0].isupper():
        if len(word) == 1 or word[1:].islower():
            return CAPITAL
        return UPPER if word.isupper() else MIXED
    return LOWER if word == word.lower() else MIXED


def quotes(words: Sequence[str]) -> list[int]:
    """For each word of a paragraph where it stands to quotation marks; at its end nothing stays open."""
    states: list[int] = []
    opened = ""
    for word in words:
        if word not in QUOTATION_MARKS:
            states.append(INSIDE if opened else OUTSIDE)
        elif word in "„«" or (word == "“" and opened != "„") or (word == '"' and not opened):
            opened = word
            states.append(OPENING)
        else:
            opened = ""
            states.append(CLOSING)
    return states


def sentence_starts(words: Sequence[str], gaps: Sequence[bool]) -> list[bool]:
    """Which words of a paragraph begin a sentence. `gaps`: whether white space stands before the word."""
    starts: list[bool] = []
    ended = True  # the paragraph's first word
    for i, word in enumerate(words):
        fresh = not i or (ended and gaps[i] and not word[0].islower())
        starts.append(fresh)
        if word in _TERMINALS:
            ended = word != "." or not i or not _abbreviates(words[i - 1])
        elif fresh or not (ended and word in _CLOSERS):
            ended = False
    return starts


def _abbreviates(word: str) -> bool:
    return word.lower() in _ABBREVIATIONS or (len(word) == 1 and word.isalpha() and word != "I")
