"""The subject of a cue: the noun phrase that ends right before it, or that opens its clause."""

from collections.abc import Sequence

from services.extractor.cue import is_adverb
from services.extractor.frame import Token
from services.extractor.lexicon import (
    AUXILIARIES,
    COMMON_VERBS,
    DETERMINERS,
    OBJECT_PRONOUNS,
    OPENING_CLAUSES,
    PREPOSITIONS,
    SUBORDINATORS,
    TIME_LEADS,
    TIMES,
    TIMES_OF_DAY,
)
from services.extractor.phrase import (
    DASHES,
    INSIDE_NAMES,
    MAX_SOURCE_TOKENS,
    Extent,
    bracket_before,
    is_apposition,
    is_pronoun,
    may_open,
    names_somebody,
    next_mark,
    phrase_end,
)
from services.extractor.verbs import FORMS

_DATELINE_REACH = 14  # tokens: "WASHINGTON, Aug. 24 (UPI) —"


def subject_before(tokens: Sequence[Token], lo: int, hi: int) -> Extent | None:
    """The noun phrase that ends right before `hi` and begins not before `lo`.

    An apposition or "who …" between commas belongs to it; a time or a circumstance does not.
    """
    stop = core = _past_time(tokens, lo, hi)
    while core > lo:
        last = tokens[core - 1]
        if last.text == "," or last.text in DASHES:
            opening = _same_mark_before(tokens, lo, core - 1)
            if opening is None:
                return None
            if not is_apposition(tokens[opening + 1 : core - 1]):
                stop = opening
            elif stop == core:
                stop = core - 1
            core = opening
        elif last.text == ")":
            bracket = bracket_before(tokens, lo, core - 1)
            if bracket is None:
                return None
            core = bracket
        else:
            break
    start = _past_lead(tokens, _core_start(tokens, lo, core), core)
    if start == 1 and tokens[0].low in {"after", "before"} and tokens[1].low in DETERMINERS:
        start = _after_circumstance(tokens, 0, core) or start  # "After the hearing [Vance]"
    if start >= core or stop - start > MAX_SOURCE_TOKENS or not names_somebody(tokens[start:core]):
        return None
    # "According to pool reports": what looks like a verb here is the source of another cue. "Her of lying" is
    # the object of a verb before it.
    first, second = tokens[start].low, tokens[start + 1].low
    if first == "according" or (first in OBJECT_PRONOUNS and second in PREPOSITIONS):
        return None
    return start, stop


def clause_subject(tokens: Sequence[Token], hi: int) -> Extent | None:
    """The subject of the clause that opens the sentence, for a cue further on: "Smith left, saying …"."""
    opening = _past_dateline(tokens, hi)
    start = _past_lead(tokens, opening, hi, opening)
    if start >= hi or not may_open(tokens[start]):
        return None
    if is_pronoun(tokens[start]):
        return start, start + 1
    stop = phrase_end(tokens, start, hi)
    for i in range(start + 1, stop):
        if not tokens[i].is_capital and _is_verb_shaped(tokens[i], tokens[i - 1]):
            stop = i
            break
    if stop <= start or not names_somebody(tokens[start:stop]):
        return None
    if stop < hi and tokens[stop].text == ",":
        end = next_mark(tokens, stop + 1, hi)
        if end < hi and tokens[end].text == "," and is_apposition(tokens[stop + 1 : end]):
            stop = end
    return start, stop


def _past_time(tokens: Sequence[Token], lo: int, hi: int) -> int:
    """Back over what stands between a subject and its verb: "Pence on Thursday also said"."""
    while hi > lo:
        if is_adverb(tokens[hi - 1]):
            hi -= 1
            continue
        back = hi
        while back > lo and (tokens[back - 1].low in TIMES or tokens[back - 1].low in TIMES_OF_DAY):
            back -= 1
        if back == hi:
            return hi
        led = back > lo and tokens[back - 1].low in TIME_LEADS | {"on", "in"}
        back -= led
        if back == lo or not (led or tokens[back].low in TIMES):
            return hi
        hi = back
    return hi


def _same_mark_before(tokens: Sequence[Token], lo: int, at: int) -> int | None:
    for i in range(at - 1, max(lo, at - MAX_SOURCE_TOKENS) - 1, -1):
        if tokens[i].quotation is not None or tokens[i].text in {";", ":"}:
            return None
        if tokens[i].text == tokens[at].text:
            return i
    return None


