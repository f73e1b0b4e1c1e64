"""A source phrase, read for what it says of whom it means: a name, a pronoun, a role, a body, an unnamed person."""

import re
from dataclasses import dataclass, replace

from services.extractor.anonymity import closeness
from services.extractor.frame import Token, words
from services.extractor.lexicon import (
    ANONYMOUS_WORDS,
    DOCUMENT_NOUNS,
    FIRMS,
    NOMINAL,
    ORGANISATION_NOUNS,
    OUTLET_NOUNS,
    PEOPLE,
    PERSON_NOUNS,
    POSSESSIVES,
    PREPOSITIONS,
    PRONOUNS,
    TITLES,
)
from services.extractor.names import Named, gender_of
from services.extractor.phrase import CONTRACTED
from services.extractor.phrase_name import (
    core_of,
    head_end,
    head_of,
    is_joined,
    is_plural,
    is_possessed,
    known_document,
    name_of,
)
from services.extractor.roles import is_occupation
from services.extractor.speaker import Speaker, describe
from shared.contracts.enums import SourceType

_OFFICES = TITLES | {"spokesman", "spokeswoman", "spokesperson", "executive", "chief", "president", "owner"}
_ANOTHER = frozenset({"another", "other", "others", "one", "two", "three", "some", "several", "many", "more"})
_INDEFINITE = frozenset({"a", "an"}) | _ANOTHER
# Not the speaker's or the reader's own: nobody whom the text introduced.
_OWNED = POSSESSIVES - {"my", "our", "your"}
_BODIES = ORGANISATION_NOUNS | OUTLET_NOUNS
_ONLY_DOCUMENTS = DOCUMENT_NOUNS - ORGANISATION_NOUNS
_SUBJECTS = {
    "him": "he",
    "them": "they",
    "their": "they",
    "me": "i",
    "my": "i",
    "us": "we",
    "our": "we",
    "your": "you",
}


