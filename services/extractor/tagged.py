"""What a tagger hands to the structural layer: who, by which words, said what; everything else is read from these."""

from typing import NamedTuple

from shared.contracts.parts import Span

Spans = tuple[Span, ...]
TAGGER = "tagger"


class Tagged(NamedTuple):
    """One attribution as spans of the text (code points, end exclusive, in text order).

    `content` is never empty; `cue` is where no word attributes ("Smith: yes" has the colon), `source` where nobody
    is named. In "the agency cited him as saying" the source is "him" and the cue has two spans. `confidence`: the
    share of such attributions that are right, content and source. `layer`: who tagged it, for people who ask why.
    """

    content: Spans
    cue: Spans
    source: Spans
    confidence: float
    layer: str = TAGGER
