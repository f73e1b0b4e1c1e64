"""The role that stands beside a name: "union secretary Carl Dunne", "its director, Hannah Vogt"."""

import re
from collections.abc import Sequence

from services.extractor.frame import Token
from services.extractor.lexicon import (
    CIRCUMSTANTIAL,
    HONORIFICS,
    NO_OCCUPATIONS,
    NOMINAL,
    ORGANISATION_NOUNS,
    PEOPLE,
    PREPOSITIONS,
    PRONOUNS,
    RELATIVES,
    SUBORDINATORS,
    TITLE_MODIFIERS,
)

_ROLES = PEOPLE - ORGANISATION_NOUNS - HONORIFICS - PRONOUNS
_NO_NOUNS = RELATIVES | SUBORDINATORS | PREPOSITIONS
_NO_OCCUPATIONS = NO_OCCUPATIONS | ORGANISATION_NOUNS  # a regulator, a retailer
_IN_ROLES = _ROLES | TITLE_MODIFIERS
_QUALIFYING = PREPOSITIONS | RELATIVES
_COMPOUND = frozenset({"chief executive", "chief of staff", "vice president", "prime minister"})
_OCCUPATION = re.compile(r"[a-z]{2,}(?:er|or|ist|ian|man|woman)")
_REACH = 12  # tokens before or behind a name in which its role may stand


def role_before(tokens: Sequence[Token], begin: int) -> str | None:
    """ "union secretary [Carl Dunne]", "its director, [Hannah Vogt]", "the governor of the island, [Jonas Keli]"."""
    at = begin - 1
    if (at >= 0 and tokens[at].low in _ROLES and not tokens[at].is_capital) or _is_opening_role(tokens, at):
        start = at
        while start > 0 and _modifies(tokens, start - 1):
            start -= 1
        return " ".join(token.low for token in tokens[start : at + 1])
    if at < 1 or tokens[at].text != ",":
        return None
    for k in range(at - 1, max(-1, at - 1 - _REACH), -1):
        token = tokens[k]
        if not token.is_word:
            return None
        opens = token.low in NOMINAL or token.low.endswith(("'s", "s'"))
        if not opens and k and tokens[k - 1].is_word:
            continue
        role = _head_role(tokens[k + opens : at])
        before = tokens[k - 1].low if k else ""
        if before in CIRCUMSTANTIAL:
            return None
        if role is not None or before not in PREPOSITIONS:
            return role if opens or role in _ROLES else None  # "Moreover, Ida Holm"
    return None


def _is_opening_role(tokens: Sequence[Token], at: int) -> bool:
    """ "Analyst [Mark Galeotti]", at the beginning of a sentence."""
    return (
        at >= 0
        and tokens[at].is_capital
        and tokens[at].low in _ROLES
        and (at == 0 or not tokens[at - 1].is_word)
    )


def _modifies(tokens: Sequence[Token], at: int) -> bool:
    low = tokens[at].low
    return tokens[at].is_word and (low in TITLE_MODIFIERS or (low in _ROLES and not tokens[at].is_capital))


def role_behind(tokens: Sequence[Token], stop: int) -> str | None:
    """ "[Helena Marsh], a hydrologist at the university", "[Erik Holm], president of the chamber"."""
    at = stop
    if at + 1 < len(tokens) and tokens[at].text == "," and tokens[at + 1].text.isdigit():
        at += 2
    if at + 1 >= len(tokens) or tokens[at].text != ",":
        return None
    end = at + 1
    while end < len(tokens) and end - at < _REACH and (tokens[end].is_word or tokens[end].text in "-&"):
        end += 1
    inner = tokens[at + 1 : end]
    if not inner or inner[0].low in _NO_NOUNS or end == len(tokens):
        return None
    if inner[0].low in NOMINAL:
        inner = inner[1:]
    elif inner[0].low not in _IN_ROLES and not inner[0].low.endswith(("'s", "s'")):
        return None
    return _head_role(inner)


def _head_role(tokens: Sequence[Token]) -> str | None:
    """The role noun of a phrase without its article, before what qualifies it."""
    core: list[Token] = []
    for i, token in enumerate(tokens):
        if token.low in _QUALIFYING and not (token.low == "of" and i and tokens[i - 1].low == "chief"):
            break
        core.append(token)
    if not core:
        return None
    lows = [token.low for token in core]
    for size in (3, 2):
        if " ".join(lows[-size:]) in _COMPOUND:
            return " ".join(lows[-size:])
    return lows[-1] if lows[-1] in _ROLES or is_occupation(lows[-1]) else None


def is_occupation(noun: str) -> bool:
    """Whether a noun ends as those do that say what somebody does: "baker", "botanist", "historian"."""
    return _OCCUPATION.fullmatch(noun) is not None and noun not in _NO_OCCUPATIONS
