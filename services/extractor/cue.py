"""Where a sentence says that somebody says: the verb groups that report speech."""

from collections.abc import Sequence
from typing import NamedTuple

from services.extractor.frame import Token
from services.extractor.lexicon import (
    ADVERBS,
    AUXILIARIES,
    BE,
    HAVE,
    NEGATIONS,
    NOMINAL,
    NOT_ADVERBS,
    PREPOSITIONS,
    PRONOUNS,
)
from services.extractor.verbs import FORMS, PHRASES, PLURAL_HEADS, PLURAL_NOUNS, Verb

QUOTED_BY_OTHERS = frozenset({"quote", "cite", "report", "hear", "record", "overhear"})
_VERBS = PHRASES.keys() | FORMS.keys()
_BEFORE_NOUNS = (NOMINAL | PREPOSITIONS) - {"by", "in", "while"}
_AUXILIARY_REACH = 6  # tokens back from the verb: "would not have also said"
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


class _Group(NamedTuple):
    """The auxiliaries of a verb: where they begin (the verb itself, if there are none) and what they say."""

    first: int
    has_be: bool
    has_have: bool
    has_modal: bool
    negated: bool


class Reading(NamedTuple):
    """A sentence and its cues, from left to right; no two overlap."""

    tokens: tuple[Token, ...]
    cues: tuple[Cue, ...]

    @property
    def has_quotation(self) -> bool:
        return any(token.quotation is not None for token in self.tokens)


def read(tokens: tuple[Token, ...]) -> Reading:
    """Find the cues of a sentence."""
    found: list[Cue] = []
    i = 0
    while i < len(tokens):
        cue = _cue_at(tokens, i) if tokens[i].low in _VERBS else None
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
    """The cue whose main verb stands at `i`."""
    token = tokens[i]
    if token.quotation is not None or (token.is_capital and i and tokens[i - 1].quotation is None):
        return None
    phrase = _phrase(tokens, i)
    if phrase is not None:
        group = _auxiliaries(tokens, i)
        return Cue(group.first, phrase[1], phrase[0], True, not token.low.endswith("ing"), group.negated)
    verb = FORMS.get(token.low)
    if verb is None:
        return None
    if verb.form in {"past", "participle"}:
        return _past(tokens, i, verb)
    if verb.form == "ing":
        return _participle(tokens, i, verb)
    return _present(tokens, i, verb)


def _past(tokens: Sequence[Token], i: int, verb: Verb) -> Cue | None:
    group = _auxiliaries(tokens, i)
    if group.has_be:
        return _quoted_as_saying(tokens, i, group, verb, passive=True)
    if (verb.form == "participle" and not group.has_have) or (i and tokens[i - 1].low in NOMINAL):
        return None
    return _quoted_as_saying(tokens, i, group, verb, passive=False) or _cue(i, group, verb, finite=True)


def _participle(tokens: Sequence[Token], i: int, verb: Verb) -> Cue | None:
    group = _auxiliaries(tokens, i)
    if i and tokens[i - 1].low in _BEFORE_NOUNS:
        return None
    return _cue(i, group if group.has_be else group._replace(first=i), verb, finite=group.has_be)


def _present(tokens: Sequence[Token], i: int, verb: Verb) -> Cue | None:
    group = _auxiliaries(tokens, i)
    before = tokens[i - 1].low if i else ""
    if before in NOMINAL or before in PREPOSITIONS or before.endswith("'s"):
        return None
    if verb.form == "base" and not group.has_modal:
        if i == 0 or before in AUXILIARIES or verb.lemma not in PLURAL_HEADS:
            return None
    elif (verb.form == "base" and before == "to") or (
        verb.lemma in PLURAL_NOUNS and verb.form == "third" and i and not _can_be_subject(tokens[i - 1])
    ):
        return None
    return _cue(i, group, verb, finite=True)


def _cue(i: int, group: _Group, verb: Verb, *, finite: bool) -> Cue:
    return Cue(group.first, i + 1, verb.lemma, verb.speaks, finite, group.negated)


def _can_be_subject(token: Token) -> bool:
    """Whether the word right before "emails" or "charges" makes a verb of it: a name, a pronoun."""
    return token.is_capital or token.low in PRONOUNS or token.low == "who" or is_adverb(token)


def _auxiliaries(tokens: Sequence[Token], i: int) -> _Group:
    """What belongs to the verb at `i`: auxiliaries, and adverbs and negations between them."""
    first, at = i, i - 1
    has_be = has_have = has_modal = negated = False
    while at >= 0 and i - at <= _AUXILIARY_REACH:
        low = tokens[at].low
        if low in AUXILIARIES and low != "to":
            first = at
            has_be = has_be or low in BE
            has_have = has_have or low in HAVE
            has_modal = has_modal or not (low in BE or low in HAVE)
        elif low == "never":
            first = at
        elif low not in NEGATIONS and not is_adverb(tokens[at]):
            break
        negated = negated or low in NEGATIONS
        at -= 1
    return _Group(first, has_be, has_have, has_modal, negated)


def _quoted_as_saying(
    tokens: Sequence[Token], i: int, group: _Group, verb: Verb, *, passive: bool
) -> Cue | None:
    """ "was quoted (by X) as saying", "cited X as saying"; None where no such words follow."""
    if verb.lemma not in QUOTED_BY_OTHERS:
        return None
    for at in range(i + 1, min(i + 1 + _SAYING_REACH, len(tokens))):
        if tokens[at].quotation is not None:
            return None
        form = FORMS.get(tokens[at].low)
        if form is not None and form.form == "ing" and form.speaks and form.lemma not in QUOTED_BY_OTHERS:
            start = at - 1 if tokens[at - 1].low == "as" else at
            between = (i + 1, start) if start > i + 1 else None
            return Cue(group.first, at + 1, form.lemma, True, True, group.negated, passive, between)
    return None
