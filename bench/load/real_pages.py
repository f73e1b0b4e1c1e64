"""What real news pages weigh beside the sample site's, which are small: bytes and the time of cleaner and extractor.

Needs the evaluation set beside the checkout, a folder of ``*.html.gz``; nothing of its texts is kept.
"""

from __future__ import annotations

import gzip
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from claimstream.cli.clean import clean_bytes
from services.cleaner.article import Rejection
from services.extractor.handler import extract
from shared.contracts.page import compress_page

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data" / "article-extraction" / "wx-dev" / "html"
EVERY = 8  # of the pages, in the order of their names: a hundred say as much as eight hundred


@dataclass(frozen=True, slots=True)
class PageCost:
    """Means: bytes of the page, of its zstd frame, characters of the text, claims, CPU ms to clean and to extract."""

    pages: int
    page_bytes: float
    packed_bytes: float
    text_chars: float
    claims: float
    clean_ms: float
    extract_ms: float


def of_set(folder: Path = FOLDER) -> PageCost | None:
    """None where the set is not there."""
    files = sorted(folder.glob("*.html.gz"))[::EVERY]
    return measure([gzip.decompress(file.read_bytes()) for file in files]) if files else None


def measure(bodies: Sequence[bytes]) -> PageCost:
    """Pages that hold no article are left out. The first ones warm the models up and do not count."""
    rows = [row for body in [*bodies[:5], *bodies] if (row := _one(body)) is not None][5:]
    means = [statistics.fmean(column) for column in zip(*rows, strict=True)]
    return PageCost(len(rows), *means)


def _one(body: bytes) -> tuple[float, ...] | None:
    began = time.process_time()
    article = clean_bytes(body, url=None, content_type=None)
    cleaned = time.process_time()
    if isinstance(article, Rejection):
        return None
    found = extract(article["text"], language=article["language"], title=article["title"])
    extracted = time.process_time()
    return (
        len(body),
        len(compress_page(body)),
        len(article["text"]),
        len(found.claims),
        (cleaned - began) * 1e3,
        (extracted - cleaned) * 1e3,
    )
