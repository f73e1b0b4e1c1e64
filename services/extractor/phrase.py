"""Where the noun phrase lies that a cue attaches to: before it ("Smith said") or after it ("said Smith").

There is no parser here. News writing puts the speaker right beside the cue, so the phrase is found by what
cannot be part of it: verbs, conjunctions, pronouns, circumstances of time and place.
"""

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
    TIMES,
    TIMES_OF_DAY,
)
from services.extractor.verbs import FORMS

Extent = tuple[int, int]  # token indices, end exclusive

MAX_SOURCE_TOKENS = 45  # the longest annotated sources run to about forty words, with their appositions
_INSIDE = frozenset(".&'’-‑$%#@/")
_DASHES = frozenset({"-", "–", "—", "--"})


def subject_before(tokens: Sequence[Token], lo: int, hi: int) -> Extent | None:
    """The noun phrase that ends right before token `hi`, and begins not before `lo`."""
    hi = _past_time(tokens, lo, hi)
    stop = core = hi
    while core > lo:
        last = tokens[core - 1]
        if last.text == "," or last.text in _DASHES:
            opening = _same_mark_before(tokens, lo, core - 1)
            if opening is None:
                return None
            if _apposition(tokens, opening + 1, core - 1) and tokens[opening + 1].low not in RELATIVES:
                stop = min(stop, core - 1) if stop == core else stop
            else:
                stop = opening
            core = opening
        elif last.text == ")":
            opening = _bracket_before(tokens, lo, core - 1)
            if opening is None:
                return None
            core = opening
        else:
            break
    start = _core_start(tokens, lo, core)
    start = _skip_lead(tokens, start, core)
    if start >= core or stop - start > MAX_SOURCE_TOKENS or not _names_somebody(tokens, start, core):
        return None
    return start, stop


def _past_time(tokens: Sequence[Token], lo: int, hi: int) -> int:
    """Back over what stands between a subject and its verb: "Pence on Thursday also said"."""
    while hi > lo:
        token = tokens[hi - 1]
        if is_adverb(token):
            hi -= 1
        elif token.low in TIMES or token.low in TIMES_OF_DAY:
            back = hi - 1
            while back > lo and (tokens[back - 1].low in TIMES or tokens[back - 1].low in TIMES_OF_DAY):
                back -= 1
            if back > lo and tokens[back - 1].low in {"on", "in", "late", "early"}:
                back -= 1
            elif token.low in TIMES_OF_DAY:
                return hi
            if back == lo:
                return hi
            hi = back
        else:
            return hi
    return hi


def _same_mark_before(tokens: Sequence[Token], lo: int, at: int) -> int | None:
    mark = tokens[at].text
    for i in range(at - 1, max(lo, at - MAX_SOURCE_TOKENS) - 1, -1):
        if tokens[i].quotation is not None or tokens[i].text in {";", ":"}:
            return None
        if tokens[i].text == mark:
            return i
    return None


def _bracket_before(tokens: Sequence[Token], lo: int, at: int) -> int | None:
    for i in range(at - 1, max(lo, at - 12) - 1, -1):
        if tokens[i].text == "(":
            return i
    return None


def _apposition(tokens: Sequence[Token], first: int, stop: int) -> bool:
    """Whether the words between two commas say who somebody is (and not when, where or how)."""
    if first >= stop:
        return False
    head = tokens[first]
    low = head.low
    if low in PREPOSITIONS or low in SUBORDINATORS - {"who", "whose"} or low in TIMES:
        return False
    if low in {"then", "now"} and stop - first > 1:
        return True
    if is_adverb(head) or (low.endswith("ing") and not head.is_capital) or low in {"asked", "referring"}:
        return False
    return not (stop - first > 1 and low.endswith("ed") and not head.is_capital)


def _core_start(tokens: Sequence[Token], lo: int, core: int) -> int:
    i = core
    while i > lo:
        token = tokens[i - 1]
        low = token.low
        if token.quotation is not None:
            break
        if not token.is_word and token.text not in _INSIDE:
            if token.text == ")":
                opening = _bracket_before(tokens, lo, i - 1)
                if opening is not None:
                    i = opening
                    continue
            break
        if low in PRONOUNS and low != "one":
            return core - 1 if i == core else i
        if low in {"and", "or"}:
            if not _joins_names(tokens, lo, i - 1, core):
                break
        elif (
            low in SUBORDINATORS
            or (i < core and low in AUXILIARIES and low != "to")
            or (i < core and not token.is_capital and (low in COMMON_VERBS or _verbal(tokens, i - 1, lo)))
        ):
            break
        i -= 1
    return i


