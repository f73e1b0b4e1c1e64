"""From paragraph to paragraph: quotations that go on, and paragraphs that announce the next one's speaker."""

from bisect import bisect_right
from collections.abc import Sequence

from services.extractor.attribution import Attribution
from services.extractor.coloned import coloned
from services.extractor.cue import Reading, read
from services.extractor.frame import Token, frame, sentences
from services.extractor.indirect import indirect
from services.extractor.labelled import asks, labelled, turns
from services.extractor.linking import link
from services.extractor.marks import Paragraph, paragraphs
from services.extractor.named_behind import goes_with, named_behind
from services.extractor.prelude import announced, reported
from services.extractor.pulled import pulled
from services.extractor.put_at import put_at
from services.extractor.titles import is_title
from shared.contracts.parts import Span

_CLOSING = frozenset('”"»“’')


def attributions(text: str, publisher: str | None = None) -> list[Attribution]:
    """Every attribution of the text: quotations, turns with a label, and reports without marks beside them."""
    every = paragraphs(text)
    spoken = turns(text, every)
    askers = asks(text, spoken, publisher)
    found = labelled(spoken, askers)
    said = {turn.paragraph.start: turn for turn in spoken}
    shown = pulled(text, every)
    again = {paragraph.start for paragraph, _ in shown} - said.keys()
    found += {id(one): one for paragraph, one in shown if paragraph.start in again}.values()
    rows = [
        (paragraph, _readings(text, paragraph))
        for paragraph in every
        if paragraph.start not in again
        and (paragraph.start not in said or said[paragraph.start].name in askers)
    ]
    found += _quoted(text, rows)
    readings = [reading for _, row in rows for reading in row]
    taken = _by_reading(readings, [span for one in found for span in (*one.content, *one.cue)])
    for reading, spans in zip(readings, taken, strict=True):
        found += indirect(reading, spans)
        found += put_at(reading, spans)
    return found


def _by_reading(readings: Sequence[Reading], spans: Sequence[Span]) -> list[list[Span]]:
    """For each sentence the spans that it has a part of."""
    starts = [reading.tokens[0].start for reading in readings]
    found: list[list[Span]] = [[] for _ in readings]
    for span in spans:
        at = max(0, bisect_right(starts, span[0]) - 1)
        while at < len(starts) and starts[at] < span[1]:
            found[at].append(span)
            at += 1
    return found


def _quoted(text: str, rows: Sequence[tuple[Paragraph, list[Reading]]]) -> list[Attribution]:
    """Every quotation of the text that has a speaker, by the sentence that names the speaker.

    A quotation without a cue of its own goes to whoever spoke, reported or was announced right before it, in
    the same paragraph or at the end of the one before; where anything else stands between, to nobody. At the head of
    its paragraph it may be whose the next sentence says.
    """
    found: list[Attribution] = []
    ended: Attribution | None = None  # whose quotation ended the previous paragraph
    promised: Attribution | None = None  # whom the previous paragraph's colon announces
    pending: list[Span] = []  # paragraphs of an unclosed quotation whose speaker is still to come
    for paragraph, row in rows:
        speaking = promised or (ended if ended is not None and _continues(text, ended, paragraph) else None)
        opening = True
        for n, reading in enumerate(row, 1):
            got = link(reading)
            spans = [] if got else _only_quotations(reading)
            alone = bool(spans) and opening and promised is None and paragraph.quotations[0].closed
            if alone and goes_with(row[n:], text):
                pending = spans
            elif alone and speaking is None and (one := named_behind(row[n:], text, spans)) is not None:
                found.append(one)
                pending = []
            elif spans and speaking is not None:
                if not (found and found[-1] is speaking):
                    found.append(speaking)
                speaking.carried = bool(speaking.content)
                speaking.content += spans
            elif spans:
                pending += spans if paragraph.quotations[-1].continues else []
            else:
                waiting = opening or (n == 3 and pending and pending[-1][1] > paragraph.start)
                if got and waiting and pending and got[0].content[0][0] == reading.tokens[0].start:
                    got[0].content[:0] = pending
                if not (n == 2 and not got):
                    pending = []
                found += got
                speaking = got[-1] if got else reported(reading)
            opening = False
        ended = speaking if found and found[-1] is speaking else None
        promised = announced(row[-1]) or coloned(row[-1], 0, len(row[-1].tokens) - 1) if row else None
    return found


def _continues(text: str, spoken: Attribution, paragraph: Paragraph) -> bool:
    """Whether a paragraph that opens with a quotation goes on with the last one's.

    Behind a mark left open it does; behind a closed one only if it is nothing else, and the last was not introduced
    with a colon, which promises one quotation.
    """
    first, last = spoken.content[0][0], spoken.content[-1][1]
    if text[last - 1] not in _CLOSING:
        return True
    at = paragraph.start
    for quotation in paragraph.quotations:
        if any(map(str.isalnum, text[at : quotation.start])):
            return False
        at = quotation.end
    introduced = text[max(0, first - 3) : first].rstrip().endswith(":")
    return not introduced and not any(map(str.isalnum, text[at : paragraph.end]))


def _readings(text: str, paragraph: Paragraph) -> list[Reading]:
    tokens: list[Token] = frame(text, paragraph, paragraph.quotations)
    spoken = tuple(
        token.quotation
        for i, token in enumerate(tokens)
        if token.quotation is not None and not is_title(tokens, i)
    )
    if len(spoken) != len(paragraph.quotations):
        tokens = frame(text, paragraph, spoken)
    return [read(sentence) for sentence in sentences(tokens)]


def _only_quotations(reading: Reading) -> list[Span]:
    """The extents of the quotations of which the sentence consists; empty if there is a word besides."""
    if reading.tokens[0].quotation is None or any(token.is_word for token in reading.tokens):
        return []
    return [(token.start, token.end) for token in reading.tokens if token.quotation is not None]