_OFFICE = "|".join(sorted(word for word in TITLES if word.isalpha()))
# As in "Coach (Frank) Vogel", where the paper filled in what somebody left out.
_INSERTED = re.compile(rf"(?:the )?(?P<office>{_OFFICE}) \([^()]{{1,30}}\) (?=\w)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Phrase:
    """`head`: the noun that it is about, in lower case. `body_name`: what a body is called that has no name.
    `modifiers`: the words between article and head. `nouns`: the common nouns that its bearer goes by."""

    text: str
    name: str | None
    role: str | None
    type: SourceType
    anonymous: bool
    close: str | None
    head: str
    pronoun: str | None = None
    definite: bool = False
    possessive: bool = False
    plural: bool = False
    gender: str | None = None
    body_name: str | None = None
    modifiers: tuple[str, ...] = ()
    nouns: tuple[str, ...] = ()
    is_other: bool = False

    @property
    def is_generic_outlet(self) -> bool:
        return self.name is None and self.definite and self.head in OUTLET_NOUNS

    @property
    def is_outlet(self) -> bool:
        return self.head in OUTLET_NOUNS or any(noun in OUTLET_NOUNS for noun in self.nouns)

    @property
    def definite_body(self) -> bool:
        """What "it" can be: a body or a document that a sentence begins with."""
        return self.type in {SourceType.ORGANISATION, SourceType.DOCUMENT}

    @property
    def is_firm(self) -> bool:
        return self.definite and self.head in FIRMS and self.name is None


def phrase(text: str, start: int, end: int) -> Phrase:
    """Read the phrase at `start` to `end` of the text."""
    bracket = _INSERTED.match(text, start, end)
    if bracket is not None:
        behind = phrase(text, bracket.end(), end)
        office = bracket["office"].lower()
        return replace(behind, text=text[start:end], role=office, type=SourceType.PERSON)
    tokens = words(text, start, end)
    known = describe(text, start, end)
    core = core_of(tokens)
    low = core[0].low if core else ""
    if (contracted := CONTRACTED.fullmatch(low)) is not None:
        low = contracted[1]
    spoken = text[start:end]
    pronoun = _SUBJECTS.get(low, low)
    if len(core) == 1 and (pronoun in PRONOUNS or low in {"his", "her"}):
        kind = SourceType.PERSON if pronoun != "it" else SourceType.OTHER
        return Phrase(
            spoken,
            None,
            None,
            kind,
            False,
            None,
            pronoun,
            pronoun=pronoun,
            gender=gender_of(low),
            plural=pronoun == "they",
        )
    joined = is_joined(text, core)
    name = None if joined else name_of(text, start, end, core, known)
    head = head_of(core)
    nouns = tuple(token.low for token in core if token.low in _BODIES and not token.is_capital)
    nouns += (known.noun,) if known.noun else ()
    definite = (
        low == "the"
        or low in _OWNED
        or is_possessed(core)
        or (bool(core) and core[0].is_capital and low in TITLES)
    )
    kind = _type(core, head, name, known)
    role = _role(core, head, name, known, kind)
    plural = joined or is_plural(head) or low in _ANOTHER - {"another", "one"}
    if plural and role is not None and not role.islower():
        role = None  # "the candidates, Ida Holm and Senator Vik"
    close = closeness(text, start, end)
    anonymous = (
        name is None
        and kind is not SourceType.DOCUMENT
        and _anonymous(core, head, kind, close, definite, plural)
    )
    return Phrase(
        text=spoken,
        name=name.name if name is not None else None,
        role=role,
        type=kind,
        anonymous=anonymous,
        close=close,
        head=head,
        definite=definite,
        possessive=low in POSSESSIVES or is_possessed(core),
        plural=plural,
        gender=(name.gender if name else None) or (gender_of(role) if role else None),
        body_name=_body_name(text, core)
        if name is None and kind is SourceType.ORGANISATION and not anonymous and not joined
        else None,
        modifiers=_modifiers(core, head),
        nouns=nouns,
        is_other=low in _ANOTHER or any(token.low in {"other", "another"} for token in core[:2]),
    )


def _type(core: list[Token], head: str, name: Named | None, known: Speaker) -> SourceType:
    lows = [token.low for token in core]
    if known_document(core):
        return SourceType.DOCUMENT
    of_noun = kind_of_noun(head)
    if of_noun is not SourceType.OTHER and (name is None or not name.name.lower().endswith(head)):
        return of_noun
    if name is not None:
        if name.kind is not None:
            return name.kind
        if any(low in _BODIES for low in lows[: head_end(core)]):
            return SourceType.ORGANISATION
        if any(low in PEOPLE for low in lows):
            return SourceType.PERSON
        return known.type if " " in name.name else SourceType.ORGANISATION
    return known.type


def kind_of_noun(head: str) -> SourceType:
    """What a common noun calls, in the singular or the plural."""
    for nouns, kind in (
        (_ONLY_DOCUMENTS, SourceType.DOCUMENT),
        (PERSON_NOUNS, SourceType.PERSON),
        (_BODIES, SourceType.ORGANISATION),
        (DOCUMENT_NOUNS, SourceType.DOCUMENT),
    ):
        if head in nouns or (head.endswith("s") and head[:-1] in nouns):
            return kind
    return SourceType.OTHER


def _role(core: list[Token], head: str, name: Named | None, known: Speaker, kind: SourceType) -> str | None:
    if kind is not SourceType.PERSON:
        return None
    if name is not None:
        if name.role is not None:
            return name.role
        if known.role is not None and not (known.name and known.role in known.name):
            return known.role
        return head if head in PEOPLE and not name.name.lower().endswith(head) else None
    if head in {
        "source",
        "sources",
        "person",
        "people",
        "someone",
        "others",
        "man",
        "woman",
        "another",
        "one",
    }:
        return None
    if head in PEOPLE or is_occupation(head):
        before = [token.low for token in core if token.low == "chief"]
        return "chief executive" if before and head == "executive" else head
    return known.role


def _anonymous(
    core: list[Token], head: str, kind: SourceType, close: str | None, definite: bool, plural: bool
) -> bool:
    if close is not None or any(token.low in ANONYMOUS_WORDS for token in core):
        return True
    low = core[0].low if core else ""
    if core and core[0].text.isupper() and len(core[0].text) > 1 and head in PERSON_NOUNS:
        return True
    if kind is SourceType.ORGANISATION:
        behind = core[head_end(core) :]
        placed = (
            bool(behind) and behind[0].low in PREPOSITIONS and behind[-1].is_capital
        )  # "a court in Oster"
        if not placed and (low in _INDEFINITE or (plural and not definite and low != head)):
            return True
        return low == head and head.removesuffix("s") in ORGANISATION_NOUNS and head not in ORGANISATION_NOUNS
    if head in {"spokesman", "spokeswoman", "spokesperson"}:
        return False
    if low in _INDEFINITE or plural:
        return True
    return not (definite and head in _OFFICES)


def _body_name(text: str, core: list[Token]) -> str | None:
    """ "fire department", "water utility of Dorran": without article, owner and "itself"."""
    first = 0
    for i, token in enumerate(core):
        owner = (
            token.low.endswith(("'s", "s'")) and (token.is_capital or i + 2 < len(core)) and i + 1 < len(core)
        )
        if token.low in NOMINAL or owner:
            first = i + 1
        elif token.low in PREPOSITIONS:
            break
    kept = [token for token in core[first:] if token.low not in {"itself", "themselves"}]
    return text[kept[0].start : kept[-1].end] if kept else None


def _modifiers(core: list[Token], head: str) -> tuple[str, ...]:
    found = []
    for token in core:
        if token.low == head:
            break
        if token.low not in NOMINAL and token.is_word:
            found.append(token.low.removesuffix("'s"))
    return tuple(found)
