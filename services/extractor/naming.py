"""What a whole text tells of the names in it: which are fuller forms of others, which are towns, products or no names,
and which body it names most."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator

from services.extractor.lexicon import (
    ADVERBS,
    AGENCIES,
    BODY_WORDS,
    GIVEN,
    NO_NAMES,
    OFFICES,
    ORGANISATION_NOUNS,
    OUTLET_WORDS,
)
from services.extractor.name_forms import folded, merged, stands_for
from services.extractor.names import Named, named
from services.extractor.sentence import is_heading, sentence_start
from services.extractor.verbs import FORMS, is_plural_verb
from shared.contracts.enums import SourceType
from shared.contracts.parts import Span

_LOWER = re.compile(r"(?<![\w./@-])[a-z][a-z'’]+(?![\w@/]|\.\w)")
_IN = re.compile(r"(?P<before>\w+)? ?\b(?:in|near|outside) (?:the )?$")
_PLACED = 28  # characters of what _IN looks for
# What one has in a firm, not in a town.
_BOUGHT = re.compile(r"stake|share|invest|interest|stock|holding|confidence|money|job", re.IGNORECASE)
_INTRODUCED = 1500  # characters in which an office was named before
_OFTEN = 3  # mentions
_ADJECTIVES = ("ese", "ish", "ian", "ians", "can", "cans")  # "Chinese", "American"
# Between a name and its "who": a place or a body, an age, an apposition.
_BETWEEN = re.compile(r"(?: (?:of|from|at|for|with) [^,.;\n]{1,40})?(?:, [^,.;\n]{1,60})?,? ?")
_APPOSED = 110  # characters of these
_OF = re.compile(r"\b(?:of|in|at|for|from|by|with|to|near|on) (?:the )?$")
_VERB = 16  # characters behind a phrase in which its verb begins


class Naming:
    """The names of one text. `people`: each once, in its fullest form, whatever bears it; in the order of the text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._names = named(text)
        self._starts = [one.start for one in self._names]
        self.people = merged(self._names)
        self._forms = [(folded(one.name), one) for one in self.people]
        self._fullest: dict[str, Named | None] = {}
        self._small = frozenset(_LOWER.findall(text))  # words that the text writes without a capital
        self._places = frozenset(one.name.casefold() for one in self._names if _in_place(text, one.start))
        self._alone = Counter(one.name.casefold() for one in self._names if " " not in one.name)
        speak = {one.name for one in self._names if _does(text, one.end)}
        self._products = frozenset(
            tuple(full) for full, one in self._forms if one.name not in speak and _is_loose(full, one)
        )

    def about(self, name: str) -> Named | None:
        """The fullest mention of the same name, with whatever any mention says of it."""
        short = folded(name)
        if name not in self._fullest:
            self._fullest[name] = next((one for full, one in self._forms if self.stands(short, full)), None)
        return self._fullest[name]

    def stands(self, short: list[str], full: list[str]) -> bool:
        """Whether one name can stand for the other; a town's never for the body whose name begins with it, and a
        firm's that is named often not for what it makes ("Google" for "Google Assistant")."""
        if not stands_for(short, full):
            return False
        if len(short) > 1 or len(full) == 1 or full[-1] == short[0]:
            return True
        often = self._alone[short[0]] >= _OFTEN and tuple(full) in self._products
        return not often and short[0] not in self._places

    def backwards(self, start: int, end: int) -> Iterator[Named]:
        """The mentions that begin from `start` up to `end`, the last first."""
        first, last = bisect_left(self._starts, start), bisect_left(self._starts, end)
        return reversed(self._names[first:last])

    def ending_at(self, end: int) -> Span | None:
        """Where the name stands that ends there."""
        last = bisect_left(self._starts, end) - 1
        return (self._names[last].start, end) if last >= 0 and self._names[last].end == end else None

    def person_before(self, at: int) -> Span | None:
        """Whom a "who" there means: the name right before it, or before its age, its place and its apposition."""
        for one in self.backwards(max(0, at - _APPOSED), at):
            if _BETWEEN.fullmatch(self._text, one.end, at) is None:
                continue
            full = self.about(one.name) or one
            place = one.name.casefold() in self._places or full.kind is SourceType.ORGANISATION
            if not place and _OF.search(self._text, max(0, one.start - _PLACED), one.start) is None:
                return one.start, one.end
        return None

    def may_act(self, one: Named) -> bool:
        """Whether somebody can be the subject there: no title in marks, and no heading but a person's."""
        if self._text[max(0, one.start - 1) : one.start] in {"“", '"'}:
            return False
        full = self.about(one.name) or one
        return full.gender is not None or not is_heading(self._text, one.start)

    def only_opens(self, name: str, span: Span) -> bool:
        """Whether the name at the head of a phrase is one word that has its capital from the sentence."""
        text, start = self._text, span[0]
        if " " in name or not text.startswith(name, start) or sentence_start(text, start) != start:
            return False
        low = name.lower()
        plural = low.endswith("s") and low not in AGENCIES
        if low in NO_NAMES | ADVERBS or (plural and low in self._small):
            return True
        behind = text[span[1] : span[1] + _VERB].split() or [""]
        return self.about(name) is None and plural and is_plural_verb(behind[0])

    def is_made_of_words(self, name: str) -> bool:
        """Whether a name of several words looks like a body's: "Blue Origin" where "blue" and "origin" stand too, and
        nothing tells of somebody."""
        words, about = name.lower().split(), self.about(name)
        if len(words) < 2 or words[0] in GIVEN or self._alone[words[-1]]:
            return False
        if about is not None and (about.kind or about.role or about.gender):
            return False
        return self._small.issuperset(words)

    def counted(self, before: int) -> Counter[Named]:
        """How often each name stands before an offset, in whichever form."""
        return Counter(full for one in self._names if one.start < before and (full := self.about(one.name)))

    def firm(self, before: int) -> Named | None:
        """The body that is named most often before an offset, the first of several; outlets are none."""
        counted = self.counted(before)
        bodies = [one for one in counted if self._may_be_firm(one, counted[one])]
        return max(bodies, key=lambda one: counted[one], default=None)

    def office(self, head: str, before: int) -> Named | None:
        """ "the department", "the agency": the last of the bodies named not long before that is called so."""
        called = OFFICES if head == "agency" else {head}
        for one in self.backwards(before - _INTRODUCED, before):
            words = folded(one.name)
            if len(words) > 1 and called & set(words):
                return self.about(one.name) or one
        return None

    def in_role(self, noun: str, before: int) -> Named | None:
        """The one whose role a noun is; of several, who is named most before an offset, and last."""
        roles = [one for one in self.people if one.role is not None and one.role.split()[-1] == noun]
        if len(roles) < 2:
            return roles[0] if roles else None
        counted = self.counted(before)
        known = [one for one in roles if one.start < before]
        return max(known, key=lambda one: (counted[one], one.start), default=None)

    def first_person(self) -> Named | None:
        """Whoever is named first in full."""
        people = (one for one in self.people if " " in one.name and one.kind is not SourceType.ORGANISATION)
        return next(people, None)

    def _may_be_firm(self, one: Named, times: int) -> bool:
        if one.name.casefold() in self._places or publishes(one.name):
            return False
        if one.kind is None:  # one word that is nobody's first or last name, again and again
            return " " not in one.name and times >= _OFTEN and not one.name.lower().endswith(_ADJECTIVES)
        return one.kind is SourceType.ORGANISATION


def _does(text: str, end: int) -> bool:
    """Whether a verb of speech stands behind it."""
    behind = text[end : end + _VERB].split() or [""]
    return behind[0] in FORMS


def publishes(name: str) -> bool:
    """Whether the words of a name tell of an outlet."""
    return not (OUTLET_WORDS | AGENCIES).isdisjoint(name.lower().split())


def _in_place(text: str, at: int) -> bool:
    """Whether the name there is said to be a place: "in Fairfield", and not "a stake in Fairfield"."""
    found = _IN.search(text[max(0, at - _PLACED) : at])
    return found is not None and not _BOUGHT.match(found["before"] or "")


def _is_loose(full: list[str], one: Named) -> bool:
    """Whether nothing tells that a name of several words is somebody's or a body's."""
    if len(full) < 2 or one.kind is SourceType.PERSON or one.gender is not None or full[0] in GIVEN:
        return False
    return (ORGANISATION_NOUNS | BODY_WORDS).isdisjoint(full)
