"""What a figure counts: the noun phrase behind it.

Without a parser: a phrase runs to the first word that cannot stand in one, and ends with its plural head, so that
"300 Defense Ministry and corporate security company officers in Caracas" gives everything before "in".
"""

from __future__ import annotations

from collections.abc import Sequence

from services.extractor import lexicon
from services.extractor.figures.conventions import PLURAL_NOUNS, STOPS
from services.extractor.figures.words import Word, word_at

Phrase = tuple[int, int]
LONGEST = 8  # words of a phrase; beyond that it is a clause
_SINGULAR_LONGEST = 3
_STOPS = (
    lexicon.PREPOSITIONS
    | lexicon.AUXILIARIES
    | lexicon.RELATIVES
    | lexicon.SUBORDINATORS
    | lexicon.DETERMINERS
    | lexicon.PRONOUNS
    | lexicon.OBJECT_PRONOUNS
    | lexicon.NEGATIONS
    | lexicon.TIMES
    | STOPS
)
_NO_PLURALS = ("ss", "us", "is", "'s", "’s")


def noun_phrase(words: Sequence[Word], at: int, *, singular: bool = False) -> int:
    """The end of the phrase that begins with ``words[at]``; ``at`` itself where there is none."""
    end, head = at, at
    while end < min(len(words), at + LONGEST) and stands(words, end):
        if _is_plural(words[end].low) and not _is_name(words, end):
            head = end + 1
        elif head > at:
            break
        end += 1
    if head > at:
        return head
    if word_at(words, end) == "and" and end > at:
        behind = noun_phrase(words, end + 1)
        return behind if behind > end + 1 and behind - at <= LONGEST else at
    if not singular or end == at:
        return at
    nouns = lexicon.PERSON_NOUNS | lexicon.ORGANISATION_NOUNS | lexicon.DOCUMENT_NOUNS
    while at < end - 1 and words[at].is_capital:
        at += 1  # "one Napa County [reporting station]"
    for place in range(at, min(end, at + _SINGULAR_LONGEST)):
        if words[place].low in nouns:
            return place + 1
    return end if end - at <= _SINGULAR_LONGEST else at + 1


def past_of(words: Sequence[Word], at: int) -> int:
    """Past "of the", "of all the"; ``at`` where no "of" stands there."""
    return past_determiners(words, at + 1) if word_at(words, at) == "of" else at


def past_determiners(words: Sequence[Word], at: int) -> int:
    """Past "the", "all the", "their"."""
    while word_at(words, at) in lexicon.DETERMINERS | {"the"}:
        at += 1
    return at


def stands(words: Sequence[Word], at: int) -> bool:
    """Whether the word can be part of a phrase that names what is counted."""
    word = words[at]
    return word.low[0].isalpha() and not word.is_number and word.low not in _STOPS


def _is_name(words: Sequence[Word], at: int) -> bool:
    """ "two [United States] service members": a country within the phrase, whose plural is not what is counted."""
    named = words[at].low in {"states", "nations"} and word_at(words, at - 1) == "united"
    return named and at + 1 < len(words) and stands(words, at + 1)


def _is_plural(word: str) -> bool:
    if word.endswith("men"):
        return True
    return word in PLURAL_NOUNS or (len(word) > 3 and word.endswith("s") and not word.endswith(_NO_PLURALS))
