"""CPU a page of the cleaner beside resiliparse's plain text extraction, on the same pages in the same run.

Absolute times say little on shared machines; the ratio of the medians is steady. Every page is done by both before
the next, so that a slow minute slows both. The pages are the benchmark's dev part, beside the checkout; without
them there is nothing to measure, and the part says so.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from services.cleaner.article import Rejection
from services.cleaner.body import parse
from services.cleaner.extraction import extract
from services.cleaner.handler import clean, warm_up
from services.cleaner.memory.deciding import WINDOW, Row, answers
from services.cleaner.memory.seen import seen
from services.cleaner.page import PageInput
from services.cleaner.training.corpus import read_pages
from shared.contracts.ids import article_id
from shared.contracts.text import PARAGRAPH_BREAK

PAGES = Path(__file__).parents[2] / "shared" / "data" / "article-extraction" / "scrapinghub-dev"
# Extraction alone, everything with metadata, language and the memory of sites, and both at the 99th percentile of the
# pages. Of the memory it is what it computes, for a site of which as many articles are known as it looks at.
PROMISED = {"extraction": 14.0, "everything": 22.0}
PROMISED_TAIL = 40.0


def run(rounds: int) -> bool:
    """Print the table; False where a promise is not kept."""
    if not PAGES.is_dir():
        print("CPU a page of the cleaner: not measured, ../shared/data/article-extraction is not there")
        return True
    from resiliparse.extract.html2text import extract_plain_text

    warm_up()
    sides: dict[str, Callable[[str], object]] = {
        "resiliparse": lambda html: extract_plain_text(html, main_content=True, alt_texts=False),
        "extraction": lambda html: extract(html, parse(html)),
        "everything": _everything(),
    }
    times: dict[str, list[float]] = {side: [] for side in sides}
    for page in read_pages(PAGES):
        for side, work in sides.items():
            times[side].append(min(_seconds(work, page.html) for _ in range(rounds)))
    base = times["resiliparse"]
    print(
        "CPU a page of the cleaner beside resiliparse (main content), ratios of medians and of 99th percentiles"
    )
    print(
        f"{'':>12} {'median ms':>10} {'ratio':>6} {'promised':>9} {'99 % ms':>8} {'ratio':>6} {'promised':>9}"
    )
    kept = True
    for side, found in times.items():
        ratio, tail = median(found) / median(base), _tail(found) / _tail(base)
        promised = PROMISED.get(side)
        if promised is not None:
            kept = kept and ratio <= promised and tail <= PROMISED_TAIL
        print(
            f"{side:>12} {median(found) * 1000:>10.2f} {ratio:>6.1f} {promised or 1:>9.1f}"
            f" {_tail(found) * 1000:>8.1f} {tail:>6.1f} {PROMISED_TAIL if promised else 1:>9.1f}"
        )
    return kept


def _everything() -> Callable[[str], object]:
    rows: list[Row] = []

    def work(html: str) -> object:
        url = f"https://news.example/{hashlib.sha256(html.encode()).hexdigest()}"
        found = clean(PageInput(html.encode(), url, "text/html"))
        if isinstance(found, Rejection):
            return found
        asked = seen(
            site=found.site,
            article_id=article_id(found.url),
            page_sha256="",
            title=found.metadata.title,
            paragraphs=found.text.split(PARAGRAPH_BREAK),
            beside=found.beside,
        )
        (row,) = answers([asked], rows, len(rows))
        if len(rows) < WINDOW and row.number > len(rows):
            rows.append(row)
        return row

    for page in read_pages(PAGES):
        work(page.html)
    return work


def _seconds(work: Callable[[str], object], html: str) -> float:
    start = time.process_time()
    work(html)
    return time.process_time() - start


def _tail(values: list[float]) -> float:
    return sorted(values)[int(0.99 * (len(values) - 1))]
