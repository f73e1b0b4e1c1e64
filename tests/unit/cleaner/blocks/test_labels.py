"""Blocks are aligned with the marked article, also where the words stand twice on the page."""

from __future__ import annotations

import pytest

from services.cleaner.training.labels import label_blocks

LEAD = "The council said on Wednesday that the harbour bridge will close for a year."
BODY = "Engineers found cracks in four of the nine steel arches, which were built in 1931."
END = "Work is to begin in June, and buses will take the long way round until then."


@pytest.mark.parametrize(
    ("texts", "labels"),
    [
        (["Home", LEAD, BODY, END, "Share"], [0, 1, 1, 1, 0]),
        (["Home", LEAD, "Cracks", BODY, "Share", END], [0, 1, 1, 1, 0, 1]),
        ([LEAD, "Share", BODY, LEAD, END], [1, 0, 1, 0, 1]),
        (["Home", "Share"], [0, 0]),
        ([], []),
    ],
)
def test_the_articles_blocks_are_found(texts: list[str], labels: list[int]) -> None:
    gold = "\n\n".join([LEAD, "Cracks", BODY, END] if "Cracks" in texts else [LEAD, BODY, END])
    assert label_blocks(texts, gold).tolist() == [bool(label) for label in labels]
