"""Through whom a claim came: from relays to the origin, each link pointing to where it was introduced."""

import re
from typing import NamedTuple

from services.extractor.anonymity import GROUP, OFFICIALS, anonymity
from services.extractor.cue_words import CueWords
from services.extractor.entities import Entities
from services.extractor.entity import Entity
from services.extractor.lexicon import OUTLET_WORDS
from services.extractor.name_forms import is_short_for
from services.extractor.phrases import phrase
from services.extractor.sentence import noun_phrase_after, noun_phrase_before
from services.extractor.tagged import Tagged
from shared.contracts.enums import ChainRole, SourceType
from shared.contracts.parts import ChainLink, Span

# "reported Sunday, citing an official", "a report in the Mail, which quoted an engineer".
_CITING = re.compile(
    r"^(?:[^,;.“”\"]{0,40})?,?\s+(?:citing|quoting|which (?:quoted|cited|quotes|cites)|that (?:quoted|cited))\s+"
)
_BY = re.compile(r"^\s*(?:by|in)\s+")
_QUOTED_BY = re.compile(r"\b(?:by|in)\s+")
_ISSUED = re.compile(r"\b(?:in|by|of|from)\s+(?:the\s+)?")
_SAID_THAT = re.compile(
    r"(?:^|[.!?:\n”\"]\s*)([^.!?:\n“”\"]{2,60}?)\s+(?:said|say|says|reported|report|reports)\s+(?:that\s+)?$"
)
_MEDIA = re.compile(
    r"\b(?:media|news agenc(?:y|ies)|agency|television|radio|newspapers?|press|agencies|broadcaster)\b", re.I
)


class Chain(NamedTuple):
    """`source`: the entity that the cue attaches to; `origin` the last of the links; `role` what the source is called,
    which for an unnamed one is what this phrase calls it."""

    source: Entity | None
    origin: Entity | None
    relays: tuple[Entity, ...]
    links: tuple[ChainLink, ...]
    role: str | None = None


def chain(
    text: str,
    one: Tagged,
    cue: CueWords,
    known: Entities,
    publisher: str | None,
    outer: Entity | None = None,
) -> Chain:
    """Resolve the source of an attribution and whoever stands between it and the publisher. `outer`: in whose
    quotation it stands."""
    if not one.source:
        return Chain(None, None, (), ())
    span = one.source[0][0], one.source[-1][1]
    relays: list[Entity] = []
    origin: Entity | None = None
    relay = _active_relay(text, one, cue) or _passive_relay(text, one, cue) or said_that(text, span)
    if relay is not None:
        relays.append(known.resolve(relay, outlet=True))
    source = known.resolve(
        span, relay=relays[0] if relays else None, said=one.content, apart=outer, publisher=publisher
    )
    cited = _cited(text, one, span)
    if cited is not None:
        outlet = _issuer(text, span, source, known)
        outlet.outlet = True
        relays = [outlet]
        origin = known.resolve(cited, relay=outlet)
    elif not relays and cue.passive and source.anonymous:
        outlets = known.outlets(span[0])
        relays += outlets[:1]
        source.relayed_by = source.relayed_by or (outlets[0] if outlets else None)
    elif not relays and source.anonymous and source.relayed_by is not None:
        relays.append(source.relayed_by)
    elif not relays and source.anonymous:
        owner = _owner(text, span, known)
        relays += [owner] if owner else []
    if not relays and cued_told(cue):
        told = _told_outlet(text, one, known, publisher)
        relays += [told] if told is not None else []
    if not relays and outer is not None and outer is not source:
        relays = [outer]
    origin = origin or source
    links = tuple(_link(ChainRole.RELAY, relay) for relay in relays) + (_link(ChainRole.ORIGIN, origin),)
    role = _unnamed_role(text, span) if source.anonymous else source.role
    return Chain(source, origin, tuple(relays), links, role)


def _unnamed_role(text: str, span: Span) -> str | None:
    """What this phrase calls a single one; "officials" and "residents" are no offices."""
    if anonymity(text[span[0] : span[1]]) in {GROUP, OFFICIALS}:
        return None
    return phrase(text, *span).role


