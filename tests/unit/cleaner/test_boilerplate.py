"""What belongs to the page goes; what the article says stays, also where it uses the same words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from services.cleaner.appeal import appeal_paragraphs
from services.cleaner.body import Block
from services.cleaner.furniture import is_furniture
from services.cleaner.headline import strip_front

DATA = Path(__file__).parents[2] / "data" / "cleaner"
FURNITURE = json.loads((DATA / "furniture.json").read_text("utf-8"))
APPEALS = json.loads((DATA / "appeals.json").read_text("utf-8"))
FRONTS = json.loads((DATA / "fronts.json").read_text("utf-8"))


@pytest.mark.parametrize("line", FURNITURE["furniture"])
def test_page_furniture_is_recognised(line: str) -> None:
    assert is_furniture(line)


@pytest.mark.parametrize("line", FURNITURE["article"])
def test_a_sentence_with_the_words_of_a_button_stays(line: str) -> None:
    assert not is_furniture(line)


@pytest.mark.parametrize("case", APPEALS, ids=[case["why"] for case in APPEALS])
def test_appeals_go_with_their_neighbours_and_buttons(case: dict[str, Any]) -> None:
    paragraphs = [*case["keep"], *case["drop"], *case.get("then", [])]
    dropped = [paragraphs[i] for i in sorted(appeal_paragraphs(paragraphs))]
    assert dropped == case["drop"]


@pytest.mark.parametrize("case", FRONTS, ids=[case["why"] for case in FRONTS])
def test_the_front_matter_is_taken_off_and_read(case: dict[str, Any]) -> None:
    front = strip_front([Block(text) for text in case["blocks"]], case["titles"])
    assert [block.text for block in front.blocks] == case["body"]
    assert front.headline == case["headline"]
    assert front.byline == case["byline"]


@pytest.mark.parametrize(
    "sentence",
    [
        "The mayor defends the campaign with its slogan “Walk, do not run.”",
        "橋は六月から閉鎖されると市議会が述べた。",
        "The minister resigned (her office gave no reason).",
    ],
)
def test_a_first_sentence_is_no_headline_however_it_is_closed(sentence: str) -> None:
    blocks = [Block(sentence), Block("It will be closed from June, the council said.")]
    assert strip_front(blocks, []).blocks == blocks


def test_a_page_without_headings_gives_its_headline_although_it_has_a_title() -> None:
    blocks = [
        Block("Harbour bridge to close for a year"),
        Block("It will be closed from June, the council said."),
    ]
    assert strip_front(blocks, ["The Estuary Post"], marked=False).blocks == blocks[1:]
    assert strip_front(blocks, ["The Estuary Post"], marked=True).blocks == blocks
