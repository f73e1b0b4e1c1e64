"""From paragraph to paragraph: quotations that go on, and paragraphs that announce the next one's speaker."""

from services.extractor.attribution import Attribution
from services.extractor.cue import Reading, read
from services.extractor.frame import Token, frame, sentences
from services.extractor.linking import announced, link
from services.extractor.marks import Paragraph, paragraphs
from services.extractor.titles import is_title


def attributions(text: str) -> list[Attribution]:
    """Every quotation of the text that has a speaker, in text order of the cue's sentence.

    A quotation without a cue of its own goes to the speaker of the one right before it, in the same
    paragraph or at the end of the one before; where anything but a quotation stands between, to nobody.
    """
    found: list[Attribution] = []
    last: Attribution | None = None  # whose quotation ended the previous paragraph
    promised: Attribution | None = None  # whom the previous paragraph's colon announces
    pending: list[tuple[int, int]] = []  # paragraphs of an unclosed quotation whose speaker is still to come
    for paragraph in paragraphs(text):
        current: Attribution | None = None
        row = _readings(text, paragraph)
        for n, reading in enumerate(row):
            got = link(reading)
            spans = _only_quotations(reading)
            if n == 0 and promised is not None and spans and not got:
                promised.content += spans
                found.append(promised)
                current = promised
                continue
            if spans and not got:
                current = current or (last if n == 0 else None)
                if current is not None:
                    current.content += spans
                    current.carried = True
                elif paragraph.quotations[-1].continues:
                    pending += spans
                continue
            if got and n == 0 and pending and got[0].content[0][0] == reading.tokens[0].start:
                got[0].content[:0] = pending
            pending = []
            found += got
            current = got[-1] if got else None
        last = current
        promised = announced(row[-1]) if row else None
    return found


def _readings(text: str, paragraph: Paragraph) -> list[Reading]:
    tokens: list[Token] = frame(text, paragraph, paragraph.quotations)
    spoken = tuple(
        token.quotation
        for i, token in enumerate(tokens)
        if token.quotation is not None and not is_title(tokens, i)
    )
    if len(spoken) != len(paragraph.quotations):
        tokens = frame(text, paragraph, spoken)
    return [read(sentence.tokens) for sentence in sentences(tokens)]


def _only_quotations(reading: Reading) -> list[tuple[int, int]]:
    """The extents of the quotations of which the sentence consists; empty if there is a word besides."""
    if reading.tokens[0].quotation is None or any(token.is_word for token in reading.tokens):
        return []
    return [(token.start, token.end) for token in reading.tokens if token.quotation is not None]
