"""Who is named in an article: every name at every place, with the role and the kind that stand beside it."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from services.extractor.frame import Token, words
from services.extractor.lexicon import (
    ADVERBS,
    AUXILIARIES,
    BE,
    BODY_WORDS,
    DOCUMENT_NOUNS,
    GENERATIONS,
    GIVEN,
    HAVE,
    HEDGES,
    HONORIFICS,
    MEN,
    NOMINAL,
    ORGANISATION_NOUNS,
    PERSON_NOUNS,
    PREPOSITIONS,
    RELATIVES,
    SUBORDINATORS,
    TIMES,
    TITLE_MODIFIERS,
    TITLES,
    WOMEN,
)
from services.extractor.roles import role_before, role_behind
from shared.contracts.enums import SourceType

_PARTICLES = frozenset(
    {"de", "la", "le", "du", "von", "van", "der", "den", "bin", "al", "of", "the", "and", "&", "for"}
)
_I = frozenset({"i", "i'd", "i'll", "i'm", "i've"})
_NOT_NAMES = (
    NOMINAL
    | PREPOSITIONS
    | SUBORDINATORS
    | TIMES
    | RELATIVES
    | ADVERBS
    | HEDGES
    | ((AUXILIARIES | BE | HAVE) - {"may", "will"})
    | _I
    | {"he", "she", "it", "they"}
)
_NOT_INSIDE = TIMES | _I
_NAMED_AFTER = ORGANISATION_NOUNS | DOCUMENT_NOUNS | PERSON_NOUNS | {"camp"}
_SMALL = PREPOSITIONS | {"a", "an", "is", "are", "and", "or"}
_ENDS_OF_TITLES = TITLES | {"and"}
_BEFORE_NAMES = HONORIFICS | TITLES
_SPELLED = {
    "sen.": "senator",
    "rep.": "representative",
    "gov.": "governor",
    "prof.": "professor",
    "gen.": "general",
}
_PARTING = "\n\r\t"
_OWNER = re.compile(r"['’]s$|(?<=s)['’]$")
_LONGEST = 10  # tokens of a name with its titles
_NAMES_TOO = frozenset({"king", "bishop", "dean", "judge", "prince", "pope", "major"})
_PARTIES = frozenset({"democrat", "democratic", "republican"})
_PREFIX = 7  # tokens of a body's name before somebody's title in it
_MOST_NAMES = 4  # of one person
_WOMEN = frozenset(
    ("sister", "daughter", "wife", "actress", "ms", "ms.", "mrs", "mrs.", "queen", "princess", "she", "her")
)
_MEN = frozenset(("brother", "son", "husband", "mr", "mr.", "king", "prince", "he", "his"))


class Named(NamedTuple):
    """A name where it stands, without its titles. `role` is None where nothing beside it says one; `kind` is None
    where neither the name nor what stands beside it tells a person from a body."""

    name: str
    start: int
    end: int
    role: str | None
    kind: SourceType | None
    gender: str | None

    @property
    def last(self) -> str:
        return self.name.rsplit(None, 1)[-1]


def named(text: str) -> tuple[Named, ...]:
    """Every name of the text, in order."""
    tokens = words(text, 0, len(text))
    found: list[Named] = []
    openers: set[int] = set()  # names of one word that open a sentence: any word is written so
    i = 0
    while i < len(tokens):
        if not tokens[i].is_capital:
            i += 1
            continue
        stop = _run(text, tokens, i)
        if stop == i:
            i += 1
            continue
        one = _named(text, tokens, i, stop)
        if one is not None:
            found.append(one)
            if " " not in one.name and not _goes_on(text, tokens, i):
                openers.add(one.start)
        i = stop
    sure = {part for one in found if one.start not in openers for part in one.name.split()}
    return tuple(one for one in found if one.start not in openers or one.name in sure)


def _starts(text: str, tokens: Sequence[Token], i: int) -> bool:
    """Small words count in the middle of a sentence only ("analyst Per Lind"), a time never."""
    token = tokens[i]
    if not token.is_capital or not token.is_word or token.low in TIMES:
        return False
    if token.low in _NOT_NAMES and (token.low in _I or not _goes_on(text, tokens, i)):
        return False
    return token.low not in NOMINAL or not tokens[i - 1].text.endswith(".")  # "he said no. The council"


def _goes_on(text: str, tokens: Sequence[Token], i: int) -> bool:
    """Whether the word before stands in the same line and sentence."""
    return i > 0 and tokens[i - 1].is_word and _beside(text, tokens, i)


def _beside(text: str, tokens: Sequence[Token], i: int) -> bool:
    """Whether a space and nothing else parts a token from the one before; a line or a table's cell ends a name."""
    return tokens[i].start - tokens[i - 1].end == 1 and text[tokens[i].start - 1] not in _PARTING


