"""A marked page as the trainer gets it: cut, aligned, measured as a tree and as lines."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import numpy as np

from services.cleaner.blocks import lines, structure
from services.cleaner.shingles import words_of
from services.cleaner.training.corpus import fold_of, read_pages
from services.cleaner.training.samples import prepare

DATA = Path(__file__).parents[2] / "data" / "cleaner"


def marked(folder: Path, url: str | None) -> None:
    """A set of one page, in the form of the marked sets."""
    (folder / "html").mkdir()
    (folder / "html" / "a.html.gz").write_bytes(gzip.compress((DATA / "article.html").read_bytes()))
    truth = {"articleBody": (DATA / "article.txt").read_text("utf-8")} | ({"url": url} if url else {})
    (folder / "ground-truth.json").write_text(json.dumps({"a": truth}))


def test_a_page_is_labelled_by_its_article_and_weighed_by_its_words(tmp_path: Path) -> None:
    marked(tmp_path, "https://news.example/a")
    (page,) = read_pages(tmp_path)
    prepared = prepare(page, 4.0)
    chosen = [text for text, inside in zip(prepared.texts, prepared.tree.label, strict=True) if inside]
    assert chosen == page.article.strip().split("\n\n")
    assert prepared.tree.rows.shape == (len(prepared.texts), len(structure.NAMES))
    assert prepared.tree.fold == fold_of("news.example") == page.fold
    assert (prepared.tree.weight > 0).all()
    assert np.argmax(prepared.tree.weight) == np.argmax([len(words_of(text)) for text in prepared.texts])


def test_of_the_lines_there_are_the_page_and_what_people_copy(tmp_path: Path) -> None:
    marked(tmp_path, "https://news.example/a")
    (page,) = read_pages(tmp_path)
    whole, *parts = prepare(page, 1.0).lines
    assert whole.rows.shape[1] == len(lines.NAMES)
    assert parts
    assert all(part.label.sum() == whole.label.sum() and len(part.rows) <= len(whole.rows) for part in parts)


def test_a_page_without_a_url_is_in_no_fold(tmp_path: Path) -> None:
    marked(tmp_path, None)
    (page,) = read_pages(tmp_path)
    assert page.fold is None
