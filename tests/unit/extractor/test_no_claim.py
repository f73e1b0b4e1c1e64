"""What the tagger finds and nobody claims."""

from __future__ import annotations

import pytest

from services.extractor.tagged import Tagged
from services.extractor.union import union


def by_the_owner(cue: str, content: str) -> tuple[str, list[Tagged], list[Tagged]]:
    """What the tagger reads in one sentence."""
    text, behind = f"The owner {cue} {content}.", len("The owner ") + len(cue)
    return text, [], [Tagged(((behind + 1, len(text) - 1),), ((10, behind),), ((0, 9),), 0.8)]


@pytest.mark.parametrize(
    ("cue", "content", "claimed"),
    [
        ("declined", "to comment", False),
        ("declined to comment on", "the audit", False),
        ("has repeatedly refused", "to say", False),
        ("refused to", "answer questions", False),
        ("declined", "to be interviewed for this article", False),
        ("declined", "to say whether the audit was over", False),
        ("refused to disclose", "how many people it employs", False),
        ("declined", "to say publicly when the mill would close", False),
        ("declined", "to tell reporters why", False),
        ("refused", "to disclose his tax returns", True),
        ("declined", "to say whether the audit was over, calling it a private matter", True),
        ("declined", "to comment, calling the audit a private matter", True),
        ("refused", "to publish the audit", True),
        ("refused", "to talk the strikers out of it", True),
        ("said", "to comment would be wrong", True),
    ],
)
def test_who_declines_to_speak_makes_no_claim_by_it(cue: str, content: str, claimed: bool) -> None:
    assert bool(union(*by_the_owner(cue, content))) is claimed


@pytest.mark.parametrize(
    ("cue", "content", "claimed"),
    [
        ("will not say", "what the trial costs", False),
        ("couldn’t say", "when the line would open", False),
        ("cannot explain", "how the tank was filled", False),
        ("did not say", "the line would open", True),
        ("could say", "what the trial costs", True),
    ],
)
def test_who_gives_no_answer_makes_no_claim(cue: str, content: str, claimed: bool) -> None:
    assert bool(union(*by_the_owner(cue, content))) is claimed


def test_what_depends_on_whom_you_ask_is_nobodys_claim() -> None:
    text = "It was a third or half, depending on whom you ask."
    read = Tagged(((0, 23),), ((46, 49),), ((42, 45),), 0.8)
    assert text[46:49] == "ask"
    assert union(text, [], [read]) == []


@pytest.mark.parametrize(
    ("cue", "content", "claimed"),
    [
        ("did not want", "to see her name in the newspaper", False),
        ("doesn’t want", "the mill to close", False),
        ("never wanted", "to sell", False),
        ("wants", "the mill to close", True),
        ("did not believe", "the owners wanted to sell", True),
    ],
)
def test_what_somebody_does_not_wish_for_is_no_claim(cue: str, content: str, claimed: bool) -> None:
    assert bool(union(*by_the_owner(cue, content))) is claimed


@pytest.mark.parametrize(
    ("before", "cue", "content", "behind", "claimed"),
    [
        ("If ", "want", "a kiln that holds its heat", ", take the small one.", False),
        ("Before you buy, see whether ", "need", "two chambers", ".", False),
        ("Clay is patient once ", "know", "how wet it is", ".", False),
        ("When ", "think about", "the price of clay", ", it is cheap.", False),
        ("", "should consider", "a second chamber", ".", False),
        ("Dry clay cracks, so ", "may also want", "to cover it", ".", False),
        ("Do ", "think", "the kiln should be shut", "?", False),
        ("Would ", "say", "the guild has failed", "?", False),
        ("", "said", "the kiln would be lit on Monday", ".", True),
        ("Last week ", "told us", "the guild was broke", ".", True),
        ("In the letter that ", "sent, you asked", "for a new roof", ".", True),
        ("What ", "said", "about the kiln", " was wrong. Was it?", True),
    ],
)
def test_who_reads_claims_nothing_by_being_spoken_to(
    before: str, cue: str, content: str, behind: str, claimed: bool
) -> None:
    text = f"{before}you {cue} {content}{behind}"
    you = len(before)
    at = you + 4 + len(cue) + 1
    read = Tagged(((at, at + len(content)),), ((you + 4, at - 1),), ((you, you + 3),), 0.8)
    assert bool(union(text, [], [read])) is claimed


def test_who_is_supposed_to_say_something_is_left_to_the_reader_of_the_claim() -> None:
    text = "If the owner says the kiln is shut, we leave."
    read = Tagged(((18, 34),), ((13, 17),), ((3, 12),), 0.8)
    assert union(text, [], [read]) == [read]


@pytest.mark.parametrize(
    ("before", "cue", "content", "claimed"),
    [
        ("", "Expect", "the price of clay to rise", False),
        ("- ", "Do not assume", "the kiln is cold", False),
        ("", "Don’t expect", "the roof to hold", False),
        ("Lastly, ", "think about", "who lights it", False),
        ("The kiln is hot.\n\n", "Please note", "the doors stay shut", False),
        ("The kiln is hot. And ", "ask", "who lit it", False),
        ("", "Keeps saying", "the roof holds", True),
        ("", "Asked about", "the roof of the kiln", True),
        ("The price, ", "say", "the roof is gone", True),
        ("The kiln ", "is expected", "to stay shut", True),
    ],
)
def test_what_readers_are_told_to_do_claims_nothing(
    before: str, cue: str, content: str, claimed: bool
) -> None:
    text, at = f"{before}{cue} {content}.", len(before)
    read = Tagged(((at + len(cue) + 1, len(text) - 1),), ((at, at + len(cue)),), (), 0.6)
    assert bool(union(text, [], [read])) is claimed
