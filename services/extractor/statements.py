"""What the article says in its own voice and somebody could check: sentences with a figure or a date that nobody is
said to have said.

Only whole sentences, and rather none than one that is somebody's after all: a sentence with any word of saying in it,
of hearsay, of guessing or of the first person is passed over, whatever stands in it.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from services.extractor.clause import has_verb
from services.extractor.cue import read
from services.extractor.figures.figures import figures
from services.extractor.frame import Token, frame, sentences
from services.extractor.labelled import turns
from services.extractor.lexicon import PRONOUNS
from services.extractor.marks import paragraphs
from services.extractor.times import times
from shared.contracts.parts import Span

# Share of them that had nothing of an annotated attribution, by what makes them checkable: 92 in the 37 articles that
# the tagger was not trained on. Annotators also mark backing and leading as attitudes, so more are the article's.
_PRECISION = {"figure and date": 0.85, "figure": 0.78, "date": 0.75}
_LEANS = 0.9  # "It was six weeks": what "it" is stands elsewhere
_SHORTEST, _LONGEST = 4, 60  # words
# Somebody's view or a rumour, although no verb of saying tells whose; and what cannot be checked yet.
_VOICED = re.compile(
    r"\b(?:according to|reported(?:ly)?|alleged(?:ly)?|supposed(?:ly)?|apparent(?:ly)?|accused|suspected|believed"
    r"|thought|considered|expected|likely|probably|perhaps|maybe|possibly|seem(?:s|ed)?|appear(?:s|ed)?|may|might|could|would"
    r"|should|must|ought|I|me|my|we|us|our|ours|you|your|please|critics|supporters|opponents|polls?|survey|study|experts?"
    r"|analysts?|officials?|sources?|estimate[sd]?|calls?|called|claims?|hopes?|hoped|fears?|feared|wants?|wanted"
    r"|plans?|planned|vow(?:s|ed)|accus(?:es|ing)|blam(?:es|ed|ing))\b",
    re.IGNORECASE,
)
_SCARE = 4  # words in marks; more are somebody's
_AHEAD = 400  # spans looked at for one sentence: more do not fit into one


class Stated(NamedTuple):
    """A sentence without its full stop; offsets into the text."""

    span: Span
    confidence: float


def statements(text: str, taken: Sequence[Span], published: date | None) -> Iterator[Stated]:
    """The checkable sentences that share nothing with `taken`, the spans of all attributions; in text order."""
    spans = sorted(taken)
    at = 0
    every = paragraphs(text)
    spoken = {turn.paragraph.start for turn in turns(text, every)}
    for paragraph in every:
        if paragraph.start in spoken:
            continue
        for tokens in sentences(frame(text, paragraph, paragraph.quotations)):
            start, end = tokens[0].start, tokens[-1].end
            while at < len(spans) and spans[at][1] <= start:
                at += 1
            if any(a < end and start < b for a, b in spans[at : at + _AHEAD]):
                continue
            confidence = _confidence(text, tokens, published)
            if confidence is not None:
                yield Stated((start, tokens[-1].start), confidence)


def _confidence(text: str, tokens: Sequence[Token], published: date | None) -> float | None:
    """None for what is no statement that could be checked."""
    words = sum(token.is_word for token in tokens)
    if tokens[-1].text != "." or not _SHORTEST <= words <= _LONGEST or not tokens[0].text[:1].isupper():
        return None
    span = tokens[0].start, tokens[-1].start
    if _VOICED.search(text, *span) or read(tuple(tokens)).cues or not has_verb(tokens):
        return None
    if any(token.quotation is not None and len(token.text.split()) > _SCARE for token in tokens):
        return None
    counted = bool(figures(text, (span,)))
    dated = any(when.from_ or when.to for when in times(text, (span,), published))
    if not counted and not dated:
        return None
    sign = "figure and date" if counted and dated else "figure" if counted else "date"
    return round(_PRECISION[sign] * (_LEANS if tokens[0].low in PRONOUNS else 1.0), 3)
