"""What a source phrase is about: its head noun, and the name that its bearer has in it."""

import re

from services.extractor.frame import Token
from services.extractor.lexicon import (
    DETERMINERS,
    DOCUMENT_NOUNS,
    NOMINAL,
    ORGANISATION_NOUNS,
    PEOPLE,
    PERSON_NOUNS,
    PREPOSITIONS,
    PRONOUNS,
    QUALIFIED,
    RELATIVES,
    TIME_LEADS,
    TIMES_OF_DAY,
)
from services.extractor.names import Named, named
from services.extractor.speaker import Speaker
from shared.contracts.enums import SourceType

_LINKING = PREPOSITIONS | RELATIVES
_QUALIFYING = _LINKING | QUALIFIED


def core_of(tokens: list[Token]) -> list[Token]:
    """What stands before the first comma or bracket."""
    stop = next((i for i, token in enumerate(tokens) if token.text in {",", "(", "—", "–"}), len(tokens))
    return tokens[:stop]


def head_of(core: list[Token]) -> str:
    """The last word before what qualifies it; of "one of the people" the people."""
    if len(core) > 2 and core[1].low == "of" and core[0].low in DETERMINERS:
        core = core[2:]
    for i, token in enumerate(core):
        if i and token.low in _QUALIFYING:
            return core[i - 1 - 2 * _is_time(core, i - 1)].low
    core = [token for token in core if token.low not in {"itself", "himself", "herself", "themselves"}]
    return core[-1].low if core else ""


def head_end(core: list[Token]) -> int:
    """How many words stand before what qualifies the noun: of "Ida Begum of the village" two."""
    return next((i for i, token in enumerate(core) if i and token.low in _QUALIFYING), len(core))


def _is_time(core: list[Token], i: int) -> bool:
    """Whether "last week" stands between a noun and what qualifies it."""
    return i > 1 and core[i].low in TIMES_OF_DAY and core[i - 1].low in TIME_LEADS


_PLURAL = re.compile(r"(?:people|men|women|police|media|[a-z]{2,}[^su'’]s)")


def is_plural(head: str) -> bool:
    """Whether a noun in lower case means several."""
    return _PLURAL.fullmatch(head) is not None


def is_joined(text: str, core: list[Token]) -> bool:
    """Whether the phrase means two: "Ida Holm and the council", "she and her husband", "Holm and Vik".

    Offices before one name are its own ("actor and director Ida Holm"); what always stands together is one ("Marks and
    Spencer")."""
    for i, token in enumerate(core[1:-1], 1):
        if token.low == "and":
            behind = core[i + 1]
            if behind.low in NOMINAL or core[0].low in PRONOUNS | {"both"}:
                return True
            if is_pair(core):
                together = text.count(text[core[0].start : core[2].end])
                return all(text.count(part.text) > together for part in (core[0], behind))
            return not behind.is_capital and not core[-1].is_capital
    return False


def is_pair(core: list[Token]) -> bool:
    """ "Marks and Spencer": two words with capitals and nothing else."""
    return len(core) == 3 and core[1].low == "and" and core[0].is_capital and core[2].is_capital


def is_possessed(core: list[Token]) -> bool:
    stop = next((i for i, token in enumerate(core) if i and token.low in PREPOSITIONS), len(core) - 1)
    return any(token.low.endswith(("'s", "s'")) for token in core[:stop])


def name_of(text: str, start: int, end: int, core: list[Token], known: Speaker) -> Named | None:
    """The name of the bearer: in the phrase itself, or in the apposition behind its comma."""
    if known_document(core):
        return _issuer(text, start, end)
    if is_pair(core):
        return Named(
            text[core[0].start : core[2].end], core[0].start, core[2].end, None, SourceType.ORGANISATION, None
        )
    stop = core[-1].end if core else end
    for i, token in enumerate(core):
        linked = (
            i + 1 < len(core) and core[i - 1].is_capital and core[i + 1].is_capital and token.low in _LINKS
        )
        if i and token.low in _LINKING and not token.is_capital and not linked:
            stop = core[i - 1].end
            break
    first = core[0] if core else None
    inside = [
        one
        for one in named(text[start:stop])
        if not text[start + one.end :].startswith(("'s", "’s")) and one.name.lower() not in PERSON_NOUNS
    ]
    if first is not None and len(core) == 1 and first.is_capital and known.name is not None:
        kind = SourceType.ORGANISATION if text[first.end : first.end + 7] == ", which" else None
        return Named(known.name, first.start, first.end, None, kind, None)
    if inside and start + inside[-1].end >= stop - 3:
        which = text[stop : stop + 7] == ", which"
        return inside[-1]._replace(kind=SourceType.ORGANISATION) if which else inside[-1]
    if (
        first is not None
        and first.is_capital
        and first.low not in DETERMINERS
        and known.name
        and not is_possessed(core)
    ):
        at = max(start, text.find(known.name, start, end))
        if at + len(known.name) <= stop:
            return Named(known.name, at, at + len(known.name), known.role, None, None)
    last = core[-1].end if core else end
    return (
        _apposed(text, last, end)
        if last < end and _is_common(core) and not is_plural(head_of(core))
        else None
    )


def _apposed(text: str, last: int, end: int) -> Named | None:
    """The name behind the comma: "the supplier, Medra"."""
    behind = text[last + 1 : end]
    for one in named("x," + behind):
        if one.start <= 4:
            return one
    bare = behind.strip(" ,")
    plain = bare and all(word[0].isupper() for word in bare.split()) and len(bare.split()) < _MAX_BARE
    return Named(bare, last + 2, last + 2 + len(bare), None, None, None) if plain else None


def known_document(core: list[Token]) -> bool:
    """Whether the phrase is about a paper or a post, whoever issued it."""
    head = head_of(core)
    if head not in DOCUMENT_NOUNS or head in ORGANISATION_NOUNS:
        return False
    return any(token.low == head and (i == 0 or not token.is_capital) for i, token in enumerate(core))


_ISSUED = re.compile(r"\b(?:in|by|of|from)\s+")


def _issuer(text: str, start: int, end: int) -> Named | None:
    """Whose document it is: "a report in the Northern Mail", "the board's letter"."""
    found = _ISSUED.search(text, start, end)
    if found is None:
        return None
    inside = [one for one in named(text[found.end() : end]) if one.start < _NEAR_ISSUER]
    if inside:
        return inside[0]
    body = re.match(r"(?:the|an?)\s+((?:[a-z]+ )?[a-z]+)", text[found.end() : end])
    if body and body[1].split()[-1] in ORGANISATION_NOUNS:
        return Named(body[1], found.end(), found.end() + len(body[1]), None, SourceType.ORGANISATION, None)
    return None


_NEAR_ISSUER = 30  # characters behind the preposition: "in the weekly [Flugblick]"
_MAX_BARE = 4  # words of a name that stands behind a comma alone
_LINKS = frozenset({"of", "for", "and", "&"})


def _is_common(core: list[Token]) -> bool:
    head = head_of(core)
    return head in PEOPLE | ORGANISATION_NOUNS or (bool(core) and not core[-1].is_capital)
