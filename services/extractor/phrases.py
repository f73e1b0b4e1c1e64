"""A source phrase, read for what it says of whom it means: a name, a pronoun, a role, a body, an unnamed person."""

import re
from dataclasses import dataclass

from services.extractor.anonymity import closeness
from services.extractor.frame import Token, words
from services.extractor.lexicon import (
    ANONYMOUS_WORDS,
    DETERMINERS,
    DOCUMENT_NOUNS,
    ORGANISATION_NOUNS,
    OUTLET_NOUNS,
    PERSON_NOUNS,
    POSSESSIVES,
    PREPOSITIONS,
    PRONOUNS,
    RELATIVES,
    TITLES,
)
from services.extractor.names import Named, gender_of, named
from services.extractor.speaker import Speaker, describe
from shared.contracts.enums import SourceType

_OFFICES = TITLES | {"spokesman", "spokeswoman", "spokesperson", "executive", "chief", "president", "owner"}
_ANOTHER = frozenset({"another", "other", "others", "one", "two", "three", "some", "several", "many", "more"})
_INDEFINITE = frozenset({"a", "an"}) | _ANOTHER
_FIRMS = frozenset({"company", "firm", "group", "operator", "manufacturer", "builder", "maker", "owner"})
_PLURAL = re.compile(r"(?:people|men|women|police|media|[a-z]{2,}[^su'’]s)")


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
    def is_firm(self) -> bool:
        return self.definite and self.head in _FIRMS and self.name is None


def phrase(text: str, start: int, end: int) -> Phrase:
    """Read the phrase at `start` to `end` of the text."""
    tokens = words(text, start, end)
    known = describe(text, start, end)
    core = _core(tokens)
    low = core[0].low if core else ""
    spoken = text[start:end]
    if len(core) == 1 and (low in PRONOUNS or low in {"his", "her"}):
        kind = SourceType.PERSON if low not in {"it"} else SourceType.OTHER
        return Phrase(
            spoken,
            None,
            None,
            kind,
            False,
            None,
            low,
            pronoun=low,
            gender=gender_of(low),
            plural=low == "they",
        )
    name = _name(text, start, end, core, known)
    head = _head(core)
    nouns = tuple(
        token.low for token in core if token.low in ORGANISATION_NOUNS | OUTLET_NOUNS and not token.is_capital
    )
    definite = (
        low == "the"
        or low in POSSESSIVES
        or _possessed(core)
        or (bool(core) and core[0].is_capital and low in TITLES)
    )
    kind = _type(core, head, name, known)
    role = _role(core, head, name, known, kind)
    plural = bool(_PLURAL.fullmatch(head)) or low in _ANOTHER - {"another", "one"}
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
        possessive=low in POSSESSIVES or _possessed(core),
        plural=plural,
        gender=(name.gender if name else None) or (gender_of(role) if role else None),
        body_name=_body_name(text, core)
        if name is None and kind is SourceType.ORGANISATION and not anonymous
        else None,
        modifiers=_modifiers(core, head),
        nouns=nouns,
        is_other=low in _ANOTHER or any(token.low in {"other", "another"} for token in core[:2]),
    )


def _core(tokens: list[Token]) -> list[Token]:
    """What stands before the first comma or bracket."""
    stop = next((i for i, token in enumerate(tokens) if token.text in {",", "(", "—", "–"}), len(tokens))
    return tokens[:stop]


def _head(core: list[Token]) -> str:
    """The last word before what qualifies it; of "one of the people" the people."""
    if len(core) > 2 and core[1].low == "of" and core[0].low in DETERMINERS:
        core = core[2:]
    for i, token in enumerate(core):
        if i and (
            token.low in PREPOSITIONS | RELATIVES
            or token.low in {"close", "familiar", "briefed", "who", "published"}
        ):
            return core[i - 1].low
    core = [token for token in core if token.low not in {"itself", "himself", "herself", "themselves"}]
    return core[-1].low if core else ""


def _possessed(core: list[Token]) -> bool:
    return any(token.low.endswith(("'s", "s'")) for token in core[:-1])


