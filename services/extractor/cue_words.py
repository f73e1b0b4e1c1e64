"""What a cue says by itself: its verb, whether it is negated, what weakens it, and whether others pass it on."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from services.extractor.cue import QUOTED_BY_OTHERS
from services.extractor.frame import Token, words
from services.extractor.lexicon import BE, CUE_HEDGES, NEGATIONS
from services.extractor.tagged import Spans
from services.extractor.verbs import FORMS, LEMMAS, PHRASES, REFUSING

_HEDGE = re.compile(r"\b(?:" + "|".join(sorted(CUE_HEDGES, key=len, reverse=True)) + r")\b", re.IGNORECASE)


class CueWords(NamedTuple):
    """`lemma` is empty where there is no verb (a colon, "in the words of"). `negated`: by a refusal too ("declined to
    confirm"). `passes_on`: "cited … as saying", "was quoted", "is reported to have said": the source is quoted by
    somebody else; `passive` where that one is not its subject."""

    lemma: str
    negated: bool = False
    hedges: tuple[str, ...] = ()
    passes_on: bool = False
    passive: bool = False


def cue_words(text: str, spans: Spans) -> CueWords:
    """Read the cue that stands in these spans of the text."""
    tokens = [token for start, end in spans for token in words(text, start, end)]
    lows = [token.low for token in tokens]
    hedges = tuple(dict.fromkeys(m[0].lower() for s, e in spans for m in _HEDGE.finditer(text, s, e)))
    phrase, lemma = _phrase(tokens)
    lemma = lemma or _lemma(tokens)
    negated = any(
        low in NEGATIONS or (low in REFUSING and LEMMAS[low] != lemma)
        for i, low in enumerate(lows)
        if i not in phrase  # "pleaded not guilty" denies, and is not negated
    )
    main = [FORMS[low].lemma for low in lows if low in FORMS]
    passes_on = any(lemma in QUOTED_BY_OTHERS for lemma in main) and (
        any(low in {"saying", "telling", "writing"} for low in lows) or (bool(lows) and lows[0] in BE)
    )
    passive = passes_on and any(low in BE for low in lows)
    return CueWords(lemma, negated, hedges, passes_on, passive)


def _phrase(tokens: Sequence[Token]) -> tuple[range, str]:
    """Which of the tokens are a cue of several words, and its lemma."""
    for i, token in enumerate(tokens):
        for rest, lemma in PHRASES.get(token.low, ()):
            if tuple(t.low for t in tokens[i + 1 : i + 1 + len(rest)]) == rest:
                return range(i, i + 1 + len(rest)), lemma
    return range(0), ""


def _lemma(tokens: Sequence[Token]) -> str:
    """That of the last verb of speech."""
    return next((LEMMAS[token.low] for token in reversed(tokens) if token.low in LEMMAS), "")
