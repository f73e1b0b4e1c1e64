"""Quotations inside quotations: whose the inner one is, and which inner ones are nobody else's words."""

from __future__ import annotations

import pytest

from services.extractor.handler import extract

SAID = " Ida Lund said."


def inner(text: str) -> list[tuple[str, str | None, str | None, list[str | None]]]:
    """The claims that stand in another's content: content, source, cue, chain."""
    claims = extract(text, language="en", publisher="The Lantern").claims
    return [
        (
            one.content.text,
            one.source.text if one.source else None,
            one.cue.text if one.cue else None,
            [link.name or link.text for link in one.chain[1:]],
        )
        for one in claims
        if any(
            other is not one
            and any(
                a <= one.content.spans[0][0] and one.content.spans[-1][1] <= b for a, b in other.content.spans
            )
            for other in claims
        )
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "“The clerk told us, ‘Your file is lost,’ and shut the window,”",
            ("‘Your file is lost,’", "The clerk", "told"),
        ),
        ("“‘We open at nine,’ the guard said, so we sat down,”", ("‘We open at nine,’", "the guard", "said")),
        (
            "\"The guard said: 'We open at nine.' So we sat down,\"",
            ("'We open at nine.'", "The guard", "said"),
        ),
        ("„The guard said: ‚We open at nine.‘ So we sat down“,", ("‚We open at nine.‘", "The guard", "said")),
        (
            "‘Go,’ Jo Orr said. ‘The guard’s boss said, “We open at nine,” so we sat down,’",
            ("“We open at nine,”", "The guard’s boss", "said"),
        ),
    ],
)
def test_an_inner_quotation_with_its_own_speaker_is_a_claim_through_the_outer_one(
    text: str, found: tuple[str, str, str]
) -> None:
    ((content, source, cue, chain),) = inner(text + SAID)
    assert (content, source, cue) == found
    assert chain[0] == "Ida Lund"


@pytest.mark.parametrize(
    "text",
    [
        "“I told them, ‘Your file is lost,’ and shut the window,”",
        "“You say, ‘It was always so,’ and you are wrong,”",
        "“If a clerk says, ‘Your file is lost,’ you sit down,”",
        "“The clerk never said, ‘Your file is lost,’ to my face,”",
        "“The clerks' desks and the guards' chairs were lost,”",
        "“The so-called ‘lost files’ are in my office,”",
        "“The clerk called the files ‘lost for good’ and laughed,”",
        "“People say, ‘It was always so,’ and they are wrong,”",
    ],
)
def test_who_quotes_himself_or_supposes_makes_no_second_claim(text: str) -> None:
    assert inner(text + SAID) == []
