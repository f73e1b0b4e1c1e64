"""What the words of a source say of it: a name, a role, what kind of source it is, whether it is unnamed."""

import re
from typing import NamedTuple

from services.extractor.frame import Token, words
from services.extractor.lexicon import (
    ANONYMOUS_NOUNS,
    ANONYMOUS_WORDS,
    BODY_WORDS,
    DETERMINERS,
    DOCUMENT_NOUNS,
    GIVEN,
    HONORIFICS,
    ORGANISATION_NOUNS,
    PEOPLE,
    PERSON_NOUNS,
    PREPOSITIONS,
    PRONOUNS,
    RELATIVES,
    TITLE_MODIFIERS,
    TITLES,
)
from shared.contracts.enums import SourceType

_CLOSENESS = re.compile(
    r"\b(?:close to|familiar with|briefed on|with (?:direct |first-?hand |intimate )?knowledge of)\s[^,;]+"
)
_MARKS = frozenset({",", "(", ")", "—", "–", "--"})
_PARTICLES = frozenset({"&", "-", "'", "’", "de", "la", "du", "von", "van", "der", "den", "bin", "al"})
_INSTITUTION_LINKS = frozenset({"of", "for", "and", "the"})
_QUALIFIERS = frozenset({"close", "familiar", "briefed", "involved", "aware", "speaking", "based"})
# What only an apposition calls a body: "one of the largest hospital systems".
_BODIES = ORGANISATION_NOUNS | {
    "system",
    "provider",
    "maker",
    "producer",
    "brand",
    "giant",
    "subsidiary",
    "affiliate",
}
_TITLES = TITLES | TITLE_MODIFIERS
_PERSON_ENDINGS = ("er", "ers", "or", "ors", "ist", "ists", "ian", "ians", "man", "men", "woman", "women")


class Speaker(NamedTuple):
    """What is known of a source from its own words; `name` and `role` are None where they do not say. `noun`: what its
    apposition calls a body."""

    name: str | None
    role: str | None
    type: SourceType
    anonymous: bool
    closeness: str | None
    noun: str | None = None


def describe(text: str, start: int, end: int) -> Speaker:
    """Read the source that stands at `start` to `end` of the text."""
    tokens = words(text, start, end)
    core, apposition = _parts(tokens)
    if not core:
        return Speaker(None, None, SourceType.OTHER, False, None)
    if len(core) == 1 and core[0].low in PRONOUNS:
        kind = SourceType.OTHER if core[0].low == "it" else SourceType.PERSON
        return Speaker(None, None, kind, False, None)
    head = _head(core)
    name, role = _name_and_role(text, core, apposition)
    if name is not None and all(word.lower() in PERSON_NOUNS for word in name.split()):
        name = None  # "the Republican", "Democrats"
    kind = _type(core, head, apposition, name, role)
    close = _CLOSENESS.search(text, start, end)
    unnamed = any(token.low in ANONYMOUS_WORDS for token in tokens)
    anonymous = unnamed or (name is None and (close is not None or head.low in ANONYMOUS_NOUNS))
    noun = _body_noun(apposition) if kind is SourceType.ORGANISATION else None
    return Speaker(name, role, kind, anonymous, close[0].strip() if close else None, noun)


def _parts(tokens: list[Token]) -> tuple[list[Token], list[Token]]:
    """The phrase before its first comma or bracket, and the first apposition that is no age."""
    groups: list[list[Token]] = [[]]
    for token in tokens:
        if token.text in _MARKS:
            groups.append([])
        else:
            groups[-1].append(token)
    told = [group for group in groups[1:] if group and group[0].is_word and not group[0].text.isdigit()]
    return groups[0], _qualified(told[0]) if told and told[0][0].low not in RELATIVES else []


def _qualified(tokens: list[Token]) -> list[Token]:
    """An apposition without its article and without its relative clause."""
    while tokens and tokens[0].low in {"a", "an", "the"}:
        tokens = tokens[1:]
    stop = next((i for i, token in enumerate(tokens) if token.low in RELATIVES), len(tokens))
    return tokens[:stop]


def _one_of(tokens: list[Token]) -> list[Token]:
    """ "one of the largest [firms]": the "one" says nothing of who it is."""
    return tokens[2:] if [token.low for token in tokens[:2]] == ["one", "of"] else tokens


def _body_noun(apposition: list[Token]) -> str | None:
    head = _head(apposition).low if apposition else ""
    return next((noun for noun in (head, head.removesuffix("s")) if noun in _BODIES), None)


