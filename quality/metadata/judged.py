"""Whether a field of a page's metadata is what a person wrote down for that page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from services.cleaner.description import answers
from services.cleaner.metadata.authors import split_authors
from services.cleaner.metadata.dates import day_of
from services.cleaner.metadata.evidence import ALONE, same_people, same_title
from services.cleaner.reading import read_page
from services.cleaner.rejections import Rejected
from services.cleaner.training.corpus import fold_of, html_of

FIELDS = ("title", "authors", "published_at")
_MARKED_AS = {"title": "title", "authors": "author", "published_at": "publish_date"}


@dataclass(frozen=True, slots=True)
class Case:
    """One field of one page. ``right``: None where nothing was stated; ``marked``: a person found one. ``fold``: of the
    page's site."""

    field: str
    fold: int
    marked: bool
    origin: str = ""
    support: str = ALONE
    right: bool | None = None

    @property
    def cell(self) -> tuple[str, str, str]:
        """What the confidence goes by."""
        return self.field, self.origin, self.support


def cases(folder: Path, every: int = 1) -> Iterator[Case]:
    """Of the first and each ``every``-th page after it of a set whose metadata is marked."""
    truth = json.loads((folder / "ground-truth.json").read_text("utf-8"))
    for key in sorted(truth)[::every]:
        yield from _of_page(html_of(folder, key), truth[key].get("url") or "", truth[key]["metadata"])


def _of_page(html: str, url: str, marked: dict[str, Any]) -> Iterator[Case]:
    try:
        stated = answers(read_page(html, url), "", None, None)
    except Rejected:
        return
    fold = fold_of(urlsplit(url).hostname or "")
    for field in FIELDS:
        wanted, answer = marked[_MARKED_AS[field]], stated.get(field)
        if answer is None:
            yield Case(field, fold, bool(wanted))
        else:
            right = bool(wanted) and _is_right(field, answer.value, wanted)
            yield Case(field, fold, bool(wanted), answer.origin, answer.support, right)


def _is_right(field: str, value: Any, wanted: str) -> bool:
    """A title but for a site's name; all authors and no other; the day, as far as it was stated."""
    if field == "title":
        return same_title(value, wanted)
    if field == "authors":
        return same_people(value, split_authors([wanted]) or (wanted,))
    day = day_of(value)
    return wanted[: len(day)] == day
