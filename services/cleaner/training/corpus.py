"""The pages to learn from: HTML, the marked article, the host that decides the fold."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

FOLDS = 5


@dataclass(frozen=True, slots=True)
class MarkedPage:
    """``fold``: sha256(host) % 5, so that no site is on both sides; None where the page has no URL: never train
    on such a one."""

    key: str
    html: str
    article: str
    host: str | None
    fold: int | None


def html_of(folder: Path, key: str) -> str:
    """A page of the set in a folder."""
    return gzip.decompress((folder / "html" / f"{key}.html.gz").read_bytes()).decode("utf-8", "replace")


def read_pages(folder: Path) -> Iterator[MarkedPage]:
    """The pages of one set, in the order of their keys."""
    truth = json.loads((folder / "ground-truth.json").read_text("utf-8"))
    for key in sorted(truth):
        url = truth[key].get("url")
        host = urlsplit(url).hostname if url else None
        yield MarkedPage(
            key,
            html_of(folder, key),
            truth[key].get("articleBody") or "",
            host,
            fold_of(host) if host else None,
        )


def fold_of(host: str) -> int:
    return int(hashlib.sha256(host.encode()).hexdigest(), 16) % FOLDS
