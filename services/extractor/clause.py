"""Where a clause begins, as far as words alone tell: a subject and a finite verb, behind whatever only says when."""

from collections.abc import Sequence

from services.extractor.cue import is_adverb
from services.extractor.frame import Token, words
from services.extractor.lexicon import (
    AUXILIARIES,
    COMMON_VERBS,
    DETERMINERS,
    PRONOUNS,
    SUBORDINATORS,
    TIME_LEADS,
    TIMES,
    TIMES_OF_DAY,
)
from services.extractor.phrase import may_open, phrase_end
from services.extractor.verbs import FORMS


def has_verb(tokens: Sequence[Token]) -> bool:
    return any(is_finite(tokens[i], tokens[i - 1] if i else None) for i in range(len(tokens)))


def says(text: str) -> bool:
    """Whether the words hold a verb: "the president's orders on guns" is a topic, of which many have much to say."""
    return has_verb(words(text, 0, len(text)))


def is_finite(token: Token, before: Token | None) -> bool:
    low = token.low
    if low in AUXILIARIES and low != "to":
        return True
    if before is not None and (before.low in DETERMINERS or before.low == "to"):
        return False
    if token.is_capital or not token.is_word:
        return False
    return (
        low in COMMON_VERBS
        or (low in FORMS and FORMS[low].form in {"past", "third"})
        or (len(low) > 4 and low.endswith("ed"))
    )


def only_when(tokens: Sequence[Token], a: int, b: int) -> bool:
    return all(
        tokens[k].quotation is None
        and tokens[k].text not in {";", ":", "."}
        and tokens[k].low not in SUBORDINATORS - {"and", "as"}
        and (tokens[k].low not in COMMON_VERBS | (AUXILIARIES - {"to"}))
        for k in range(a, b)
    )


def past_when(tokens: Sequence[Token], at: int) -> int:
    """Past "on Thursday", "last week", "Tuesday night"."""
    start = at
    while at < len(tokens) - 1:
        low = tokens[at].low
        if low in {"on", "in", "at"} and tokens[at + 1].low in TIMES | TIME_LEADS:
            at += 2
        elif low in TIMES or (low in TIME_LEADS and tokens[at + 1].low in TIMES_OF_DAY | TIMES):
            at += 1 + (low in TIME_LEADS)
        elif (low in TIMES_OF_DAY and at > start) or (at > start and is_adverb(tokens[at])):
            at += 1
        else:
            break
    return at


def is_clause(tokens: Sequence[Token], start: int) -> bool:
    """Whether a subject and its verb begin here."""
    head = tokens[start]
    if head.low in PRONOUNS | {"there", "this", "these", "those", "that"}:
        return start + 1 < len(tokens) and any(is_finite(t, None) for t in tokens[start + 1 : start + 4])
    if head.quotation is not None or not (may_open(head) or head.low in DETERMINERS | {"no"}):
        return False
    stop = phrase_end(tokens, start, len(tokens))
    if stop >= len(tokens) or stop == start:
        return False
    return any(
        is_finite(tokens[k], tokens[k - 1])
        for k in range(start + 1, min(max(stop, start + 2) + 8, len(tokens)))
    )
