"""The forms of one name: "Zayemsky" for "Vladimir Zayemsky", "the Post" for "The Meridian Post", "WSJ"."""

import re
from collections.abc import Sequence

from services.extractor.lexicon import GENERATIONS
from services.extractor.names import Named
from shared.contracts.enums import SourceType

_PARTS = re.compile(r"[\s-]+")
_MOST = 120  # different names of an article that are told apart; hostile text has any number


def merged(names: Sequence[Named]) -> list[Named]:
    """Each name once, in its fullest form, with whatever any mention says of it; in the order of first mention."""
    by_name: dict[str, Named] = {}
    for one in names:
        known = by_name.get(one.name.casefold())
        if known is not None:
            one = known._replace(
                role=known.role or one.role, kind=known.kind or one.kind, gender=known.gender or one.gender
            )
        elif len(by_name) >= _MOST:
            continue
        by_name[one.name.casefold()] = one
    found: list[Named] = []
    forms: list[list[str]] = []  # of each name that was found; every other one is held against all of them
    for one in sorted(by_name.values(), key=lambda name: -len(name.name.split())):
        short = folded(one.name)
        at = next((i for i, full in enumerate(forms) if stands_for(short, full)), None)
        if at is None:
            found.append(one)
            forms.append(short)
            continue
        full = found[at]
        found[at] = full._replace(
            role=full.role or one.role, kind=full.kind or one.kind, gender=full.gender or one.gender
        )
    for i, one in enumerate(found):
        if one.role is not None:
            found[i] = one._replace(kind=SourceType.PERSON)
    return sorted(found, key=lambda one: one.start)


def is_short_for(short: str, full: str) -> bool:
    """Whether one name can stand for the other: the same, its last or its first words, its initials."""
    return stands_for(folded(short), folded(full))


def stands_for(a: list[str], b: list[str]) -> bool:
    """The same of two names whose words are known already."""
    if not a or not b:
        return False
    if a == b or (len(a) < len(b) and (b[-len(a) :] == a or (b[: len(a)] == a and len(a[0]) > 2))):
        return True
    return len(a) == 1 and len(b) > 2 and a[0] == "".join(word[0] for word in b)


def folded(name: str) -> list[str]:
    found = [word.casefold().strip(".") for word in _PARTS.split(name.replace("’", "'")) if word]
    while len(found) > 1 and found[-1] in GENERATIONS:
        found.pop()
    return found[1:] if len(found) > 1 and found[0] == "the" else found


def same_words(one: str, other: str) -> bool:
    return folded(one.replace(" the ", " ")) == folded(other.replace(" the ", " "))
