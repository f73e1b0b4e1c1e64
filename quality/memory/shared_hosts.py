"""The dev pages beside the checkout that share a site with another one: with the memory, and without."""

from __future__ import annotations

import json
from collections import defaultdict

from quality.memory.stream import cleaned
from quality.part import BESIDE, Measured
from services.cleaner.canonical import site_of
from services.cleaner.memory.deciding import answers
from services.cleaner.memory.recall import without
from services.cleaner.shingles import benchmark
from services.cleaner.training.corpus import html_of

_SETS = BESIDE / "data" / "article-extraction"


def add_shared_hosts(measured: Measured) -> None:
    for name in ("scrapinghub-dev", "wx-dev"):
        if (_SETS / name).is_dir():
            _add(measured, name)
        else:
            measured.absent.append(f"../shared/data/article-extraction/{name} is not beside the checkout")


def _add(measured: Measured, name: str) -> None:
    """The pages of a site are one batch: each is judged by the others."""
    truth = json.loads((_SETS / name / "ground-truth.json").read_text("utf-8"))
    by_site: dict[str, list[str]] = defaultdict(list)
    for key in sorted(truth):
        if url := truth[key].get("url"):
            by_site[site_of(url)].append(key)
    alone, remembered = [], []
    for keys in by_site.values():
        if len(keys) < 2:
            continue
        found = [cleaned(truth[key]["url"], html=html_of(_SETS / name, key)) for key in keys]
        rows = answers([asked for asked, _ in found], (), 0)
        for key, (_, given), row in zip(keys, found, rows, strict=True):
            marked = truth[key].get("articleBody") or ""
            alone.append((marked, given.text))
            remembered.append((marked, without(given.text, given.blocks, row.memory)[0]))
    before, after = benchmark(alone), benchmark(remembered)
    # Beside what the cleaner alone reaches: how good that is, the cleaner's own part measures.
    figure = f"{name}, pages that share a site: F1 with the memory, of that without"
    measured.figures[figure] = after.f1 / before.f1
    measured.counts[figure] = f"{len(alone)} pages, {before.f1:.4f} and {after.f1:.4f}"
    figure = f"{name}, pages that share a site: recall with the memory, of that without"
    measured.figures[figure] = after.recall / before.recall
    measured.counts[figure] = f"{before.recall:.4f} and {after.recall:.4f}"