def _name(text: str, start: int, end: int, core: list[Token], known: Speaker) -> Named | None:
    """The name of the bearer: in the phrase itself, or in the apposition behind its comma."""
    stop = core[-1].end if core else end
    for i, token in enumerate(core):
        if (
            token.low in PREPOSITIONS | RELATIVES
            and i
            and not token.is_capital
            and not core[i - 1].is_capital
        ):
            stop = token.start
            break
    inside = [one for one in named(text[start:stop]) if not text[start + one.end :].startswith(("'s", "’s"))]
    if core and len(core) == 1 and core[0].is_capital and known.name is not None:
        return Named(known.name, core[0].start, core[0].end, None, None, None)
    last = core[-1].end if core else end
    if inside and start + inside[-1].end >= (stop if stop < last else last) - 3:
        return inside[-1]
    if core and core[-1].is_capital and known.name is not None:
        return Named(known.name, core[0].start, core[-1].end, known.role, None, None)
    if core and core[0].is_capital and core[0].low not in DETERMINERS and known.name and not _possessed(core):
        at = text.find(known.name, start, end)
        return Named(known.name, at, at + len(known.name), None, None, None)
    if last < end and _is_common(core):
        behind = text[last + 1 : end]
        for one in named("x," + behind):
            if one.start <= 4:
                return one
    return None


def _is_common(core: list[Token]) -> bool:
    head = _head(core)
    return head in PERSON_NOUNS | TITLES | ORGANISATION_NOUNS or (bool(core) and not core[-1].is_capital)


def _type(core: list[Token], head: str, name: Named | None, known: Speaker) -> SourceType:
    lows = [token.low for token in core]
    if name is None or not name.name.lower().endswith(head):
        for nouns, kind in (
            (DOCUMENT_NOUNS - ORGANISATION_NOUNS, SourceType.DOCUMENT),
            (PERSON_NOUNS, SourceType.PERSON),
            (ORGANISATION_NOUNS | OUTLET_NOUNS, SourceType.ORGANISATION),
            (DOCUMENT_NOUNS, SourceType.DOCUMENT),
        ):
            if head in nouns or (head.endswith("s") and head[:-1] in nouns):
                return kind
    if name is not None:
        if name.kind is not None:
            return name.kind
        if any(low in ORGANISATION_NOUNS | OUTLET_NOUNS for low in lows):
            return SourceType.ORGANISATION
        if any(low in PERSON_NOUNS | TITLES for low in lows):
            return SourceType.PERSON
        return known.type if " " in name.name else SourceType.ORGANISATION
    return known.type


def _role(core: list[Token], head: str, name: Named | None, known: Speaker, kind: SourceType) -> str | None:
    if kind is not SourceType.PERSON:
        return None
    if name is not None:
        if name.role is not None:
            return name.role
        if known.role is not None and not (known.name and known.role in known.name):
            return known.role
        return head if head in PERSON_NOUNS | TITLES else None
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
    if head in PERSON_NOUNS | TITLES or head.endswith(("ist", "er", "or", "ian")):
        before = [token.low for token in core if token.low == "chief"]
        return "chief executive" if before and head == "executive" else head
    return known.role


def _anonymous(
    core: list[Token], head: str, kind: SourceType, close: str | None, definite: bool, plural: bool
) -> bool:
    if close is not None or any(token.low in ANONYMOUS_WORDS for token in core):
        return True
    low = core[0].low if core else ""
    if kind is SourceType.ORGANISATION:
        return False
    if head in {"spokesman", "spokeswoman", "spokesperson"}:
        return False
    if low in _INDEFINITE or plural:
        return True
    return not (definite and head in _OFFICES)


def _body_name(text: str, core: list[Token]) -> str | None:
    """ "fire department", "water utility of Dorran": without article, owner and "itself"."""
    first = 0
    for i, token in enumerate(core):
        if token.low in DETERMINERS | POSSESSIVES or (token.low.endswith(("'s", "s'")) and i + 1 < len(core)):
            if token.low.endswith("s'") and not core[i].is_capital:
                continue
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
        if token.low not in DETERMINERS | POSSESSIVES and token.is_word:
            found.append(token.low.removesuffix("'s"))
    return tuple(found)
