"""A text as the encoder reads it: one row of pieces, with their words' offsets and features."""

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.extractor.tagger.features import PARAGRAPH, SENTENCE, WITHIN, case, quotes, sentence_starts
from services.extractor.tagger.wordpiece import WordPiece

_WORD = re.compile(r"[^\W_]+|[^\w\s]|_")

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Pieces:
    """Arrays of one length. `start` and `end` are the offsets of the whole word, in code points, end exclusive.

    `sentence` and `paragraph` count from 0 through the text.
    """

    ids: Ints
    start: Ints
    end: Ints
    case: Ints
    quote: Ints
    boundary: Ints
    sentence: Ints
    paragraph: Ints
    colon: frozenset[int]  # paragraphs that end with a colon: what they announce stands in the next one

    def __len__(self) -> int:
        return len(self.ids)


def read(text: str, vocabulary: WordPiece) -> Pieces:
    """The pieces of a text. Line breaks end paragraphs; no other white space matters."""
    rows: list[tuple[int, ...]] = []
    colon: set[int] = set()
    sentence = paragraph = -1
    for line in _lines(text):
        paragraph += 1
        words = [word for word, _ in line]
        gaps = [not n or line[n - 1][1] + len(words[n - 1]) < at for n, (_, at) in enumerate(line)]
        if words[-1] == ":":
            colon.add(paragraph)
        states = quotes(words)
        fresh = sentence_starts(words, gaps)
        for n, (word, at) in enumerate(line):
            sentence += fresh[n]
            boundary = PARAGRAPH if not n else SENTENCE if fresh[n] else WITHIN
            written = case(word)
            for piece in vocabulary.pieces(word):
                rows.append((piece, at, at + len(word), written, states[n], boundary, sentence, paragraph))
                boundary = WITHIN
    table = np.ascontiguousarray(np.array(rows, dtype=np.int64).reshape(-1, 8).T)
    return Pieces(
        ids=table[0],
        start=table[1],
        end=table[2],
        case=table[3],
        quote=table[4],
        boundary=table[5],
        sentence=table[6],
        paragraph=table[7],
        colon=frozenset(colon),
    )


def _lines(text: str) -> list[list[tuple[str, int]]]:
    """The words of each paragraph that has any, with their offsets."""
    found: list[list[tuple[str, int]]] = []
    for line in re.finditer(r"[^\n]+", text):
        words = [(m[0], m.start()) for m in _WORD.finditer(text, line.start(), line.end())]
        if words:
            found.append(words)
    return found
