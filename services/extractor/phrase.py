"""What a noun phrase is made of, as far as words alone tell, and the phrase that begins at a token.

There is no parser here. News writing puts the speaker right beside the cue, so a phrase is found by what
cannot be part of it: verbs, conjunctions, pronouns, circumstances of time and place.
"""

import re
from collections.abc import Sequence

from services.extractor.cue import is_adverb
from services.extractor.frame import Token
from services.extractor.lexicon import (
    ADVERBS,
    AUXILIARIES,
    CIRCUMSTANCES,
    COMMON_VERBS,
    DETERMINERS,
    PREPOSITIONS,
    PRONOUNS,
    RELATIVES,
    SOURCE_LINKS,
    SUBORDINATORS,
    TIME_LEADS,
    TIMES,
    TIMES_OF_DAY,
)
from services.extractor.verbs import FORMS

Extent = tuple[int, int]  # token indices, end exclusive

MAX_SOURCE_TOKENS = 45  # the longest annotated sources run to about forty words, with their appositions
MAX_BRACKET_TOKENS = 12  # "(R-Fla.)", "(not his real name)"
DASHES = frozenset({"-", "–", "—", "--"})
INSIDE_NAMES = frozenset(".&'’-‑$%#@/")
_COUNTS = frozenset({"one", "some", "many", "others", "most", "both", "another"})
_EMPTY = (DETERMINERS - _COUNTS) | TIMES | RELATIVES | ADVERBS | PREPOSITIONS | AUXILIARIES | COMMON_VERBS
_FINITE = AUXILIARIES - {"to"}
_OPENING = DETERMINERS - {"one", "two", "three", "other"}
_BEFORE_DETERMINERS = DETERMINERS | {"and", "or"}
_NOT_LAST = DETERMINERS - {"one", "others"}
_CLAUSE_MARKS = frozenset({",", ";", ":", ".", "?", "!", "—", "–", "--"})


# A pronoun with its verb, or a word that points to something: "I'll", "here's", "let's".
CONTRACTED = re.compile(r"(here|let|that|there|what|he|i|it|she|they|we|you)'(?:d|ll|m|re|s|ve)")


def is_pronoun(token: Token) -> bool:
    """Whether the token is a whole source by itself; "one" begins longer ones ("one of the aides")."""
    return token.low in PRONOUNS and token.low != "one"


def may_open(token: Token) -> bool:
    """Whether a noun phrase can begin with the token."""
    if token.quotation is not None or not (token.is_word or token.text in "@#"):
        return False
    low = token.low
    if low in PREPOSITIONS or low in SUBORDINATORS or low in TIMES or low in AUXILIARIES:
        return False
    return not is_adverb(token)


def names_somebody(tokens: Sequence[Token]) -> bool:
    """Whether any word among the tokens can be what a source is called."""
    return any(token.is_word and token.low not in _EMPTY for token in tokens)


def is_apposition(tokens: Sequence[Token]) -> bool:
    """Whether the words between two commas say who somebody is, and not when, where or how."""
    if not tokens:
        return False
    head, low = tokens[0], tokens[0].low
    if low in {"who", "whose"}:
        return len(tokens) > 2
    if low in {"then", "now"}:
        return len(tokens) > 1
    if low in PREPOSITIONS or low in SUBORDINATORS or low in TIMES or is_adverb(head):
        return False
    if head.is_capital:
        return True
    if low.endswith("ing") or low in {"clad", "born", "known", "seen"}:
        return False
    return not (len(tokens) > 1 and low.endswith("ed"))


def bracket_before(tokens: Sequence[Token], lo: int, closing: int) -> int | None:
    """The index of the bracket that the one at `closing` closes."""
    for i in range(closing - 1, max(lo, closing - MAX_BRACKET_TOKENS) - 1, -1):
        if tokens[i].text == "(":
            return i
    return None


