"""The verbs that report speech, and how English inflects them.

The table holds lemmas; every form is derived, so that a verb is entered once.
"""

from typing import NamedTuple

from services.extractor.lexicon import TABLES

_VERBS = TABLES["verbs"]

MANNER = frozenset(_VERBS["manner"].split())
NEUTRAL = frozenset(_VERBS["neutral"].split())
HEADLINE = frozenset(_VERBS["headline"].split())
TAKES_CLAUSE = frozenset(_VERBS["clause"].split())
TAKES_OBJECT = frozenset(_VERBS["object"].split())
INNER = frozenset(_VERBS["inner"].split())
TELLING = frozenset(_VERBS["telling"].split())  # whom stands right behind them
PLURAL_HEADS = frozenset(_VERBS["plural_heads"].split())
PLURAL_NOUNS = frozenset(_VERBS["plural_nouns"].split())
STANCES: dict[str, str] = {
    lemma: stance for stance, lemmas in _VERBS["stance"].items() for lemma in lemmas.split()
}


class Verb(NamedTuple):
    """A word form: its lemma, which form it is, and what it takes.

    `form` is base, third, past, participle or ing; where past and participle are one word it is past, and an
    auxiliary decides. `speaks`: may stand beside a quotation; otherwise it describes an object.
    """

    lemma: str
    form: str
    speaks: bool


def _inflect(lemma: str) -> tuple[str, str, str, str]:
    """Third person, past, participle and -ing form."""
    if lemma in _VERBS["irregular"]:
        third, past, participle, ing = _VERBS["irregular"][lemma].split()
        return third, past, participle, ing
    if lemma.endswith(("s", "sh", "ch", "x", "z")):
        return lemma + "es", lemma + "ed", lemma + "ed", lemma + "ing"
    if lemma.endswith("e"):
        return lemma + "s", lemma + "d", lemma + "d", lemma[:-1] + "ing"
    if lemma.endswith("y") and lemma[-2] not in "aeiou":
        return lemma[:-1] + "ies", lemma[:-1] + "ied", lemma[:-1] + "ied", lemma + "ing"
    return lemma + "s", lemma + "ed", lemma + "ed", lemma + "ing"


def _forms(*kinds: str) -> dict[str, Verb]:
    forms: dict[str, Verb] = {}
    for kind in kinds:
        for lemma in _VERBS[kind].split():
            third, past, participle, ing = _inflect(lemma)
            for word, form in (
                (past, "past"),
                (participle, "participle"),
                (ing, "ing"),
                (third, "third"),
                (lemma, "base"),
            ):
                forms.setdefault(word, Verb(lemma, form, kind == "speak"))
    return forms


def _phrases() -> dict[str, tuple[tuple[tuple[str, ...], str], ...]]:
    """By first word: the words that must follow it and the lemma; longer phrases first."""
    phrases: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for phrase, lemma in _VERBS["phrases"].items():
        heads, *rest = phrase.split()
        for head in heads.split("|"):
            phrases.setdefault(head, []).append((tuple(rest), lemma))
    return {head: tuple(sorted(rows, key=lambda row: -len(row[0]))) for head, rows in phrases.items()}


FORMS = _forms("speak", "describe")
# What a word of a cue amounts to: also where the rules would not look for one.
LEMMAS: dict[str, str] = _VERBS["nouns"] | {
    word: verb.lemma for word, verb in (_forms("tagged") | FORMS).items()
}
_PAST = frozenset({"cast", "cut", "forecast", "hit", "put", "read"})  # are their own past
_PLURAL = frozenset({"are", "aren't", "do", "don't", "have", "haven't", "were", "weren't"})


def is_plural_verb(word: str) -> bool:
    """Whether one alone would have another form of it: "Regulators say", never "Reuters say"."""
    return word in _PLURAL or (word in LEMMAS and word == LEMMAS[word] and word not in _PAST)


REFUSING = frozenset(word for word, lemma in LEMMAS.items() if lemma in _VERBS["refusing"].split())
PHRASES = _phrases()
