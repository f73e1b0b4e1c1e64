"""Turns with a label: transcripts ("SENATOR VANCE: …") and interviews ("Q: … A: …").

A turn is one claim, its label the source, its colon the cue. An interviewer's own questions are no claims.
"""

import re
from typing import NamedTuple

from services.extractor.attribution import Attribution
from services.extractor.lexicon import DOCUMENT_NOUNS
from services.extractor.marks import Paragraph
from services.extractor.speakers import ASKERS, is_entry, speakers_of

_LABEL = re.compile(
    r"(?P<name>[^\W\d_][\w.'’& -]{0,38}[\w.])(?P<colon>:)\s+(?=\S)|(?P<letter>[A-Z])(?P<colon2>:)\s+(?=\S)"
)
_LEAST_TURNS = 3  # of the article; fewer are notes such as "Correction: …"
_MAX_WORDS = 5
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
    rows = [turn for turn in rows if not is_entry(text[slice(*turn.said)])]
    if len(rows) < _LEAST_TURNS:
        return []
    speakers = speakers_of(text, [(turn.name, turn.label[0], text[slice(*turn.said)]) for turn in rows])
    rows = [turn for turn in rows if turn.name in speakers]
    return rows if len(rows) >= _LEAST_TURNS and len(speakers) > 1 else []


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
        name for name in labels if name.lower() in ASKERS or (publisher and name.lower() == publisher.lower())
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