def subject_after(tokens: Sequence[Token], lo: int, hi: int) -> Extent | None:
    """The noun phrase that begins at `lo`, with its appositions: "said [John Smith, a farmer from Ohio]"."""
    if lo >= hi:
        return None
    if is_pronoun(tokens[lo]):
        return lo, lo + 1
    if not may_open(tokens[lo]):
        return None
    core = phrase_end(tokens, lo, hi)
    if core == lo or not names_somebody(tokens[lo:core]):
        return None
    stop = core
    while stop + 1 < hi and tokens[stop].text == ",":
        end = next_mark(tokens, stop + 1, hi)
        if not is_apposition(tokens[stop + 1 : end]):
            break
        stop = end
    return (lo, stop) if stop - lo <= MAX_SOURCE_TOKENS else (lo, core)


def next_mark(tokens: Sequence[Token], i: int, hi: int) -> int:
    """The next comma, stop, dash or quotation from `i` on, or `hi`."""
    while i < hi and tokens[i].quotation is None and tokens[i].text not in _CLAUSE_MARKS:
        i += 1
    return i


def phrase_end(tokens: Sequence[Token], lo: int, hi: int) -> int:
    """One past the last token of the noun phrase that begins at `lo`, without appositions."""
    i = lo
    while i < hi:
        token = tokens[i]
        if token.quotation is not None:
            break
        if token.text == "(":
            closing = next(
                (k for k in range(i, min(i + MAX_BRACKET_TOKENS, hi)) if tokens[k].text == ")"), None
            )
            if closing is None:
                break
            i = closing
        elif not token.is_word and token.text not in INSIDE_NAMES:
            break
        elif i > lo and _ends_phrase(tokens, i, hi):
            # A determiner right behind a small word: that word was the verb ("the court struck the law").
            i -= token.low in DETERMINERS and token.low != "one" and not tokens[i - 1].is_capital
            break
        i += 1
    while i - 1 > lo and (tokens[i - 1].low in PREPOSITIONS or tokens[i - 1].low in _NOT_LAST):
        i -= 1
    return i - 1 if i > lo and tokens[i - 1].text == "." else i


def _ends_phrase(tokens: Sequence[Token], i: int, hi: int) -> bool:
    token, before = tokens[i], tokens[i - 1]
    low = token.low
    if low in {"and", "or"}:
        return not _goes_on(before, tokens[i + 1] if i + 1 < hi else None)
    if low in SUBORDINATORS or low in _FINITE or low in COMMON_VERBS:
        return True
    if low in TIMES and before.low not in DETERMINERS:
        return True
    if low in TIME_LEADS and i + 1 < hi and (tokens[i + 1].low in TIMES_OF_DAY or tokens[i + 1].low in TIMES):
        return True
    if low in _OPENING and before.is_word:
        return before.low not in PREPOSITIONS and before.low not in _BEFORE_DETERMINERS
    if low in PREPOSITIONS:
        if low not in SOURCE_LINKS or is_circumstance(tokens, i, hi):
            return True
        return low in {"in", "on", "to", "with"} and before.is_capital
    if token.is_capital or not token.is_word:
        return False
    return is_adverb(token) or (low in FORMS and FORMS[low].form in {"third", "ing"})


def _goes_on(before: Token, following: Token | None) -> bool:
    """Whether an "and" between these two joins parts of one phrase."""
    if following is None or is_pronoun(following) or not following.is_word:
        return False
    return before.is_capital == following.is_capital or following.low in DETERMINERS


def is_circumstance(tokens: Sequence[Token], i: int, hi: int) -> bool:
    """Whether the preposition at `i` opens a time or an occasion ("in an interview", "on Friday")."""
    for k in range(i + 1, min(i + 6, hi)):
        low = tokens[k].low
        if low in TIMES or (low.isdigit() and len(low) == 4):
            return True
        if tokens[i].low in {"in", "on", "at", "during", "to", "with"} and low in CIRCUMSTANCES:
            return True
        if low in PREPOSITIONS or not tokens[k].is_word:
            return False
    return False