def _run(text: str, tokens: Sequence[Token], i: int) -> int:
    """One past the last token of the run of capitals that begins here."""
    if not _starts(text, tokens, i):
        return i
    stop = i + 1
    while stop < min(len(tokens), i + _LONGEST) and _beside(text, tokens, stop):
        token, last = tokens[stop], tokens[stop - 1]
        ends = last.low.endswith(("'s", "s'")) or last.text.endswith(".")
        if ends and last.low not in _BEFORE_NAMES and len(last.text) > 2:
            break
        if (token.is_capital and token.is_word and token.low not in _NOT_INSIDE) or _is_number(tokens, stop):
            stop += 1
            continue
        k = stop
        while k < len(tokens) and k - stop < 2 and tokens[k].low in _PARTICLES:
            k += 1
        if k - stop == 2 and tokens[stop].low == "and":
            break  # "the Court of Justice and the Council" are two
        office = tokens[stop - 1].low in TITLES or tokens[stop - 1].low in ORGANISATION_NOUNS
        linked = stop < k < len(tokens) and tokens[k].is_capital and _beside(text, tokens, k)
        if not linked or (tokens[stop].low in {"of", "the", "and", "for"} and not office):
            break
        stop = k + 1
    return stop


def _named(text: str, tokens: Sequence[Token], first: int, stop: int) -> Named | None:
    begin, role = _past_titles(tokens, first, stop)
    if begin == stop or sum(t.is_capital and t.low in _SMALL for t in tokens[begin + 1 : stop]) > 1:
        return None  # nothing but titles, or a headline with capitals throughout
    lows = [token.low.removesuffix("'s") for token in tokens[begin:stop]]
    body = not ORGANISATION_NOUNS.isdisjoint(lows) and not {"of", "the"} & set(lows)
    while body and len(lows) > 2 and lows[-1] in _ENDS_OF_TITLES:
        lows.pop()  # "Fox News [Chairman and CEO]"
        stop -= 1
    name = _OWNER.sub("", text[tokens[begin].start : tokens[stop - 1].end])
    if role is None:
        role = role_before(tokens, begin) or role_behind(tokens, stop)
    gender = None
    for token in (*tokens[first:begin], *tokens[max(0, begin - 1) : begin]):
        gender = gender or gender_of(token.low)
    gender = gender or (gender_of(role) if role else None)
    kind = SourceType.PERSON if role is not None or first < begin else _kind(name, lows, tokens, begin, stop)
    if gender is None and stop - begin > 1 and kind is not SourceType.ORGANISATION:
        gender = _gender_of_given(lows[0])
    return Named(name, tokens[begin].start, tokens[begin].start + len(name), role, kind, gender)


def _kind(
    name: str, lows: Sequence[str], tokens: Sequence[Token], begin: int, stop: int
) -> SourceType | None:
    """What bears a name without a role, by its own words and by those around it."""
    relative = tokens[stop + 1].low if stop < len(tokens) - 1 and tokens[stop].text == "," else ""
    before = tokens[begin - 1].low if begin else ""
    if relative == "who" and before not in PREPOSITIONS:
        return SourceType.PERSON
    the = before == "the" and lows[0] not in GIVEN and not _before_noun(tokens, stop)
    return SourceType.ORGANISATION if relative == "which" or the or _is_body(name, lows) else None


