"""The annotated articles as rows of pieces with their gold labels."""

from __future__ import annotations

import gzip
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from services.extractor.tagger.labels import B_CONTENT, B_CUE, B_SOURCE, TAG_O
from services.extractor.tagger.pieces import Ints, Pieces, read
from services.extractor.tagger.wordpiece import WordPiece

# One article of train in 21 (40 of 840) is kept from training: decoding and confidence are fitted on it.
HELD_OUT_OF = 21


@dataclass(frozen=True, slots=True)
class Gold:
    """One attribution: for each piece of the article whether it is of this role, and where the cue stands."""

    cue: tuple[int, int]  # pieces, both inclusive
    source: Ints  # the pieces' indices
    content: Ints


@dataclass(frozen=True, slots=True)
class Article:
    """`tags`: the label of each piece for the first head."""

    id: str
    text: str
    pieces: Pieces
    tags: Ints
    gold: tuple[Gold, ...]
    annotated: list[dict[str, Any]]  # as in the file


def load(path: Path, vocabulary: WordPiece) -> list[Article]:
    """The articles of a JSON-lines file (gzip)."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [_article(json.loads(line), vocabulary) for line in lines if line.strip()]


def held_out(article: Article) -> bool:
    """Whether an article of train is kept back; by its id, so that every run keeps back the same."""
    return int(hashlib.sha256(article.id.encode()).hexdigest(), 16) % HELD_OUT_OF == 0


def _article(record: dict[str, Any], vocabulary: WordPiece) -> Article:
    pieces = read(record["text"], vocabulary)
    tags = np.full(len(pieces), TAG_O, dtype=np.int64)
    gold = []
    for one in record["attributions"]:
        for role, begin in (("source", B_SOURCE), ("cue", B_CUE), ("content", B_CONTENT)):
            for span in one[role]:
                inside = _within(pieces, [span])
                tags[inside] = begin + 1
                tags[inside[:1]] = begin
        cue, content = _within(pieces, one["cue"]), _within(pieces, one["content"])
        if len(cue) and len(content):
            gold.append(Gold((int(cue[0]), int(cue[-1])), _within(pieces, one["source"]), content))
    return Article(record["id"], record["text"], pieces, tags, tuple(gold), record["attributions"])


def _within(pieces: Pieces, spans: list[list[int]]) -> Ints:
    """The pieces of which a character lies in one of the spans."""
    found = np.zeros(len(pieces), dtype=bool)
    for start, end in spans:
        found |= (pieces.start < end) & (pieces.end > start)
    return np.flatnonzero(found)
