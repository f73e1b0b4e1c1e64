"""A label goes with the box that it heads; a subheading stays, and so does what nothing is known of."""

from __future__ import annotations

from services.cleaner.body import Block
from services.cleaner.leftovers import leftovers

LEAD = "The council said on Wednesday that the bridge will be closed, and that nobody will be sent across it."
REST = "Engineers found cracks in four of the nine steel arches, which were built in 1931 by the navy."
BODY = (0, 9)


def block(text: str, index: int, *spans: tuple[int, int], heading: bool = False) -> Block:
    return Block(text, heading, index, (*spans, BODY))


def test_the_heading_of_a_box_whose_rest_has_gone_goes_too() -> None:
    blocks = [block(LEAD, 1, (1, 2)), block("The morning letter", 2, (2, 3), (2, 4), heading=True)]
    assert leftovers(blocks) == {1}


def test_a_subheading_stays() -> None:
    blocks = [
        block(LEAD, 1, (1, 2)),
        block("What comes next", 2, (2, 3), heading=True),
        block(REST, 3, (3, 4)),
    ]
    assert not leftovers(blocks)


def test_a_list_of_which_all_was_taken_stays() -> None:
    blocks = [
        block(LEAD, 1, (1, 2)),
        block("one thing", 2, (2, 3), (2, 4)),
        block("another", 3, (3, 4), (2, 4)),
    ]
    assert not leftovers(blocks)


def test_a_pull_quote_goes() -> None:
    blocks = [
        block(LEAD, 1, (1, 2)),
        block("“nobody will be sent across it.”", 2, (2, 3)),
        block(REST, 3, (3, 4)),
    ]
    assert leftovers(blocks) == {1}


def test_blocks_whose_place_is_not_known_stay() -> None:
    blocks = [Block(LEAD), Block("The morning letter"), Block("nobody will be sent across it.")]
    assert not leftovers(blocks)
