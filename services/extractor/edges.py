"""The tagger's spans by this project's conventions, where those of the articles that it learned from differ.

There "that" belongs to a content, and a comma may end a source; and with two clauses in a row a source may end in the
verb of the other one.
"""

import re

from services.extractor.anonymity import NEAR
from services.extractor.cue_words import cue_words
from services.extractor.lexicon import (
    AUDIENCES,
    AUXILIARIES,
    DOCUMENT_NOUNS,
    OBJECT_PRONOUNS,
    PERSON_NOUNS,
    RELATIVES,
)
from services.extractor.sentence import noun_phrase_after
from services.extractor.tagged import Spans, Tagged
from services.extractor.verbs import LEMMAS, PHRASES, TELLING

_THAT = re.compile(r"that\s+", re.IGNORECASE)
_TOKEN = re.compile(r"[\w'’]+|[^\w\s]")
_MARKS = frozenset(",:;—–-")
_JOINED = re.compile(r"[ ,–—-]{0,3}(?:(?:from|of|by|in|at|for|to|published by|with)\s+)?(?:the |an? )?")
_RELATIVE = re.compile(r",? ?(?:which|who|whose|where|that)\b")
_NOBODY = frozenset({"a", "an", "not", "the"})
# Words that end no source.
_WHEN = frozenset({"earlier", "later", "previously", "recently", "repeatedly", "then"})
_LOOSE = AUXILIARIES | RELATIVES | _WHEN | {"and", "but", "also"}
# What belongs to a source without a name and stands behind it: why it has none, and how close it is.
_WITHHELD = (
    r"who (?:asked|wanted|requested|preferred|wished|chose|declined|refused|spoke|(?:was|were|did|do) not|would not)\b"
    r"[^.;:“”\"\n]{1,90}?(?:named|identified|anonymous|anonymity|unnamed|publicly|to the (?:media|press))\b"
    r"(?: because [^,.;:“”\"\n]{1,80})?"
)
_CLOSE = rf"{NEAR} [^,.;:“”\"\n]{{1,80}}?(?=,|\.|;| said\b|\s*$)"
_SELF = re.compile(r"((?:it|him|her|them)sel(?:f|ves))\s+")
_SEEMED = re.compile(r"\b(?:appear|seem)(?:s|ed)?$")
_TO = re.compile(r"to ([a-z]+) ")
_WHOM = re.compile(r"(?:(?:the|its|his|her|their) )?(?P<whom>[^\W\d_]+) (?=[“\"‘„«])")
_ISSUED = re.compile(r" (?:by|from) (?=\w)")
_BEHIND = re.compile(rf",? (?:{_WITHHELD}|{_CLOSE})")


def tidy(text: str, one: Tagged) -> Tagged:
    """The same attribution with its edges in order; no part becomes empty."""
    one = _shifted(text, one._replace(source=_beside(text, one)))
    (start, end), *rest = one.content
    for lead in (_THAT.match(text, start, end), _audience(text, one)):
        if lead is not None and lead.end() < end:
            start = lead.end()
    return whole(
        text,
        one._replace(
            content=((start, end), *rest),
            cue=_trimmed(text, one.cue, frozenset()),
            source=_trimmed(text, one.source, _LOOSE),
        ),
    )


def _beside(text: str, one: Tagged) -> Spans:
    """The one source of several pieces: nobody annotates two. Pieces that a preposition joins are one ("a slide from a
    presentation"), what begins a relative clause is not meant by it; otherwise the nearest to the cue."""
    if not one.source:
        return ()
    cues = one.cue or one.content
    near = min(one.source, key=lambda span: min(max(a - span[1], span[0] - b) for a, b in cues))
    if len(one.source) > 1:
        between = text[one.source[0][1] : one.source[1][0]]
        if _JOINED.fullmatch(between):
            near = one.source[0][0], one.source[-1][1]
        elif _RELATIVE.match(between):
            near = one.source[0]
    return () if text[slice(*near)].lower() in _NOBODY else (near,)


def whole(text: str, one: Tagged) -> Tagged:
    """The same attribution with all that is said of a source without a name."""
    return one._replace(source=_whole(text, one.source, (*one.cue, *one.content)))


def _shifted(text: str, one: Tagged) -> Tagged:
    """With each word where it belongs: "the city [itself] expects", "appeared [to rule out] a referendum"."""
    if len(one.cue) != 1:
        return one
    (start, end), (first, last) = one.cue[0], one.content[0]
    if one.source and (found := _SELF.match(text, start, end)) is not None:
        one = one._replace(
            source=(*one.source[:-1], (one.source[-1][0], found.end(1))), cue=((found.end(), end),)
        )
        start = found.end()
    verb = _TO.match(text, first, last) if _SEEMED.search(text[start:end]) else None
    if verb is not None:
        behind = text[verb.end() : last].split(maxsplit=2)[:2]
        phrases = (" ".join(rest) for rest, _ in PHRASES.get(verb[1], ()))
        phrase = next((rest for rest in phrases if " ".join(behind[: rest.count(" ") + 1]) == rest), None)
        stop = verb.end(1) if phrase is None else verb.end() + len(phrase)
        if (phrase is not None or verb[1] in LEMMAS) and stop + 1 < last:
            one = one._replace(cue=((start, stop),), content=((stop + 1, last), *one.content[1:]))
    return one


def _audience(text: str, one: Tagged) -> re.Match[str] | None:
    """Whom somebody promised "a plan", between the cue and the quotation."""
    first, last = one.content[0]
    if not one.cue or cue_words(text, one.cue).lemma not in TELLING | {"promise"}:
        return None
    found = _WHOM.match(text, first, last)
    if found is None or found["whom"].lower() not in AUDIENCES | PERSON_NOUNS | OBJECT_PRONOUNS:
        return None
    return found


def _whole(text: str, source: Spans, others: Spans) -> Spans:
    """With what is said behind it of an unnamed one, up to the next part."""
    if not source:
        return source
    start, end = source[-1]
    if any(first < end < last for first, last in others):
        return source
    until = min((first for first, _ in others if first >= end), default=len(text))
    if text[start:end].split()[-1].lower() in DOCUMENT_NOUNS and (by := _ISSUED.match(text, end, until)):
        issuer = noun_phrase_after(text, by.end(), until)
        return source if issuer is None else (*source[:-1], (start, issuer[1]))
    found = _BEHIND.match(text, end, until)
    return source if found is None else (*source[:-1], (start, end + len(found[0].rstrip())))


def _trimmed(text: str, spans: Spans, loose: frozenset[str]) -> Spans:
    """Without marks and loose words at the end."""
    if not spans:
        return spans
    start, end = spans[-1]
    tokens = list(_TOKEN.finditer(text, start, end))
    while len(tokens) > 1 and (tokens[-1][0] in _MARKS or tokens[-1][0].lower() in loose):
        tokens.pop()
    return (*spans[:-1], (start, tokens[-1].end())) if tokens else spans
