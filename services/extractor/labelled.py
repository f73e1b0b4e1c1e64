"""Turns with a label: transcripts ("SENATOR VANCE: …") and interviews ("Q: … A: …").

A turn is one claim, its label the source, its colon the cue. An interviewer's own questions are no claims.
"""

import re
from collections import Counter
from typing import NamedTuple

from services.extractor.attribution import Attribution
from services.extractor.lexicon import DOCUMENT_NOUNS, HONORIFICS, PEOPLE, RELATIVES
from services.extractor.marks import Paragraph
from services.extractor.name_forms import folded
from services.extractor.names import GIVEN
from services.extractor.names import named as names
from shared.contracts.enums import SourceType

_LABEL = re.compile(
    r"(?P<name>[^\W\d_][\w.'’& -]{0,38}[\w.])(?P<colon>:)\s+(?=\S)|(?P<letter>[A-Z])(?P<colon2>:)\s+(?=\S)"
)
_LEAST_TURNS = 3  # of the article; fewer are notes such as "Correction: …"
_MAX_WORDS = 5
_ASKER = frozenset({"q", "question", "interviewer"})
_PREAMBLE = DOCUMENT_NOUNS | {
    "correction",
    "update",
    "note",
    "photo",
    "caption",
    "read",
    "related",
    "source",
    "editor",
}
_I_AND_YOU = re.compile(r"\b(?:I|[Yy]ou|[Ww]e|[Mm]y|[Mm]e|[Yy]our|us|our)\b")


_CLOSING = " \n\"'”’»)]"
_ENDS = frozenset(".?!…")
_SPEAKERS = PEOPLE | {"announcer", "audience", "court", "crowd", "narrator", "operator"}
_FIRST = GIVEN | {honorific.rstrip(".") for honorific in HONORIFICS}
_SMALL = re.compile(r"\b[a-z][a-z'’-]+\b")


class Turn(NamedTuple):
    """One labelled paragraph; offsets of label, colon and what is said."""

    paragraph: Paragraph
    label: tuple[int, int]
    colon: tuple[int, int]
    said: tuple[int, int]
    name: str


def turns(text: str, found: list[Paragraph]) -> list[Turn]:
    """The turns of an article; none if it has too few to be a conversation."""
    rows = [turn for paragraph in found if (turn := _turn(text, paragraph)) is not None]
    if len(rows) < _LEAST_TURNS:
        return []
    speakers = _speakers(text, rows)
    rows = [turn for turn in rows if turn.name in speakers]
    return rows if len(rows) >= _LEAST_TURNS and len(speakers) > 1 else []


def _speakers(text: str, rows: list[Turn]) -> set[str]:
    """The labels of somebody: named in the text or with a first name, called what people are called, saying "I" or
    "you", or speaking in turn with another.

    What heads a row of facts is nobody's: "PRICE: $35", "WHERE: the quay", "Pros: it is light".
    """
    labels = {turn.label[0] for turn in rows}
    full = [one for one in names(text) if " " in one.name and one.start not in labels]
    bodies = {part for one in full if one.kind is SourceType.ORGANISATION for part in folded(one.name)}
    named = {part for one in full for part in folded(one.name)} - bodies
    found: set[str] = set()
    counted = Counter(turn.name for turn in rows)
    addressed = Counter(turn.name for turn in rows if _addresses(text[slice(*turn.said)]))
    stated = Counter(turn.name for turn in rows if text[slice(*turn.said)].rstrip(_CLOSING)[-1:] in _ENDS)
    small = set(_SMALL.findall(text))
    no_word = {label for label in counted if label.lower() not in small}
    spoken = {label for label, n in addressed.items() if 2 * n > counted[label]} & no_word
    if len({folded(label)[-1] for label in spoken}) == sum(counted[label] for label in spoken):
        # Each once: nobody answers anybody, unless these are names.
        spoken = {label for label in spoken if len(folded(label)) > 1 and small.isdisjoint(folded(label))}
    answering = {label for label, n in counted.items() if n > 1 and stated[label] == n} & no_word
    spoken |= answering if len(answering) > 1 else set()
    for label in sorted(counted, key=len, reverse=True):
        words = folded(label)
        if (
            len(label) == 1
            or label.lower() in _ASKER
            or words[0] in _FIRST
            or not _SPEAKERS.isdisjoint(words)
            or (named.issuperset(words) and RELATIVES.isdisjoint(words))
            or label in spoken
        ):
            found.add(label)
            named.update(words if len(words) > 1 else ())
    return found


def _addresses(said: str) -> bool:
    """Whether somebody speaks of himself, to somebody, or asks."""
    return _I_AND_YOU.search(said) is not None or said.rstrip(_CLOSING).endswith("?")


def _turn(text: str, paragraph: Paragraph) -> Turn | None:
    match = _LABEL.match(text, paragraph.start, paragraph.end)
    if match is None:
        return None
    name = match["name"] or match["letter"]
    words = name.split()
    if len(words) > _MAX_WORDS or not all(word[0].isupper() or word in {"of", "the", "de"} for word in words):
        return None
    if words[-1].lower() in _PREAMBLE or words[0].lower() in _PREAMBLE:
        return None
    key = "name" if match["name"] else "letter"
    stop = paragraph.start + len(text[paragraph.start : paragraph.end].rstrip())
    return Turn(
        paragraph,
        match.span(key),
        match.span("colon" if match["name"] else "colon2"),
        (match.end(), stop),
        name,
    )


def asks(text: str, rows: list[Turn], publisher: str | None) -> frozenset[str]:
    """The labels of whoever interviews: "Q", the publisher, and in a dialogue of two whoever only asks."""
    labels = {turn.name for turn in rows}
    found = {
        name for name in labels if name.lower() in _ASKER or (publisher and name.lower() == publisher.lower())
    }
    if not found and len(labels) == 2:
        for name in labels:
            said = [text[turn.said[0] : turn.said[1]] for turn in rows if turn.name == name]
            if all(one.endswith("?") for one in said) and not name.isupper():
                found.add(name)
    return frozenset(found)


def labelled(rows: list[Turn], interviewers: frozenset[str]) -> list[Attribution]:
    """An attribution a turn, but for those of the interviewers."""
    return [
        Attribution(
            rule="labelled",
            content=[turn.said],
            cue=(turn.colon,),
            source=(turn.label,),
            negated=False,
        )
        for turn in rows
        if turn.name not in interviewers
    ]
