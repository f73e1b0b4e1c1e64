"""The tagger: a text in, attributions out, as offsets with a calibrated confidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from services.extractor.tagged import Spans, Tagged
from services.extractor.tagger.decoding import EVIDENCE, Constants, Found, decode
from services.extractor.tagger.heads import Heads, Seen
from services.extractor.tagger.pieces import Pieces, read
from services.extractor.tagger.windows import Window, cut
from services.extractor.tagger.wordpiece import WordPiece

# Of one text: 20,000 words, forty times a long article, for which a worker takes some five of its fifteen seconds.
# What comes behind them is left to the rules.
MOST_PIECES = 25_000
# Windows that the encoder sees before the pair head has its turn. The weights of each push those of the other out of
# the processor's cache, and turns of an article take a fifth less of the pair head's time than turns of a window; the
# vectors that wait take 3 MB.
TURN = 8


@dataclass(frozen=True, slots=True)
class Confidence:
    """A logistic regression on the evidence; what lies below `least` is not told."""

    weights: Sequence[float] = (0.0,) * len(EVIDENCE)
    bias: float = 0.0
    least: float = 0.0

    def of(self, found: Found) -> float:
        odds = self.bias + sum(w * x for w, x in zip(self.weights, found.evidence, strict=True))
        return float(1.0 / (1.0 + np.exp(-odds)))


class Tagger:
    """Reads one window at a time; holds nothing from one text to the next but known words."""

    def __init__(
        self, heads: Heads, vocabulary: WordPiece, constants: Constants, confidence: Confidence
    ) -> None:
        self._heads, self.vocabulary = heads, vocabulary
        self._constants, self._confidence = constants, confidence

    def tag(self, text: str) -> list[Tagged]:
        """The attributions of a text, in the order of their cues."""
        pieces = read(text, self.vocabulary)
        found = ((one, self._confidence.of(one)) for one in self.found(pieces))
        return [told(text, pieces, one, chance) for one, chance in found if chance >= self._confidence.least]

    def found(self, pieces: Pieces) -> list[Found]:
        """All that decoding yields, before anything is held back."""
        windows = [window for window in cut(pieces) if window[1] <= MOST_PIECES]
        found: list[Found] = []
        for n in range(0, len(windows), TURN):
            seen = [(window, self.see(pieces, window)) for window in windows[n : n + TURN]]
            for window, one in seen:
                found += decode(pieces, window, one, self._heads, self._constants)
        return found

    def see(self, pieces: Pieces, window: Window) -> Seen:
        """What the encoder makes of a window."""
        lo, hi = window
        rows = np.zeros((4, hi - lo + 2), dtype=np.int64)
        for row, column in zip(rows, (pieces.ids, pieces.case, pieces.quote, pieces.boundary), strict=True):
            row[1:-1] = column[lo:hi]
        rows[0, 0], rows[0, -1] = self.vocabulary.start, self.vocabulary.end
        return self._heads.see(*rows)


def told(text: str, pieces: Pieces, found: Found, confidence: float) -> Tagged:
    """What was found, in offsets of the text."""
    content, cue, source = (
        _spans(text, pieces, ranges) for ranges in (found.content, (found.cue,), found.source)
    )
    return Tagged(content, cue, source, round(confidence, 4))


def _spans(text: str, pieces: Pieces, ranges: Spans) -> Spans:
    """Whole words; what only white space parts is one span."""
    found: list[tuple[int, int]] = []
    for first, last in ranges:
        start, end = int(pieces.start[first]), int(pieces.end[last])
        if found and not text[found[-1][1] : start].strip():
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return tuple(found)