def _verbal(tokens: Sequence[Token], i: int, lo: int) -> bool:
    verb = FORMS.get(tokens[i].low)
    if verb is None or verb.form in {"base", "ing"}:
        return False
    before = tokens[i - 1].low if i > lo else ""
    return not (before in DETERMINERS or before.endswith("'s"))


def _joins_names(tokens: Sequence[Token], lo: int, at: int, core: int) -> bool:
    """Whether an "and" joins two parts of one source rather than two clauses."""
    if at <= lo or at + 1 >= core:
        return False
    before, after = tokens[at - 1], tokens[at + 1]
    if (
        not before.is_word
        or after.low in PRONOUNS
        or after.low in DETERMINERS - {"other", "others", "several"}
    ):
        return False
    if before.is_capital and after.is_capital:
        return True
    return not before.is_capital and not after.is_capital and before.low not in OBJECTS


OBJECTS = frozenset(["him", "her", "them", "me", "us", "it", "you"])


_OPENING_CLAUSES = frozenset(
    [
        "after",
        "although",
        "though",
        "while",
        "when",
        "if",
        "as",
        "because",
        "since",
        "before",
        "unless",
        "until",
        "once",
        "where",
        "whereas",
    ]
)


def _past_comma(tokens: Sequence[Token], start: int, core: int) -> int | None:
    """Behind the comma that ends an introductory clause or phrase, where a subject can begin."""
    for i in range(start + 1, core - 1):
        if tokens[i].text == "," and _may_open(tokens[i + 1]):
            head = tokens[i + 1]
            if head.low in PRONOUNS or head.low in DETERMINERS or head.is_capital:
                return i + 1
    return None


def _skip_lead(tokens: Sequence[Token], start: int, core: int) -> int:
    """Past what introduces a clause without being its subject: "But", "On Tuesday", "In a statement"."""
    moved = True
    while moved and start < core:
        moved = False
        token = tokens[start]
        low = token.low
        if start == 0 and (low in _OPENING_CLAUSES or low in PREPOSITIONS or low.endswith(("ing", "ed"))):
            jump = _past_comma(tokens, start, core)
            if jump is not None:
                start, moved = jump, True
                continue
            if low in _OPENING_CLAUSES and low not in PREPOSITIONS:
                return core
        if (
            low in SUBORDINATORS
            or (is_adverb(token) and start + 1 < core)
            or not (token.is_word or token.text in "$#@(")
            or (low in TIMES and start + 1 < core and not tokens[start + 1].low == "'s")
        ):
            start += 1
            moved = True
        elif low in PREPOSITIONS:
            switch = _after_circumstance(tokens, start, core)
            if switch is None:
                return core
            start = switch
            moved = True
    return start


def _after_circumstance(tokens: Sequence[Token], start: int, core: int) -> int | None:
    """Where the subject begins after an opening "In Iowa", "At the event", "On Tuesday night"."""
    for i in range(start + 2, core):
        token, before = tokens[i], tokens[i - 1]
        if token.low in PREPOSITIONS or before.low in PREPOSITIONS or before.low in DETERMINERS:
            continue
        if token.low in DETERMINERS or token.low in PRONOUNS:
            return i
        if token.is_capital and (not before.is_capital or before.low in TIMES) and before.is_word:
            return i
    return None


def _names_somebody(tokens: Sequence[Token], start: int, core: int) -> bool:
    return any(
        t.is_word
        and t.low not in DETERMINERS - {"one", "some", "many", "others", "most", "both", "another"}
        and t.low not in TIMES
        and t.low not in RELATIVES
        and t.low not in ADVERBS
        and t.low not in PREPOSITIONS
        and t.low not in AUXILIARIES
        for t in tokens[start:core]
    )


def subject_after(tokens: Sequence[Token], lo: int, hi: int) -> Extent | None:
    """The noun phrase that begins at token `lo`, as in "said John Smith, a farmer from Ohio"."""
    if lo >= hi:
        return None
    first = tokens[lo]
    if first.low in PRONOUNS and first.low != "one":
        return lo, lo + 1
    if not _may_open(first):
        return None
    i = _phrase_end(tokens, lo, hi)
    if i == lo or not _names_somebody(tokens, lo, i):
        return None
    while i < hi and tokens[i].text == "," and i + 1 < hi:
        if tokens[i + 1].quotation is not None or not _apposition(
            tokens, i + 1, _comma_after(tokens, i + 1, hi)
        ):
            break
        end = _comma_after(tokens, i + 1, hi)
        i = end
    return (lo, i) if i - lo <= MAX_SOURCE_TOKENS else (lo, _phrase_end(tokens, lo, hi))


