"""What media only pass on is the claim of whoever told them; they are the relay."""

from __future__ import annotations

import pytest

from services.extractor.handler import extract


@pytest.mark.parametrize("cue", ["had told", "told", "have told"])
def test_what_media_were_told_is_the_claim_of_who_told_them(cue: str) -> None:
    text = f"The road is shut. Local media said police {cue} them that thirty cars were on it when it fell."
    (claim,) = extract(text, language="en", publisher="The Courier").claims
    assert (claim.content.text, claim.cue and claim.cue.text) == (
        "thirty cars were on it when it fell",
        cue,
    )
    assert [(link.as_, link.name or link.text) for link in claim.chain] == [
        ("publisher", "The Courier"),
        ("relay", "Local media"),
        ("origin", "police"),
    ]


@pytest.mark.parametrize(
    "said",
    [
        "the mayor had been told that thirty cars were on it",
        "the crews told residents to leave, and thirty cars were on it",
        "thirty cars were on it, as nobody had told them anything",
    ],
)
def test_where_nobody_told_them_it_is_their_own_claim(said: str) -> None:
    (claim,) = extract(f"Local media said {said}.", language="en").claims
    assert claim.content.text == said
    assert claim.source is not None
    assert claim.source.text == "Local media"
