"""A colon that alone says whose a quotation is: her letter is one line long: “…”; the mayor: “…”.

The colon is the cue then, and the source the subject of the clause before it, or all that stands there.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from services.extractor.attribution import Attribution, attribution
from services.extractor.clause import has_verb, is_clause
from services.extractor.cue import Cue, Reading
from services.extractor.frame import Token
from services.extractor.lexicon import (
    BIDDING,
    DOCUMENT_NOUNS,
    NOMINAL,
    ORGANISATION_NOUNS,
    PERSON_NOUNS,
    PREPOSITIONS,
)
from services.extractor.phrase import CONTRACTED, DASHES, Extent, is_pronoun, subject_after
from services.extractor.subject import clause_subject

_NOBODY = frozenset({"it", "there", "this", "that", "you", "one", "nobody", "who", "which"})
_LEADS = frozenset(
    {"from", "more", "and", "but", "then", "again", "here's", "likewise", "similarly", "instead"}
)
_COORDINATORS = frozenset({"but", "and", "while", "then"})
_SPEAKERS = PERSON_NOUNS | ORGANISATION_NOUNS | DOCUMENT_NOUNS
_MOST_LABEL = 14  # tokens of what stands before a colon without any verb


def coloned(reading: Reading, lo: int, colon: int) -> Attribution | None:
    """Whose the quotation behind the colon at a token is; the content is still to come. `lo`: where its clause
    begins."""
    tokens = reading.tokens
    if not lo < colon or tokens[colon].text != ":":
        return None
    if any(token.quotation is not None for token in tokens[lo:colon]):
        return None
    start = _last_clause(tokens, lo, colon)
    if start + 2 < colon and tokens[start + 1].text == "," and tokens[start].low in _LEADS:
        start += 2
    clause = tokens[start:colon]
    who = clause_subject(clause, len(clause)) if has_verb(clause) else _label(clause)
    if who is None or not _speaks(clause[slice(*who)]):
        return None
    cue = Cue(colon, colon + 1, ":", True, True, False)
    return attribution("coloned", reading, cue, (start + who[0], start + who[1]), [])


def _last_clause(tokens: Sequence[Token], lo: int, colon: int) -> int:
    """Where the clause begins that the colon ends: "…, but [he gave her a compliment]:", "Upset - [Ida Lund]:"."""
    dash = max((k + 1 for k in range(lo, colon) if tokens[k].text in DASHES), default=lo)
    if dash > lo and not has_verb(tokens[dash:colon]):
        return dash
    for k in range(colon - 2, lo, -1):
        if tokens[k].low in _COORDINATORS and tokens[k - 1].text == "," and is_clause(tokens[:colon], k + 1):
            return k + 1
    return lo


def _label(tokens: Sequence[Token]) -> Extent | None:
    """All of a clause without a verb, but for what leads to it: "More from [Jones]:"."""
    start = 0
    while start < len(tokens) and tokens[start].low in _LEADS:
        start += 1
    return subject_after(tokens, start, len(tokens)) if len(tokens) - start <= _MOST_LABEL else None


def _speaks(who: Sequence[Token]) -> bool:
    """Whether this can be a source: a person, a body, a document, or anything with a name."""
    if is_pronoun(who[0]):
        return who[0].low not in _NOBODY
    if who[0].low in BIDDING or CONTRACTED.fullmatch(who[0].low):
        return False  # "See: “What is a list?”", "Here's Ida: …"
    core = list(takewhile(lambda token: token.low not in PREPOSITIONS, who))
    return any(
        token.low in _SPEAKERS or (token.is_capital and (n or token.low not in NOMINAL))
        for n, token in enumerate(core)
    )