def _head(core: list[Token]) -> Token:
    """The noun that the phrase is about: the last one before what qualifies it."""
    if len(core) > 2 and core[0].low in DETERMINERS and core[1].low == "of":
        core = core[2:]
    for i, token in enumerate(core):
        if i and (token.low in PREPOSITIONS or token.low in RELATIVES or token.low in _QUALIFIERS):
            return core[i - 1]
    return core[-1]


def _name_and_role(text: str, core: list[Token], apposition: list[Token]) -> tuple[str | None, str | None]:
    """A proper name with what stands before it as its role, or a role alone: "the mayor of Oster"."""
    first, last = _capitals(core)
    titled = [i for i in range(first, last) if core[i].low in TITLES and not (i and core[i - 1].low in GIVEN)]
    begin = titled[-1] + 1 if titled else first
    if begin + 1 < last and core[begin].low == "of":
        begin += 2
    while begin < last and (core[begin].low in HONORIFICS or core[begin].low.endswith(("'s", "s'"))):
        begin += 1
    before = [token for token in core[:begin] if token.low not in HONORIFICS]
    while before and before[0].low in DETERMINERS:
        before = before[1:]
    name = text[core[begin].start : core[last - 1].end] if begin < last else None
    if name is not None and begin == 1 and core[0].text == "The":
        name = text[core[0].start : core[last - 1].end]
    if before and (titled or (name is not None and before[-1].low in PEOPLE)):
        role = text[before[0].start : before[-1].end]
        plain = all(token.low in _TITLES for token in before)
        return name, role.lower() if plain else role
    if apposition and any(token.low in PEOPLE for token in _one_of(apposition)):
        return name, text[apposition[0].start : apposition[-1].end]
    head = _head(core)
    if name is None and head.low in PERSON_NOUNS and head.low not in ANONYMOUS_NOUNS:
        return None, head.low
    return name, None


def _capitals(core: list[Token]) -> tuple[int, int]:
    """The run of capitals that holds the name, before what qualifies the head; two joined names are none."""
    first = last = 0
    for i, token in enumerate(core):
        following = core[i + 1] if i + 1 < len(core) else None
        capital = token.is_capital and token.is_word and not (i == 0 and token.low in DETERMINERS)
        if not capital and following is not None and following.is_capital:
            capital = _links(token, core[first:last])
        if capital:
            first, last = first if first < last == i else i, i + 1
        elif token.low == "and" and last > first:
            return 0, 0
        elif token.low in PREPOSITIONS or token.low in RELATIVES:
            break
        elif token.is_word:
            first = last = 0
    if last > first and core[last - 1].low.endswith(("'s", "s'")):
        return 0, 0
    return first, last


def _links(token: Token, run: list[Token]) -> bool:
    """Whether a small word goes on with a name: "Charles de Gaulle", "Department of Justice"."""
    if token.low in _PARTICLES:
        return bool(run) or token.is_word
    institution = any(part.low in ORGANISATION_NOUNS for part in run)
    office = len(run) == 1 and run[0].low in TITLES and token.low == "of"
    return office or (institution and token.low in _INSTITUTION_LINKS and run[-1].low not in TITLES)


def _type(
    core: list[Token], head: Token, apposition: list[Token], name: str | None, role: str | None
) -> SourceType:
    if role is not None:
        return SourceType.PERSON
    if _body_noun(apposition):
        return SourceType.ORGANISATION
    if not head.is_capital or name is None:
        if head.low in PERSON_NOUNS or head.low in ANONYMOUS_NOUNS:
            return SourceType.PERSON
        if head.low in DOCUMENT_NOUNS:
            return SourceType.DOCUMENT
        if head.low in ORGANISATION_NOUNS:
            return SourceType.ORGANISATION
        if head.low.endswith(_PERSON_ENDINGS) and not head.is_capital:
            return SourceType.PERSON
    if name is None:
        return SourceType.PERSON if any(t.low in PERSON_NOUNS for t in core) else SourceType.OTHER
    named = name.split()
    if core[0].low == "the" and not any(token.low.endswith("'s") for token in core):
        return SourceType.ORGANISATION
    if any(_tells_body(word) for word in named) or (len(named) > 1 and named[-1].lower() in BODY_WORDS):
        return SourceType.ORGANISATION
    return SourceType.PERSON


def _tells_body(word: str) -> bool:
    return word.lower() in ORGANISATION_NOUNS or (len(word) > 2 and word.isupper())
