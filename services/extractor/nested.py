"""Quotations inside quotations: "He told his mate, ‘The storm will wait,’ and laughed," Palm said.

Whose an inner one is stands in the outer one, which the readers take as a whole. One that names a speaker of its own
is a claim of its own; its relay, the outer speaker, is read by the structural layer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from services.extractor.attribution import Attribution
from services.extractor.cue import read
from services.extractor.frame import frame, sentences
from services.extractor.linking import link
from services.extractor.marks import CLOSED_BY, Paragraph, Quotation, doubles
from services.extractor.rules import tagged_by
from services.extractor.single_marks import pairs
from services.extractor.tagged import Tagged
from shared.contracts.parts import Span

# Straight single ones too: within a quotation they are marks more often than apostrophes.
_CLOSED_BY = CLOSED_BY | {"'": "'"}
_SINGLES = frozenset("‘‚'")
_DOUBLES = frozenset('“"„')  # French marks may hold English ones
# Straight and German single marks that open, by what stands beside them.
_OPENS = re.compile(r"(?:(?<=[\s(—–:,])|^)['‚](?=\w)")
_LONGEST = 5_000  # characters of a quotation that is looked into: a turn of a hearing may run to a page
# Who quotes himself says nothing that the outer quotation does not; "you say" and "people say" suppose.
_NOBODY_ELSE = frozenset(
    {"i", "we", "you", "one", "nobody", "it", "they", "people", "some", "others", "everybody"}
)
_SUPPOSES = re.compile(r"\b(?:if|would|could|might|should|imagine|suppose|whenever|when)\b", re.IGNORECASE)


def nested(text: str, found: Sequence[Tagged]) -> list[Tagged]:
    """The attributions within the quotations of others, as sure as the rule that reads them and the outer one."""
    inner: list[Tagged] = []
    for outer in found:
        turn = outer.cue and text[slice(*outer.cue[0])] == ":"
        for span in outer.content:
            if (turn or text[span[0]] in _CLOSED_BY) and span[1] - span[0] <= _LONGEST:
                inner += (
                    one._replace(confidence=round(one.confidence * outer.confidence, 3))
                    for one in map(tagged_by, _within(text, span))
                )
    return inner


def _within(text: str, span: Span) -> Iterator[Attribution]:
    """What somebody else is quoted with in a stretch of speech."""
    marked = _stretches(text, span)
    if not marked:
        return
    paragraph = Paragraph(span[0] + (text[span[0]] in _CLOSED_BY), span[1], marked)
    for sentence in sentences(frame(text, paragraph, paragraph.quotations)):
        for one in link(read(sentence)):
            who = text[one.source[0][0] : one.source[-1][1]]
            before = text[sentence[0].start : max(one.cue[0][0], one.source[0][0])]
            whole = all(text[start] in _CLOSED_BY for start, _ in one.content)
            if (whole or one.rule == "before-mixed") and not (
                one.negated or who.lower() in _NOBODY_ELSE or _SUPPOSES.search(before)
            ):
                yield one


def _stretches(text: str, span: Span) -> tuple[Quotation, ...]:
    """What stands in inner marks, in text order: single ones in double ones, double ones in single ones."""
    start, end = span
    outer = text[start]
    if outer in _CLOSED_BY:
        start += 1
        end -= text[end - 1] in _CLOSED_BY[outer]
    said = text[start:end]
    found = [] if outer in _DOUBLES else list(doubles(text, start, end))
    if outer not in _SINGLES and not _SINGLES.isdisjoint(said):
        if "‚" in said:
            said = said.replace("‘", "’")  # German closing ones
        curled = _OPENS.sub("‘", said).replace("'", "’")
        found += (
            Quotation(start + first, start + stop, True, False)
            for first, stop in pairs(curled, 0, len(curled))
            if stop is not None
        )
    found.sort()
    return tuple(one for n, one in enumerate(found) if not n or found[n - 1].end <= one.start)