def _before_noun(tokens: Sequence[Token], stop: int) -> bool:
    """ "the Clinton [campaign]": a name that only says which, and nothing of what bears it."""
    return stop < len(tokens) and not tokens[stop].is_capital and tokens[stop].low in _NAMED_AFTER


def _is_number(tokens: Sequence[Token], at: int) -> bool:
    """ "the union Metal 12", but not "Boyd 12 times"."""
    following = tokens[at + 1].low if at + 1 < len(tokens) else ""
    return tokens[at].text.isdigit() and (following in {"says", ",", "."} or not following.endswith("s"))


def _is_body(name: str, lows: Sequence[str]) -> bool:
    words = lows if len(lows) > 1 else ()
    return (
        any(low in ORGANISATION_NOUNS for low in lows)
        or not BODY_WORDS.isdisjoint(words)
        or (len(lows) == 1 and name.isupper() and len(name) > 2)
    )


def gender_of(word: str) -> str | None:
    """What a title, a role or a pronoun says of it."""
    low = word.lower()
    if low in _WOMEN or low.endswith(("woman", "women", "mother")):
        return "f"
    return "m" if low in _MEN or low.endswith(("man", "men", "father")) else None


def _gender_of_given(first: str) -> str | None:
    return "f" if first in WOMEN else "m" if first in MEN else None


def _past_titles(tokens: Sequence[Token], first: int, stop: int) -> tuple[int, str | None]:
    """Where the name begins behind its titles in capitals, and the role that they are."""
    begin, role_from, role_to = first, None, first
    while begin < stop:
        low = tokens[begin].low
        if low in _PARTIES and any(token.low in ORGANISATION_NOUNS for token in tokens[begin:stop]):
            break  # "the Democratic Party"
        if low in HONORIFICS or low in _PARTIES:
            begin += 1
        elif begin + 1 < stop and low in TITLES and tokens[begin + 1].low in ORGANISATION_NOUNS:
            break  # "the Justice Department"
        elif begin + 1 < stop and low in _NAMES_TOO and tokens[begin + 1].low in TITLES:
            role_from, begin = None, begin + 1  # "Burger King CEO Ida Holm"
        elif low in TITLES or (low in PERSON_NOUNS and begin + 1 < stop):
            role_from = begin if role_from is None else role_from
            begin += 1
            if begin + 1 < stop and tokens[begin].low == "of":
                begin += 2
            role_to = begin
        elif any(_is_office(tokens, k, stop) for k in range(begin + 1, min(begin + _PREFIX, stop - 1))):
            if low not in TITLE_MODIFIERS:
                role_from = None
            elif role_from is None:
                role_from = begin
            begin += 1
        else:
            break
    if role_from is None or role_to <= role_from:
        return begin, None
    return begin, " ".join(_SPELLED.get(token.low, _lowered(token)) for token in tokens[role_from:role_to])


def _is_office(tokens: Sequence[Token], at: int, stop: int) -> bool:
    """Whether a title stands there that is followed by a name: "Tarn Teachers Association [President] Ida Holm"."""
    behind = tokens[at + 1 : stop]
    before = tokens[at - 1].low
    if tokens[at].low not in TITLES or before in GIVEN or before in _PARTICLES or len(behind) > _MOST_NAMES:
        return False
    lows = {token.low for token in behind}
    return (
        behind[0].is_capital
        and behind[0].low not in GENERATIONS
        and lows.isdisjoint(ORGANISATION_NOUNS | BODY_WORDS)
    )


def _lowered(token: Token) -> str:
    return token.text if token.text.isupper() and len(token.text) > 1 else token.low
