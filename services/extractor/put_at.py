"""Who puts what at how much: "The Red Crescent put the number of dead at 52"."""

from __future__ import annotations

from collections.abc import Sequence

from services.extractor.attribution import Attribution, attribution
from services.extractor.cue import Cue, Reading
from services.extractor.figures.conventions import CURRENCIES, ONES, PLURALS, VAGUE
from services.extractor.frame import Token
from services.extractor.lexicon import ADVERBS, AUXILIARIES
from services.extractor.subject import subject_before
from services.extractor.tagged import meet
from shared.contracts.parts import Span

_REACH = 12  # tokens between "put" and "at"
_HEDGED = (
    "about around nearly almost roughly some only just least most more less than between up to a an the close"
)
_BEFORE_NUMBER = frozenset(_HEDGED.split())
_COUNTS = ONES.keys() | VAGUE.keys() | PLURALS.keys() | CURRENCIES.keys()
_ENDS = frozenset({".", ",", ";", "?", "!", "—", "–", "--"})


def put_at(reading: Reading, taken: Sequence[Span]) -> list[Attribution]:
    """The estimate of a sentence, if it makes one. `taken`: what other attributions have as cue or content."""
    tokens = reading.tokens
    for k, token in enumerate(tokens):
        if token.low not in {"put", "puts"} or not k:
            continue
        at = next((m for m in range(k + 2, min(k + _REACH, len(tokens))) if tokens[m].low == "at"), None)
        if at is None or not _is_number(tokens, at + 1):
            continue
        first = k
        while first and (tokens[first - 1].low in AUXILIARIES - {"to"} or tokens[first - 1].low in ADVERBS):
            first -= 1
        who = subject_before(tokens, 0, first)
        stop = next((m for m in range(at + 1, len(tokens)) if tokens[m].text in _ENDS), len(tokens))
        content = (tokens[k + 1].start, tokens[stop - 1].end)
        if who is None or meet([content], taken):
            continue
        return [attribution("put-at", reading, Cue(first, k + 1, "put", True, True, False), who, [content])]
    return []


def _is_number(tokens: Sequence[Token], at: int) -> bool:
    while at < len(tokens) and tokens[at].low in _BEFORE_NUMBER:
        at += 1
    return at < len(tokens) and (tokens[at].text[0].isdigit() or tokens[at].low.partition("-")[0] in _COUNTS)
