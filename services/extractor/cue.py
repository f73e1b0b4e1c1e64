"""Where a sentence says that somebody says: the verb groups that report speech."""

from collections.abc import Sequence
from typing import NamedTuple

from services.extractor.frame import Token
from services.extractor.lexicon import (
    ADVERBS,
    AUXILIARIES,
    BE,
    DETERMINERS,
    HAVE,
    NEGATIONS,
    NOT_ADVERBS,
    POSSESSIVES,
    PREPOSITIONS,
    PRONOUNS,
)
from services.extractor.verbs import FORMS, PHRASES, PLURAL_NOUNS

QUOTED_BY_OTHERS = frozenset({"quote", "cite", "report", "hear", "record", "overhear"})
# Base forms that head a clause by themselves after a plural subject; the others are nouns too often.
_PLURAL_HEADS = frozenset(
    {
        "say",
        "tell",
        "write",
        "believe",
        "think",
        "argue",
        "insist",
        "call",
        "warn",
        "add",
        "feel",
        "ask",
        "suggest",
    }
)
_SAYING_REACH = 14  # tokens between "quoted" and "as saying"; the longest source seen there has nine


class Cue(NamedTuple):
    """A verb group: token indices within its sentence, `last` exclusive.

    `finite`: heads a clause, so that its subject stands before it. `between`: tokens that interrupt the
    cue, as in "cited [its source] as saying". `passive`: the subject is whom others quote.
    """

    first: int
    last: int
    lemma: str
    speaks: bool
    finite: bool
    negated: bool
    passive: bool = False
    between: tuple[int, int] | None = None

    def spans(self, tokens: Sequence[Token]) -> tuple[tuple[int, int], ...]:
        if self.between is None:
            return ((tokens[self.first].start, tokens[self.last - 1].end),)
        a, b = self.between
        return (tokens[self.first].start, tokens[a - 1].end), (tokens[b].start, tokens[self.last - 1].end)


class Reading(NamedTuple):
    """A sentence and its cues, from left to right; no two overlap."""

    tokens: tuple[Token, ...]
    cues: tuple[Cue, ...]


def read(tokens: tuple[Token, ...]) -> Reading:
    """Find the cues of a sentence."""
    found: list[Cue] = []
    i = 0
    while i < len(tokens):
        cue = _cue_at(tokens, i)
        if cue is None or (found and cue.first < found[-1].last):
            i += 1
            continue
        found.append(cue)
        i = cue.last
    return Reading(tokens, tuple(found))


def is_adverb(token: Token) -> bool:
    low = token.low
    return low in ADVERBS or (
        len(low) > 4 and low.endswith("ly") and not token.is_capital and low not in NOT_ADVERBS
    )


def _phrase(tokens: Sequence[Token], i: int) -> tuple[str, int] | None:
    for rest, lemma in PHRASES.get(tokens[i].low, ()):
        stop = i + 1 + len(rest)
        if tuple(t.low for t in tokens[i + 1 : stop]) == rest:
            return lemma, stop
    return None


def _cue_at(tokens: Sequence[Token], i: int) -> Cue | None:
    token = tokens[i]
    if token.quotation is not None:
        return None
    phrase = _phrase(tokens, i)
    verb = FORMS.get(token.low)
    if verb is None and phrase is None:
        return None
    if token.is_capital and i > 0 and not (tokens[i - 1].quotation is not None):
        return None
    first, has_be, has_have, has_modal, negated = _auxiliaries(tokens, i)
    if phrase is not None:
        return Cue(first, phrase[1], phrase[0], True, not token.low.endswith("ing"), negated)
    assert verb is not None
    before = tokens[i - 1].low if i else ""
    if verb.form in {"past", "participle"}:
        if has_be:
            return _quoted_as_saying(tokens, i, first, verb.lemma, negated, passive=True)
        if verb.form == "participle" and not has_have:
            return None
        if before in DETERMINERS or before in POSSESSIVES:
            return None
        if verb.lemma in QUOTED_BY_OTHERS:
            cited = _quoted_as_saying(tokens, i, first, verb.lemma, negated, passive=False)
            if cited is not None:
                return cited
        return Cue(first, i + 1, verb.lemma, verb.speaks, True, negated)
    if verb.form == "ing":
        if before in DETERMINERS or before in POSSESSIVES or before in PREPOSITIONS - {"by", "in", "while"}:
            return None
        return Cue(first if has_be else i, i + 1, verb.lemma, verb.speaks, has_be, negated)
    if before in DETERMINERS or before in POSSESSIVES or before in PREPOSITIONS or before.endswith("'s"):
        return None
    if verb.form == "base":
        if before == "to" or (not has_modal and (before in AUXILIARIES or verb.lemma not in _PLURAL_HEADS)):
            return None
        if not has_modal and i == 0:
            return None
        return Cue(first, i + 1, verb.lemma, verb.speaks, True, negated)
    if verb.lemma in PLURAL_NOUNS and i and not _can_be_subject(tokens[i - 1]):
        return None
    return Cue(first, i + 1, verb.lemma, verb.speaks, True, negated)


def _can_be_subject(token: Token) -> bool:
    """Whether the word right before "emails" or "charges" makes a verb of it: a name, a pronoun."""
    return token.is_capital or token.low in PRONOUNS or token.low == "who" or is_adverb(token)


def _auxiliaries(tokens: Sequence[Token], i: int) -> tuple[int, bool, bool, bool, bool]:
    """Where the group begins, and whether it has a form of be, of have, a modal or do, and a negation."""
    first, at = i, i - 1
    has_be = has_have = has_modal = negated = False
    while at >= 0 and i - at <= 6:
        low = tokens[at].low
        if low in NEGATIONS:
            negated = True
        if low in AUXILIARIES and low != "to":
            first = at
            has_be = has_be or low in BE
            has_have = has_have or low in HAVE
            has_modal = has_modal or not (low in BE or low in HAVE)
        elif not (is_adverb(tokens[at]) or low in {"not", "never"}) or low in PRONOUNS:
            break
        at -= 1
    return (
        first,
        has_be,
        has_have,
        has_modal,
        (negated and first < i) or (i > 0 and tokens[i - 1].low == "never"),
    )


def _quoted_as_saying(
    tokens: Sequence[Token], i: int, first: int, lemma: str, negated: bool, *, passive: bool
) -> Cue | None:
    """ "was quoted (by X) as saying", "cited X as saying"; None where no such words follow."""
    if lemma not in QUOTED_BY_OTHERS:
        return None
    for at in range(i + 1, min(i + 1 + _SAYING_REACH, len(tokens))):
        form = FORMS.get(tokens[at].low)
        if tokens[at].quotation is not None:
            return None
        if form is not None and form.form == "ing" and form.speaks:
            start = at - 1 if tokens[at - 1].low == "as" else at
            if start > i + 1:
                return Cue(first, at + 1, form.lemma, True, True, negated, passive, (i + 1, start))
            return Cue(first, at + 1, form.lemma, True, True, negated, passive)
    return None
