"""From paragraph to paragraph: quotations that go on, and paragraphs that announce the next one's speaker."""

from services.extractor.attribution import Attribution, attribute, introduced
from services.extractor.frame import Sentence, Token, frame, sentences
from services.extractor.marks import Paragraph, paragraphs
from services.extractor.titles import is_title


def attributions(text: str) -> list[Attribution]:
    """Every quotation of the text that has a speaker, in text order of the cue's sentence.

    A quotation without a cue of its own goes to the speaker of the one right before it, in the same
    paragraph or at the end of the one before; where anything but a quotation stands between, to nobody.
    """
    found: list[Attribution] = []
    last: Attribution | None = None  # whose quotation ended the previous paragraph
    announced: Attribution | None = None  # whom the previous paragraph's colon announces
    pending: list[tuple[int, int]] = []  # paragraphs of an unclosed quotation whose speaker is still to come
    for paragraph in paragraphs(text):
        current: Attribution | None = None
        row = _sentences(text, paragraph)
        for n, sentence in enumerate(row):
            got = attribute(sentence)
            spans = _only_quotations(sentence)
            if n == 0 and announced is not None and spans and not got:
                announced.content += spans
                found.append(announced)
                current = announced
                continue
            if spans and not got:
                current = current or (last if n == 0 else None)
                if current is not None:
                    current.content += spans
                    current.carried = True
                elif paragraph.quotations[-1].continues:
                    pending += spans
                continue
            if got and n == 0 and pending and got[0].content[0][0] == sentence.start:
                got[0].content[:0] = pending
            pending = []
            found += got
            current = got[-1] if got else None
        last = current
        announced = introduced(row[-1]) if row else None
    return found


def _sentences(text: str, paragraph: Paragraph) -> list[Sentence]:
    tokens: list[Token] = frame(text, paragraph, paragraph.quotations)
    spoken = tuple(
        token.quotation
        for i, token in enumerate(tokens)
        if token.quotation is not None and not is_title(tokens, i)
    )
    if len(spoken) != len(paragraph.quotations):
        tokens = frame(text, paragraph, spoken)
    return sentences(tokens)


def _only_quotations(sentence: Sentence) -> list[tuple[int, int]]:
    """The extents of the quotations of which the sentence consists; empty if there is a word besides."""
    if sentence.tokens[0].quotation is None or any(token.is_word for token in sentence.tokens):
        return []
    return [(token.start, token.end) for token in sentence.tokens if token.quotation is not None]
