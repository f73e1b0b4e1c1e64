"""The corpus's own scorer, from the folder of the annotated articles."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

from services.extractor.tagged import Tagged
from services.extractor.training.articles import Article

Counts = dict[str, list[int]]


def scorer(folder: Path) -> ModuleType:
    """The module `score.py` of the corpus; nothing is written beside it. Raises OSError where there is none."""
    spec = spec_from_file_location("attribution_score", folder / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    written, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        spec.loader.exec_module(module)
    finally:
        sys.dont_write_bytecode = written
    return module


class Scorer:
    """What training asks the corpus's scorer: overlap F1 is the measure that everything is fitted to."""

    def __init__(self, folder: Path) -> None:
        self._module = scorer(folder)

    def right(self, article: Article, told: Iterable[Tagged]) -> list[bool]:
        """Of each attribution whether an annotated one has its content and its source."""
        text, gold = self._gold(article)
        own = self._module.prepare(text, map(_fields, told))
        return [any(self._module.ok_overlap(g, p) for g in gold) for p in own]

    def counts(self, article: Article, told: Iterable[Tagged]) -> Counts:
        """What each measure counts in one article."""
        text, gold = self._gold(article)
        found: Counts = self._module.score_article(text, gold, self._module.prepare(text, map(_fields, told)))
        return found

    def f1(self, counts: list[Counts]) -> dict[str, float]:
        """The measures over several articles."""
        return {name: self._module.prf(sums)[2] for name, sums in self._module.total(counts).items()}

    def _gold(self, article: Article) -> tuple[Any, Any]:
        text = self._module.Article(article.text)
        return text, self._module.prepare(text, article.annotated)


def _fields(one: Tagged) -> dict[str, list[list[int]]]:
    return {name: [list(span) for span in getattr(one, name)] for name in ("source", "cue", "content")}
