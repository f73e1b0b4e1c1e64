"""How much two contents speak of the same thing: their words, stripped of endings and gathered into notions."""

import re
import tomllib
from importlib.resources import files

from services.extractor import lexicon

_WORD = re.compile(r"[^\W\d_]{3,}")
RAW = files(__package__).joinpath("notions.toml").read_bytes()
_NOTIONS: dict[str, str] = {
    word: name for name, listed in tomllib.loads(RAW.decode())["notions"].items() for word in listed.split()
}
_EMPTY = (
    lexicon.PREPOSITIONS
    | lexicon.DETERMINERS
    | lexicon.AUXILIARIES
    | lexicon.PRONOUNS
    | lexicon.OBJECT_PRONOUNS
    | lexicon.POSSESSIVES
    | lexicon.SUBORDINATORS
    | lexicon.ADVERBS
    | lexicon.TIMES
    | lexicon.TIMES_OF_DAY
    | lexicon.NEGATIONS
    | lexicon.COMMON_NOTIONS
)
NOTIONS = frozenset(_NOTIONS.values())
# A longer one before those that end like it.
_ENDINGS = (
    *("ations", "ation", "ings", "ing", "ments", "ment"),
    *("ies", "ied", "ers", "ed", "es", "ly", "s"),
)


def notions(words: str) -> frozenset[str]:
    """What the words are about."""
    found = set()
    for match in _WORD.finditer(words.replace("’", "'")):
        low = match[0].lower()
        if low in _EMPTY:
            continue
        found.add(_NOTIONS.get(low) or _NOTIONS.get(root := stem(low)) or root)
    return frozenset(found)


def stem(word: str) -> str:
    """Without the commonest endings; too short for any other use than to compare."""
    if word.endswith(_ENDINGS):
        for ending in _ENDINGS:
            if word.endswith(ending) and len(word) - len(ending) >= 3:
                word = word[: -len(ending)]
                break
    return word[:-1] if word.endswith(("e", "y")) and len(word) > 3 else word


def jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other) if one or other else 0.0


def contained(one: frozenset[str], other: frozenset[str]) -> float:
    """Which share of the smaller set the two have in common."""
    least = min(len(one), len(other))
    return len(one & other) / least if least else 0.0
