"""The tagger's spans in the terms of the rules: which verb it is, whether it is negated, what stands in marks."""

from __future__ import annotations

from bisect import bisect_right

from services.extractor.attribution import Attribution
from services.extractor.cue import Cue, Reading, read
from services.extractor.frame import Token, frame, sentences, words
from services.extractor.lexicon import NEGATIONS
from services.extractor.marks import paragraphs
from services.extractor.tagged import Tagged
from services.extractor.verbs import FORMS, PHRASES
from shared.contracts.parts import Span

RULE = "tagger"


class Sentences:
    """The sentences and quotations of a text, read once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._readings: list[Reading] = []
        self._marked: list[Span] = []
        for paragraph in paragraphs(text):
            tokens = frame(text, paragraph, paragraph.quotations)
            self._readings += [read(sentence) for sentence in sentences(tokens)]
            self._marked += [(quotation.start, quotation.end) for quotation in paragraph.quotations]
        self._starts = [reading.tokens[0].start for reading in self._readings]

    def attribution(self, one: Tagged) -> Attribution:
        """The same as an attribution."""
        start, end = one.cue[0][0], one.cue[-1][1]
        reading = self._readings[max(0, bisect_right(self._starts, start) - 1)]
        cue = self._cue(reading, start, end)
        inside = words(self._text, start, end)
        shares = [self._in_marks(span) for span in one.content]
        return Attribution(
            rule=RULE,
            content=list(one.content),
            cue=one.cue,
            source=one.source,
            relay=(),
            sentence=(reading.tokens[0].start, reading.tokens[-1].end),
            lemma=cue.lemma if cue is not None else _lemma(inside),
            negated=(cue is not None and cue.negated) or any(word.low in NEGATIONS for word in inside),
            mixed=not all(shares),
            quoted=any(share is not False for share in shares),
            confidence=one.confidence,
        )

    def _cue(self, reading: Reading, start: int, end: int) -> Cue | None:
        """The rules' cue that shares a word with the tagger's."""
        for cue in reading.cues:
            if any(a < end and start < b for a, b in cue.spans(reading.tokens)):
                return cue
        return None

    def _in_marks(self, span: Span) -> bool | None:
        """Whether all of a span stands in marks; None: a part of it."""
        at = bisect_right(self._marked, (span[1], 0))
        partly = False
        for marked in reversed(self._marked[:at]):
            if marked[1] <= span[0]:
                break
            if marked[0] <= span[0] and span[1] <= marked[1]:
                return True
            partly = True
        return None if partly else False


def _lemma(words_of_cue: list[Token]) -> str:
    """Of words that the rules do not take for a cue: the last verb of speech among them, or else the last word."""
    for i in reversed(range(len(words_of_cue))):
        low = words_of_cue[i].low
        if low in FORMS:
            return FORMS[low].lemma
        if low in PHRASES:
            return PHRASES[low][0][1]
    return words_of_cue[-1].low if words_of_cue else ""
