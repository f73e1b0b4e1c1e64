"""Pull quotes: what is shown again is a claim that repeats, and no further sentence of whoever spoke before it."""

from __future__ import annotations

import pytest

from services.extractor.handler import extract
from shared.contracts.events import ExtractedClaim

SAID = "“The kiln was cold for nine years and nobody asked us why,” potter Ida Lund said."
NEXT = "“We sold the clay,” Jo Orr said."


def shown(*paragraphs: str) -> list[tuple[str, str | None, list[tuple[str, int]], list[str | None]]]:
    claims: tuple[ExtractedClaim, ...] = extract("\n\n".join(paragraphs), language="en").claims
    return [
        (
            one.content.text,
            one.source.text if one.source else None,
            [(relation.type.value, relation.to) for relation in one.relations],
            [link.name for link in one.chain],
        )
        for one in claims
    ]


@pytest.mark.parametrize("signed", [" — Ida Lund", " – Ida Lund", "\n\n— Ida Lund"])
def test_a_quotation_with_a_dash_and_a_name_is_that_ones(signed: str) -> None:
    *_, last = shown(SAID, NEXT, f"“Nobody asked us why”{signed}", "The kiln is lit.")
    assert last == ("“Nobody asked us why”", "Ida Lund", [("repeats", 1)], ["Ida Lund"])


def test_without_a_name_it_is_told_by_its_words_and_has_the_chain_of_what_it_repeats() -> None:
    *_, last = shown(SAID, NEXT, "“Nobody asked us why”", "The kiln is lit.")
    assert last == ("“Nobody asked us why”", None, [("repeats", 1)], ["Ida Lund"])


def test_it_may_stand_before_what_it_repeats() -> None:
    first, second, _ = shown("The kiln is lit.", "“Nobody asked us why”", SAID, NEXT)
    assert first == ("“Nobody asked us why”", None, [("repeats", 2)], ["Ida Lund"])
    assert second[2] == [("repeats", 1)]


@pytest.mark.parametrize(
    "paragraph",
    [
        "“Nobody asked me either.”",
        "“Nobody asked”",
        "“Nobody asked us why” — a question that hurt.",
    ],
)
def test_what_nobody_said_before_and_what_goes_on_is_no_pull_quote(paragraph: str) -> None:
    assert all(not relations for _, _, relations, _ in shown(SAID, paragraph, "The kiln is lit."))
