"""A sentence without marks that says whose the quotation after it is."""

from services.extractor.agent import agent
from services.extractor.attribution import Attribution, attribution
from services.extractor.content import content_start
from services.extractor.cue import Cue, Reading
from services.extractor.subject import subject_before
from services.extractor.verbs import INNER, MANNER

_MIN_REPORT = 3  # tokens: less is no content ("Smith agreed.")
_MAX_TAIL = 6  # tokens behind a cue that ends its sentence: ", Smith said in an interview on Friday."


def announced(reading: Reading) -> Attribution | None:
    """Whom "Smith said in a statement:" at a paragraph's end announces; the content is still to come."""
    tokens = reading.tokens
    if tokens[-1].text != ":":
        return None
    stop = len(tokens) - 1
    for cue in reversed(reading.cues):
        if not cue.speaks:
            continue
        speaker = agent(reading, cue, 0, stop)
        if speaker is not None:
            return attribution("announced", reading, cue, speaker, [])
    return None


def reported(reading: Reading) -> Attribution | None:
    """A report without marks that quotations right behind it go on with: Smith said it was late. "…"

    The report alone is no claim of this extractor; with a quotation it is the first part of a mixed one.
    """
    tokens = reading.tokens
    if reading.has_quotation:
        return None
    for cue in reading.cues:
        if not (cue.finite and cue.speaks) or cue.lemma in MANNER | INNER:
            continue
        source = subject_before(tokens, 0, cue.first)
        if source is None:
            continue
        if source[0] and tokens[source[0] - 1].text == "," and _ends(reading, cue):
            start, stop = 0, source[0] - 1
        else:
            stop = len(tokens) - 1
            found = content_start(tokens, cue, stop) if cue.last < stop else None
            if found is None:
                return None
            start = found
        if stop - start < _MIN_REPORT:
            return None
        content = [(tokens[start].start, tokens[stop - 1].end)]
        return attribution("reported", reading, cue, source, content)
    return None


def _ends(reading: Reading, cue: Cue) -> bool:
    """Whether nothing but a circumstance stands between the cue and the end of the sentence."""
    return len(reading.tokens) - cue.last <= _MAX_TAIL
