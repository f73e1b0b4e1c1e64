"""A cue behind its quotation: "…," Smith said; "…," said Smith; "…," according to Smith."""

from collections.abc import Sequence

from services.extractor.agent import source_of
from services.extractor.attribution import Attribution, attribution
from services.extractor.cue import Cue, Reading, is_adverb
from services.extractor.frame import Token
from services.extractor.lexicon import (
    COMMON_VERBS,
    DETERMINERS,
    PREPOSITIONS,
    SUBORDINATORS,
)
from services.extractor.phrase import (
    DASHES,
    MAX_SOURCE_TOKENS,
    Extent,
    is_pronoun,
    may_open,
    subject_after,
)
from services.extractor.subject import subject_before

_OPEN_REACH = 8  # tokens from the quotation to a verb that the lexicon does not know
# Words in marks; a shorter quotation in a clause whose cue comes behind it is a scare quote.
MIN_LED_WORDS = 4  # where the quotation ends the clause
MIN_TRAILED_WORDS = 5  # where the clause goes on behind it


def behind(reading: Reading, i: int, lo: int, hi: int) -> Attribution | None:
    """The attribution of the quotation at token `i` by a cue behind it, before token `hi`.

    `lo` is where the clause that the quotation may complete begins.
    """
    tokens = reading.tokens
    first = i + 1
    while first < hi and tokens[first].text in DASHES | {","}:
        first += 1
    if first < hi and tokens[first].low == "as":
        first += 1
    for cue in reading.cues:
        if not first <= cue.first < hi:
            continue
        relative = any(tokens[k].low in {"who", "whose", "which"} for k in range(first, cue.first))
        if cue.lemma != "according" and not (cue.finite and cue.speaks):
            if relative:
                continue
            return None
        source = _source(tokens, cue, first, hi)
        if source is None:
            if relative:
                continue
            return None
        return _with_lead(reading, i, lo, "behind", cue, source_of(cue, source))
    return _unknown_verb(reading, i, first, lo, hi)


def trailed(reading: Reading, i: int, lo: int) -> Attribution | None:
    """The clause around the quotation at `i`, by a cue that ends the sentence: It was "…" at best, Smith said."""
    tokens = reading.tokens
    if len(tokens[i].text.split(maxsplit=MIN_TRAILED_WORDS)) < MIN_TRAILED_WORDS:
        return None
    for cue in reversed(reading.cues):
        if cue.first <= i + 1 or not (cue.finite and cue.speaks):
            continue
        comma = next((k for k in range(cue.first - 1, i, -1) if tokens[k].text == ","), None)
        if comma is None:
            comma = next((k for k in range(cue.first - 1, i, -1) if tokens[k].last == ","), None)
        if comma is None or comma + 1 >= len(tokens):
            return None
        source = subject_before(tokens, comma + 1, cue.first)
        if cue.first == comma + 1:
            source = subject_after(tokens, cue.last, len(tokens))
        elif source is None or source[0] != comma + 1:
            return None
        if source is None:
            return None
        stop = tokens[comma].end if tokens[comma].quotation is not None else tokens[comma - 1].end
        return attribution("trailed", reading, cue, source, [(tokens[lo].start, stop)])
    return None


def _source(tokens: Sequence[Token], cue: Cue, first: int, hi: int) -> Extent | None:
    if cue.first == first:
        return subject_after(tokens, cue.last, hi)
    if cue.lemma == "according":
        return None
    source = subject_before(tokens, first, cue.first)
    if source is not None and source[0] == first:
        return source
    return _whole(tokens, first, cue.first)


def _whole(tokens: Sequence[Token], lo: int, hi: int) -> Extent | None:
    """All that stands between quotation and cue, where no single phrase does: "Smith, head of tax, tariffs
    and trade, said", "the senator and Republican candidate said"."""
    closed = False
    while hi > lo and (is_adverb(tokens[hi - 1]) or tokens[hi - 1].text == ","):
        closed = closed or tokens[hi - 1].text == ","
        hi -= 1
    if not 0 < hi - lo <= MAX_SOURCE_TOKENS:
        return None
    head = tokens[lo]
    if not (head.is_capital or head.low in DETERMINERS) or head.low in SUBORDINATORS | PREPOSITIONS:
        return None
    for token in tokens[lo:hi]:
        if token.low in {"who", "whose"}:
            return (lo, hi) if closed else None
        if token.quotation is not None or token.low in COMMON_VERBS or is_pronoun(token):
            return None
    return lo, hi


def _unknown_verb(reading: Reading, i: int, first: int, lo: int, hi: int) -> Attribution | None:
    """ "…," he fumed; "…," beamed Smith: behind a comma in the marks, any past form may report speech."""
    tokens = reading.tokens
    if tokens[i].last not in {",", "?", "!"}:
        return None
    for k in range(first, min(first + _OPEN_REACH, hi)):
        verb = tokens[k]
        if verb.quotation is not None or verb.low in COMMON_VERBS:
            return None
        if verb.is_capital or not verb.low.endswith("ed") or len(verb.low) < 5:
            continue
        cue = Cue(k, k + 1, verb.low, True, True, False)
        if k == first:
            if k + 1 < hi and tokens[k + 1].is_capital and may_open(tokens[k + 1]):
                source = subject_after(tokens, k + 1, hi)
                return source and _with_lead(reading, i, lo, "behind-open", cue, source)
            return None
        source = subject_before(tokens, first, k)
        after = tokens[k + 1] if k + 1 < hi else None
        if source is None or source[0] != first:
            return None
        if after is None or after.text in {".", ","} or after.low in PREPOSITIONS:
            return _with_lead(reading, i, lo, "behind-open", cue, source)
        return None
    return None


def _with_lead(reading: Reading, i: int, lo: int, rule: str, cue: Cue, source: Extent) -> Attribution | None:
    """The quotation alone, or with the clause before it that it completes: It was "a mess," Smith said."""
    tokens = reading.tokens
    quotation = tokens[i]
    if not any(token.is_word for token in tokens[lo:i]):
        return attribution(rule, reading, cue, source, [(quotation.start, quotation.end)])
    if len(quotation.text.split(maxsplit=MIN_LED_WORDS)) < MIN_LED_WORDS:
        return None
    content = [(tokens[lo].start, quotation.end)]
    return attribution(rule + "-lead", reading, cue, source, content)