def _may_open(token: Token) -> bool:
    if token.quotation is not None or not (token.is_word or token.text in "@#"):
        return False
    low = token.low
    if low in PREPOSITIONS or low in SUBORDINATORS or low in TIMES or low in AUXILIARIES:
        return False
    return not is_adverb(token)


def _comma_after(tokens: Sequence[Token], i: int, hi: int) -> int:
    while (
        i < hi
        and tokens[i].quotation is None
        and tokens[i].text not in {",", ";", ":", ".", "?", "!", "—", "–", "--"}
    ):
        i += 1
    return i


def _phrase_end(tokens: Sequence[Token], lo: int, hi: int) -> int:
    i = lo
    while i < hi:
        token = tokens[i]
        low = token.low
        if token.quotation is not None:
            break
        if token.text == "(":
            close = next((k for k in range(i, min(i + 12, hi)) if tokens[k].text == ")"), None)
            if close is None:
                break
            i = close + 1
            continue
        if not token.is_word and token.text not in _INSIDE:
            break
        if i > lo:
            if low in {"and", "or"}:
                following = tokens[i + 1] if i + 1 < hi else None
                if following is None or following.low in PRONOUNS or not following.is_word:
                    break
                if tokens[i - 1].is_capital != following.is_capital and following.low not in DETERMINERS:
                    break
                i += 1
                continue
            if low in SUBORDINATORS or low in AUXILIARIES - {"to"} or low in COMMON_VERBS:
                break
            if low in TIMES and tokens[i - 1].low not in DETERMINERS:
                break
            if low in DETERMINERS - {"one", "two", "three", "other"} and tokens[i - 1].is_word:
                if tokens[i - 1].low not in PREPOSITIONS and tokens[i - 1].low not in DETERMINERS | {
                    "and",
                    "or",
                }:
                    # A determiner behind a noun: the noun was a verb.
                    i -= 0 if tokens[i - 1].is_capital else 1
                    break
            if low in PREPOSITIONS:
                if low not in SOURCE_LINKS or _circumstance(tokens, i, hi):
                    break
                if low in {"in", "on", "at", "to", "with"} and tokens[i - 1].is_capital and low != "at":
                    break
            elif not token.is_capital and (
                is_adverb(token) or FORMS.get(low, _NO_VERB).form in {"third", "ing"}
            ):
                break
        i += 1
    while (
        i > lo
        and (tokens[i - 1].low in PREPOSITIONS or tokens[i - 1].low in DETERMINERS - {"one", "others"})
        and i - 1 > lo
    ):
        i -= 1
    if i > lo and tokens[i - 1].text == "." and tokens[i - 1].end == tokens[i - 1].start + 1:
        i -= 1
    return i


class _NoVerb:
    form = ""


_NO_VERB = _NoVerb()


def _circumstance(tokens: Sequence[Token], i: int, hi: int) -> bool:
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


def clause_subject(tokens: Sequence[Token], hi: int) -> Extent | None:
    """The subject of the clause that opens the sentence, for a cue further on: "Smith left, saying …"."""
    start = _skip_lead(tokens, _past_dateline(tokens, hi), hi)
    if start >= hi or not _may_open(tokens[start]):
        return None
    if tokens[start].low in PRONOUNS and tokens[start].low != "one":
        return start, start + 1
    stop = _phrase_end(tokens, start, hi)
    for i in range(start + 1, stop):
        token = tokens[i]
        if not token.is_capital and _verb_shaped(token, tokens[i - 1]):
            stop = i
            break
    if stop <= start or not _names_somebody(tokens, start, stop):
        return None
    return start, stop


def _past_dateline(tokens: Sequence[Token], hi: int) -> int:
    """Behind "WASHINGTON (AP) —", with which agencies open a report."""
    if len(tokens[0].text) > 2 and tokens[0].text.isupper():
        for i in range(1, min(hi, 14)):
            if tokens[i].text in _DASHES:
                return i + 1
    return 0


def _verb_shaped(token: Token, before: Token) -> bool:
    """Whether a word looks like a past or present verb right behind the subject that it ends."""
    if (
        not token.is_word
        or before.low in DETERMINERS
        or before.low.endswith("'s")
        or before.low in PREPOSITIONS
    ):
        return False
    if token.low.endswith("ed") or (token.low in FORMS and FORMS[token.low].form in {"past", "third"}):
        return True
    return before.is_capital and token.low.endswith("s") and not token.low.endswith("ss")