def _core_start(tokens: Sequence[Token], lo: int, core: int) -> int:
    """Back from the end of a phrase to the first token that can belong to it."""
    i = core
    while i > lo:
        token = tokens[i - 1]
        if token.quotation is not None:
            break
        if token.text == ")":
            bracket = bracket_before(tokens, lo, i - 1)
            if bracket is None:
                break
            i = bracket
            continue
        if not token.is_word and token.text not in INSIDE_NAMES:
            break
        if is_pronoun(token):
            return core - 1 if i == core else i
        if token.low in {"and", "or"}:
            if not _joins_names(tokens, lo, i - 1, core):
                break
        elif token.low in SUBORDINATORS or (i < core and _starts_predicate(tokens, i - 1, lo)):
            break
        i -= 1
    return i


def _starts_predicate(tokens: Sequence[Token], i: int, lo: int) -> bool:
    token = tokens[i]
    if token.is_capital:
        return False
    if token.low in AUXILIARIES and token.low != "to":
        return True
    if token.low in COMMON_VERBS:
        return True
    verb = FORMS.get(token.low)
    if verb is None or verb.form in {"base", "ing"}:
        return False
    before = tokens[i - 1].low if i > lo else ""
    return not (before in DETERMINERS or before.endswith("'s"))


def _joins_names(tokens: Sequence[Token], lo: int, at: int, core: int) -> bool:
    """Whether an "and" joins two parts of one source rather than two clauses."""
    if at <= lo or at + 1 >= core:
        return False
    before, after = tokens[at - 1], tokens[at + 1]
    if not before.is_word or is_pronoun(after) or after.low in DETERMINERS - {"other", "several"}:
        return False
    if before.is_capital and after.is_capital:
        return True
    return not before.is_capital and not after.is_capital and before.low not in OBJECT_PRONOUNS


def _past_lead(tokens: Sequence[Token], start: int, core: int, opening: int = 0) -> int:
    """Past what introduces a clause without being its subject: "But", "On Tuesday", "In a statement".

    `opening` is the first token of the sentence, dateline left out.
    """
    while start < core:
        token = tokens[start]
        low = token.low
        if start == opening and (
            low in OPENING_CLAUSES or low in PREPOSITIONS or low.endswith(("ing", "ed"))
        ):
            jump = _past_comma(tokens, start, core)
            if jump is not None:
                start = jump
                continue
            if low in OPENING_CLAUSES and low not in PREPOSITIONS:
                return core
        if low in PREPOSITIONS and low not in SUBORDINATORS and not is_adverb(token):
            switch = _after_circumstance(tokens, start, core)
            if switch is None:
                return core
            start = switch
        elif (
            low in SUBORDINATORS
            or not (token.is_word or token.text in "$#@(")
            or (start + 1 < core and (is_adverb(token) or low in TIMES))
            or (low in TIMES_OF_DAY and start > opening and may_open(tokens[start + 1]))
        ):
            start += 1
        else:
            break
    return start


def _past_comma(tokens: Sequence[Token], start: int, core: int) -> int | None:
    """Behind the comma that ends an introductory clause or phrase, where a subject can begin."""
    for i in range(start + 1, core - 1):
        head = tokens[i + 1]
        if (
            tokens[i].text == ","
            and may_open(head)
            and (is_pronoun(head) or head.low in DETERMINERS or head.is_capital)
        ):
            return i + 1
    return None


def _after_circumstance(tokens: Sequence[Token], start: int, core: int) -> int | None:
    """Where the subject begins after an opening "In Iowa", "At the event", "On Tuesday night"."""
    for i in range(start + 2, core):
        token, before = tokens[i], tokens[i - 1]
        if token.low in PREPOSITIONS or before.low in PREPOSITIONS or before.low in DETERMINERS:
            continue
        if token.low in DETERMINERS or is_pronoun(token):
            return i
        if token.is_capital and before.is_word and (not before.is_capital or before.low in TIMES):
            return i
    return None


def _past_dateline(tokens: Sequence[Token], hi: int) -> int:
    """Behind "WASHINGTON (AP) —", with which agencies open a report."""
    if len(tokens[0].text) > 2 and tokens[0].text.isupper():
        for i in range(1, min(hi, _DATELINE_REACH)):
            if tokens[i].text in DASHES:
                return i + 1
    return 0


def _is_verb_shaped(token: Token, before: Token) -> bool:
    """Whether a word looks like the past or present verb right behind the subject that it ends."""
    if (
        not token.is_word
        or before.low in DETERMINERS
        or before.low in PREPOSITIONS
        or before.low.endswith("'s")
    ):
        return False
    if token.low.endswith("ed") or (token.low in FORMS and FORMS[token.low].form in {"past", "third"}):
        return True
    return before.is_capital and token.low.endswith("s") and not token.low.endswith("ss")