def _link(role: ChainRole, one: Entity) -> ChainLink:
    return ChainLink(
        as_=role,
        name=one.name,
        text=one.text,
        spans=one.spans,
        anonymous=one.anonymous and role is ChainRole.ORIGIN,
        closeness=one.closeness if role is ChainRole.ORIGIN else None,
        entity=one.id,
    )


def cued_told(cue: CueWords) -> bool:
    return cue.lemma == "tell"


def _active_relay(text: str, one: Tagged, cue: CueWords) -> Span | None:
    """ "[the Post] cited its engineer as saying": the subject of the cue's first part."""
    if not cue.passes_on or cue.passive or len(one.cue) < 2:
        return None
    return noun_phrase_before(text, one.cue[0][0])


def _passive_relay(text: str, one: Tagged, cue: CueWords) -> Span | None:
    """ "was quoted as saying by [the paper]", "was quoted by [the paper] as saying"."""
    if not cue.passive:
        return None
    for (_, end), until in zip(one.cue, [*(start for start, _ in one.cue[1:]), len(text)], strict=True):
        found = _BY.match(text[end : min(until, end + 8)])
        if found:
            return noun_phrase_after(text, end + found.end())
    inner = text[one.cue[0][0] : one.cue[-1][1]]
    found = _QUOTED_BY.search(inner)
    if found and len(one.cue) == 1:
        return noun_phrase_after(text, one.cue[0][0] + found.end(), until=one.cue[0][1])
    return None


def said_that(text: str, span: Span) -> Span | None:
    """ "[Local media] said police had told them": a verb that only carries the cue's."""
    found = _SAID_THAT.search(text[max(0, span[0] - 100) : span[0]])
    if not found or not text[span[1] :].lstrip().startswith(("had told", "have told", "told", "had said")):
        return None
    base = max(0, span[0] - 100)
    return base + found.start(1), base + found.end(1)


def _cited(text: str, one: Tagged, span: Span) -> Span | None:
    """Whom the source cites: "reported on Monday, citing [an unnamed engineer]"."""
    at = max([span[1], *(end for _, end in one.cue)])
    for end in sorted(
        {at, span[1], *(end for _, end in one.cue), max((e for _, e in one.content), default=at)}
    ):
        found = _CITING.match(text[end : end + 80])
        if found:
            return noun_phrase_after(text, end + found.end())
    return None


def _issuer(text: str, span: Span, source: Entity, known: Entities) -> Entity:
    """The outlet of "a report in the weekly Flugblick"; a source that is no document is the outlet itself."""
    if source.type is not SourceType.DOCUMENT:
        return source
    found = _ISSUED.search(text, span[0], span[1])
    return known.resolve((found.end(), span[1]), outlet=True) if found else source


def _owner(text: str, span: Span, known: Entities) -> Entity | None:
    """Whose source it is: "one of [WSJ]’s sources"."""
    found = re.search(
        r"([A-Z][\w&.-]*(?: [A-Z][\w&.-]*)*)['’]s?\s+(?:\w+\s+){0,2}sources?\b", text[span[0] : span[1]]
    )
    if not found:
        return None
    read = phrase(text, span[0] + found.start(1), span[0] + found.end(1))
    return next(
        (
            one
            for one in known.outlets(span[0])
            if one.name and is_short_for(read.name or read.text, one.name)
        ),
        None,
    )


def _told_outlet(text: str, one: Tagged, known: Entities, publisher: str | None) -> Entity | None:
    """ "told [the Northern Mail]": an outlet that is not the publisher."""
    end = one.cue[-1][1]
    at = noun_phrase_after(text, end + 1)
    if at is None:
        return None
    read = phrase(text, *at)
    if read.name is None or (read.type is SourceType.PERSON and not _MEDIA.search(read.text)):
        return None
    if publisher is not None and _folded(read.name) in _folded(publisher):
        return None
    told = _MEDIA.search(read.text) or read.is_outlet or OUTLET_WORDS & set(read.name.lower().split())
    if not told and not any(one.name and read.name in one.name for one in known.outlets(end)):
        return None
    return known.resolve(at, outlet=True)


def _folded(name: str) -> str:
    return name.casefold().removeprefix("the ")
