"""From paragraph to paragraph: quotations that go on, and paragraphs that announce the next one's speaker."""

from services.extractor.attribution import Attribution
from services.extractor.cue import Reading, read
from services.extractor.frame import Token, frame, sentences
from services.extractor.linking import link
from services.extractor.marks import Paragraph, paragraphs
from services.extractor.prelude import announced, reported
from services.extractor.titles import is_title
from shared.contracts.parts import Span


def attributions(text: str) -> list[Attribution]:
    """Every quotation of the text that has a speaker, by the sentence that names the speaker.

    A quotation without a cue of its own goes to whoever spoke, reported or was announced right before it, in
    the same paragraph or at the end of the one before; where anything else stands between, to nobody.
    """
    found: list[Attribution] = []
    ended: Attribution | None = None  # whose quotation ended the previous paragraph
    promised: Attribution | None = None  # whom the previous paragraph's colon announces
    pending: list[Span] = []  # paragraphs of an unclosed quotation whose speaker is still to come
    for paragraph in paragraphs(text):
        row = _readings(text, paragraph)
        speaking = promised or ended
        opening = True
        for reading in row:
            got = link(reading)
            spans = [] if got else _only_quotations(reading)
            if spans and speaking is not None:
                if not (found and found[-1] is speaking):
                    found.append(speaking)
                speaking.carried = bool(speaking.content)
                speaking.content += spans
            elif spans:
                pending += spans if paragraph.quotations[-1].continues else []
            else:
                if got and opening and pending and got[0].content[0][0] == reading.tokens[0].start:
                    got[0].content[:0] = pending
                pending = []
                found += got
                speaking = got[-1] if got else reported(reading)
            opening = False
        ended = speaking if found and found[-1] is speaking else None
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
    return [read(sentence) for sentence in sentences(tokens)]


def _only_quotations(reading: Reading) -> list[Span]:
    """The extents of the quotations of which the sentence consists; empty if there is a word besides."""
    if reading.tokens[0].quotation is None or any(token.is_word for token in reading.tokens):
        return []
    return [(token.start, token.end) for token in reading.tokens if token.quotation is not None]
