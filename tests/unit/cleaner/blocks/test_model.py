"""The model file: small, known by its hash, the same bytes for the same model, and the same answer everywhere."""

from __future__ import annotations

import hashlib
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from importlib.resources import files
from multiprocessing import get_context
from pathlib import Path

from lxml.html import document_fromstring

from services.cleaner.blocks import classifier, model
from services.cleaner.handler import CLEANER

PAGE = (Path(__file__).parents[3] / "data" / "cleaner" / "article.html").read_text("utf-8")
FILE = files("services.cleaner.blocks").joinpath(model.FILE)
MOST_BYTES = 2 * 2**20


def judged(page: str) -> list[classifier.Judged]:
    """Without the elements: they stay in their process."""
    return [replace(block, element=None) for block in classifier.judge_page(document_fromstring(page))]


def test_every_article_names_the_model_by_its_hash() -> None:
    assert model.load().name == hashlib.sha256(FILE.read_bytes()).hexdigest()[:12]
    assert f"model-{model.load().name}" in CLEANER


def test_the_model_is_small_and_packed_again_it_has_the_same_bytes() -> None:
    loaded = model.load()
    assert len(FILE.read_bytes()) <= MOST_BYTES
    packed = model.packed(loaded.pages, loaded.lines, loaded.confidence, loaded.figures)
    assert packed == FILE.read_bytes()


def test_another_process_and_a_second_call_give_the_same_chances() -> None:
    here = judged(PAGE)
    assert judged(PAGE) == here
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        assert pool.submit(judged, PAGE).result() == here


def test_a_page_without_blocks_is_judged() -> None:
    assert judged("<html><body></body></html>") == []
    assert classifier.judge_lines([]) == []


def test_bare_paragraphs_are_judged_as_lines() -> None:
    lines = ["Home", "The council said on Wednesday that the bridge will be closed to all traffic from June."]
    page = "".join(f"<p>{line}</p>" for line in lines)
    assert judged(f"<html><body>{page}</body></html>") == classifier.judge_lines(lines)
