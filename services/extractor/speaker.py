"""What the words of a source say of it: a name, a role, what kind of source it is, whether it is unnamed."""

import re
from typing import NamedTuple

from services.extractor.frame import Token, words
from services.extractor.lexicon import (
    ANONYMOUS_NOUNS,
    ANONYMOUS_WORDS,
    DETERMINERS,
    DOCUMENT_NOUNS,
    HONORIFICS,
    ORGANISATION_NOUNS,
    PERSON_NOUNS,
    PREPOSITIONS,
    PRONOUNS,
    RELATIVES,
    TITLES,
)
from shared.contracts.enums import SourceType

_CLOSENESS = re.compile(
    r"\b(?:close to|familiar with|briefed on|with (?:direct |first-?hand |intimate )?knowledge of)\s[^,;]+"
)
_PARTICLES = frozenset({"&", "-", "'", "’", "de", "la", "du", "von", "van", "der", "den", "bin", "al"})
_INSTITUTION_LINKS = frozenset({"of", "for", "and", "the"})
_PLACE_HEADS = frozenset({"close", "familiar", "briefed", "involved", "aware"})


class Speaker(NamedTuple):
    """What is known of a source from its own words; `name` and `role` are None where they do not say."""

    name: str | None
    role: str | None
    type: SourceType
    anonymous: bool
    closeness: str | None


def describe(text: str, start: int, end: int) -> Speaker:
    """Read the source that stands at `start` to `end` of the text."""
    tokens = words(text, start, end)
    core, apposition = _core(tokens)
    if not core:
        return Speaker(None, None, SourceType.OTHER, False, None)
    if core[0].low in PRONOUNS and len(core) == 1:
        kind = SourceType.OTHER if core[0].low == "it" else SourceType.PERSON
        return Speaker(None, None, kind, False, None)
    head = _head(core)
    run = _name(core)
    name = text[run[0].start : run[-1].end] if run else None
    role = _role(text, core, run, apposition)
    kind = _type(core, run, head, role)
    if (
        kind is SourceType.ORGANISATION
        and run
        and run[0].start > start
        and text[start:].startswith(("The ", "A "))
    ):
        name = text[start : run[-1].end] if run[0] is core[1] and core[0].is_capital else name
    close = _CLOSENESS.search(text, start, end)
    unnamed = any(token.low in ANONYMOUS_WORDS for token in tokens)
    anonymous = unnamed or (name is None and (close is not None or head.low in ANONYMOUS_NOUNS))
    return Speaker(name, role, kind, anonymous, close[0].strip() if close else None)


def _core(tokens: list[Token]) -> tuple[list[Token], list[Token]]:
    """The phrase before its first comma or bracket, and the apposition behind that comma."""
    for i, token in enumerate(tokens):
        if token.text in {",", "(", "—", "–", "--"}:
            behind = tokens[i + 1 :]
            for k, other in enumerate(behind):
                if other.text in {",", ")"}:
                    behind = behind[:k]
                    break
            return tokens[:i], behind if token.text == "," else []
    return tokens, []


def _head(core: list[Token]) -> Token:
    """The noun that the phrase is about: the last one before what qualifies it."""
    rest = core
    if (
        len(core) > 2
        and core[0].low in {"one", "some", "many", "most", "all", "several"}
        and core[1].low == "of"
    ):
        rest = core[2:]
    for i, token in enumerate(rest):
        if i and (token.low in PREPOSITIONS or token.low in RELATIVES or token.low in _PLACE_HEADS):
            return rest[i - 1]
    return rest[-1]


def _name(core: list[Token]) -> list[Token]:
    """The proper name in the phrase: the last run of capitals before what qualifies the head."""
    best: list[Token] = []
    run: list[Token] = []
    for i, token in enumerate(core):
        following = core[i + 1] if i + 1 < len(core) else None
        if (token.is_capital and token.is_word and not (i == 0 and token.low in DETERMINERS)) or (
            run and following is not None and following.is_capital and _links(token, run)
        ):
            run.append(token)
        elif token.low in PREPOSITIONS or token.low in RELATIVES:
            best = run or best
            run = []
            break
        elif token.is_word:
            best = []
            run = []
        else:
            best, run = run or best, []
    best = run or best
    while len(best) > 1 and best[0].low in TITLES | HONORIFICS:
        best = best[1:]
    if not best or (best[0].low in TITLES and len(best) == 1) or best[-1].low.endswith(("'s", "s'")):
        return []
    return best


def _links(token: Token, run: list[Token]) -> bool:
    """Whether a small word goes on with a name: "Charles de Gaulle", "Department of Justice"."""
    return token.low in _PARTICLES or (token.low in _INSTITUTION_LINKS and _institution(run))


def _institution(run: list[Token]) -> bool:
    return any(token.low in ORGANISATION_NOUNS or token.low in {"university", "department"} for token in run)


def _role(text: str, core: list[Token], run: list[Token], apposition: list[Token]) -> str | None:
    """What the source is, where the text says so before the name, behind a comma, or instead of a name."""
    if not run:
        head = _head(core)
        return head.low if head.low in PERSON_NOUNS and head.low not in ANONYMOUS_NOUNS | PRONOUNS else None
    before = [token for token in core if token.end <= run[0].start and token.low not in HONORIFICS]
    while before and before[0].low in DETERMINERS:
        before = before[1:]
    if before and (before[-1].low in TITLES or before[-1].low in PERSON_NOUNS):
        role = text[before[0].start : before[-1].end]
        return role.lower() if all(token.low in TITLES for token in before) else role
    while apposition and apposition[0].low in {"a", "an", "the"}:
        apposition = apposition[1:]
    if apposition and any(token.low in PERSON_NOUNS or token.low in TITLES for token in apposition):
        return text[apposition[0].start : apposition[-1].end]
    return None


def _type(core: list[Token], run: list[Token], head: Token, role: str | None) -> SourceType:
    if role is not None:
        return SourceType.PERSON
    if not head.is_capital:
        if head.low in PERSON_NOUNS or head.low in ANONYMOUS_NOUNS:
            return SourceType.PERSON
        if head.low in DOCUMENT_NOUNS:
            return SourceType.DOCUMENT
        if head.low in ORGANISATION_NOUNS:
            return SourceType.ORGANISATION
    if run:
        if any(token.low in ORGANISATION_NOUNS for token in run):
            return SourceType.ORGANISATION
        if any(len(token.text) > 2 and token.text.isupper() for token in run) or core[0].low == "the":
            return SourceType.ORGANISATION
        return SourceType.PERSON
    if any(token.low in PERSON_NOUNS for token in core):
        return SourceType.PERSON
    return SourceType.OTHER
