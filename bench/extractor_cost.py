"""CPU an article of the tagger beside the plain int8 MiniLM encoder over the same windows, in the same run.

Articles of 800 words on one thread, each done by both before the next: the ratio holds where the times do not. The
tagger's side is everything from text to attributions, the encoder's side is the encoder alone.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import numpy as np

from bench.plain_encoder import quantised
from services.extractor.handler import extract
from services.extractor.reader import configured
from services.extractor.tagger.pieces import read
from services.extractor.tagger.sessions import session
from services.extractor.tagger.tagger import Tagger
from services.extractor.tagger.windows import cut
from services.extractor.tagger.wordpiece import WordPiece

ARTICLES = Path(__file__).parents[1] / "tests" / "data" / "extractor" / "articles"
WORDS = 800


def run(rounds: int) -> bool:
    """Print the table: milliseconds an article, and how many times as fast as the encoder alone."""
    tagger = configured().tagger
    if tagger is None:
        print("CPU an article of the extractor: not measured, CLAIMSTREAM_EXTRACTOR_MODEL is `rules`")
        return True
    plain = session(quantised())
    texts = articles()
    windows = [_windows(text, tagger.vocabulary) for text in texts]
    sides: dict[str, Callable[[int], object]] = {
        "plain encoder": lambda n: [plain.run(None, {"ids": ids}) for ids in windows[n]],
        "encoder, tagger": lambda n: _seen(tagger, texts[n]),
        "all of the tagger": lambda n: tagger.tag(texts[n]),
        "with the claims": lambda n: extract(texts[n], language="en", tagger=tagger),
        "rules alone": lambda n: extract(texts[n], language="en"),
    }
    times: dict[str, list[float]] = {side: [] for side in sides}
    for n in range(len(texts)):
        for side, work in sides.items():
            times[side].append(min(_seconds(work, n) for _ in range(rounds)))
    base = median(times["plain encoder"])
    print(f"CPU an article of {WORDS} words on one thread, medians of {len(texts)} articles")
    print(f"{'':>18} {'ms':>8} {'a second':>9} {'times as fast as the plain encoder':>35}")
    for side, found in times.items():
        print(
            f"{side:>18} {median(found) * 1000:>8.1f} {1 / median(found):>9.1f} {base / median(found):>35.2f}"
        )
    return True


def articles() -> list[str]:
    """Texts of 800 words from our own articles, one after the other."""
    paragraphs = [
        paragraph
        for path in sorted(ARTICLES.glob("*.json"))
        for paragraph in json.loads(path.read_text(encoding="utf-8"))["paragraphs"]
    ]
    texts: list[str] = []
    row: list[str] = []
    for paragraph in paragraphs:
        row.append(paragraph)
        if sum(len(one.split()) for one in row) >= WORDS:
            texts.append("\n\n".join(row))
            row = []
    return texts


def _windows(text: str, vocabulary: WordPiece) -> list[np.ndarray]:
    pieces = read(text, vocabulary)
    return [
        np.concatenate([[vocabulary.start], pieces.ids[lo:hi], [vocabulary.end]])[None]
        for lo, hi in cut(pieces)
    ]


def _seen(tagger: Tagger, text: str) -> None:
    pieces = read(text, tagger.vocabulary)
    for window in cut(pieces):
        tagger.see(pieces, window)


def _seconds(work: Callable[[int], object], n: int) -> float:
    """Of this thread, so that what else runs on the machine is not counted."""
    began = time.thread_time()
    work(n)
    return time.thread_time() - began
