"""Who denies, confirms or repeats whom: what has to be there, and what real news is full of and is no relation."""

from __future__ import annotations

import pytest

from services.extractor.figures.figures import figures
from services.extractor.related import Related
from services.extractor.relations import relate
from services.extractor.stance import negated
from shared.contracts.enums import Stance

A, D, C, P, Q = Stance.ASSERTS, Stance.DENIES, Stance.CONFIRMS, Stance.PROMISES, Stance.ASKS


def claim(
    origin: str | None, content: str, stance: Stance = A, *, who: str = "", relayed: bool = False
) -> Related:
    return Related(
        n=0,
        content=content,
        stance=stance,
        negated=negated(content),
        origin=origin,
        relayed=relayed,
        figures=figures(content, ((0, len(content)),)),
        quoted=content[0] == "“",
        who=frozenset(who.split()),
    )


def between(*claims: Related) -> list[tuple[str, int, int, str]]:
    """Each relation once, from the claim that makes it."""
    for n, one in enumerate(claims, 1):
        one.n = n
    relate(claims)
    return [
        (relation.type.value, one.n, relation.to, relation.basis.value)
        for one in claims
        for relation in one.found
        if relation.to < one.n
    ]


REPORT = claim("post", "the mill would cut forty jobs", relayed=True)


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [
        (
            ("post", "the mill will cut jobs", A),
            ("mill", "the report as “pure invention.”", D),
            "denies stated",
        ),
        (("post", "Cary grabbed her arm", A), ("camp", "it happened", D), "denies stated"),
        (
            ("state", "he took £84,500 from the choir", Stance.ACCUSES),
            ("he", "theft and false accounting", D),
            "denies stated",
        ),
        (
            ("post", "he was writing a book on chess", A),
            ("he", "that he was writing a book", D),
            "denies inferred",
        ),
        (
            ("post", "the owners would sell the club", A),
            ("hake", "“There is no buyer, and there is no sale,”", D),
            "denies inferred",
        ),
        (
            ("post", "the town should pay for the wall", A),
            ("town", "“We are not going to pay a cent,”", A),
            "denies inferred",
        ),
        (
            ("state", "“He hid the keys, and he smiled,”", A),
            ("bo", "“I never smiled,”", A),
            "denies inferred",
        ),
        (
            ("ashby", "he had sent six photographs", A),
            ("council", "it had received them", C),
            "supports stated",
        ),
        (("union", "300 workers are on strike", A), ("office", "the union’s count", C), "supports stated"),
        (
            ("ida", "“We laugh, and then we stop laughing,”", A),
            (None, "“then we stop laughing”", A),
            "repeats inferred",
        ),
        (
            ("ida", "the bridge was shut in May", A),
            ("ida", "the bridge was shut in May", A),
            "repeats inferred",
        ),
        (
            ("police", "1,800 fans marched to the stadium", A),
            ("club", "3,000 fans marched to the stadium", A),
            "disagrees inferred",
        ),
        (("firm", "90 workers are on strike", A), ("union", "at least 300 are", A), "disagrees inferred"),
        # A count and nothing else, in words of its own.
        (
            ("guards", "between 40 and 50 boats were in the lock when the gate broke", A),
            ("clerk", "“We have counted 12 boats, no more”", A),
            "disagrees inferred",
        ),
        (
            ("baker", "a quarter of the loaves were stale", A),
            ("guild", "it could be half", A),
            "disagrees inferred",
        ),
        (
            ("town", "it had spent £3m on the pier", A),
            ("club", "the true figure is nearer £5m", A),
            "disagrees inferred",
        ),
        # "it" is what was said of it.
        (
            ("aide", "the letter was forged by the clerk", A),
            ("clerk", "having forged it", D),
            "denies inferred",
        ),
        (
            ("ann", "Bo Lund sold the key to a rival", A),
            ("bo", "that he had ever sold it", D),
            "denies inferred",
        ),
        (("mayor", "the tests were clean", A), ("ida", "“The mayor is lying,”", A), "denies inferred"),
        (
            ("holm", "the tests were clean", A),
            ("ida", "“Holm is not telling the truth”", A),
            "denies inferred",
        ),
        # An account may itself be a denial.
        (("rolf", "he never signed the form", D), ("silje", "this account", D), "denies stated"),
        # A wish stands beside what is denied, in another sentence.
        (
            ("finch", "You must do better. Two men were hurt.", Stance.DEMANDS),
            ("carr", "“No one was hurt, sir.”", A),
            "denies inferred",
        ),
    ],
)
def test_a_relation_that_the_text_makes_is_found(
    first: tuple[str | None, str, Stance], second: tuple[str | None, str, Stance], found: str
) -> None:
    kind, basis = found.split()
    assert between(claim(*first, who=first[0] or "", relayed=True), claim(*second)) == [(kind, 2, 1, basis)]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        # The same names, and even the same topic, in what two people say: no denial.
        (
            ("ann", "Ida Holm is the best candidate for the party", A),
            ("bo", "“No Ida Holm voter will not turn out,”", A),
        ),
        (("ann", "the president’s orders on guns", A), ("bo", "the orders are not worth the paper", A)),
        # What was not said before cannot be denied, nor can a wish or a question.
        (("ann", "the council must cut the tax", Stance.DEMANDS), ("bo", "it", D)),
        (("ann", "whether the books were ever kept", Q), ("bo", "it had not kept them", C)),
        # Two counts of two things.
        (("ann", "12 people died in the fire", A), ("bo", "30 people were injured on the road", A)),
        (
            ("ann", "nearly half of Green voters were young", A),
            ("bo", "two thirds of Tory voters support the plan", A),
        ),
        (("ann", "it named five people to the panel", A), ("bo", "six", A)),
        # The same place, not the same assertion.
        (("ann", "he will watch the Norrby results", A), ("ann", "Norrby", A)),
        (("ann", "a million notes within 24 hours", A), ("ann", "a million notes within 10 hours", A)),
        (("ann", "the president’s new orders on guns", A), ("bo", "the president’s orders on guns", A)),
        (("post", "the plan was approved", A), ("voters", "This proposal", D)),
        (("post", "the plan was approved", A), ("voters", "claims of plagiarism", D)),
        (("ann", "the source demanded to know who spoke", A), ("bo", "“No one knew who she was,”", A)),
        (
            ("ann", "some federal level of duty is needed", A),
            ("bo", "“Let us decide, not at the federal level,”", A),
        ),
        (
            ("poll", "half of those voting in the primary are new", A),
            ("bo", "“I have never voted in a primary,”", A),
        ),
        # Not of what was counted, of a wish, or of nobody who spoke.
        (("town", "it had spent £3m on the pier", A), ("club", "the true figure is nearer 40 per cent", A)),
        (("town", "it had spent £3m on 12 piers", A), ("club", "“We have counted 14 rats, no more”", A)),
        (("finch", "The crew must not be hurt.", Stance.DEMANDS), ("carr", "“No one was hurt, sir.”", A)),
        (("holm", "the tests were clean", A), ("ida", "“Lund is lying,”", A)),
        (("holm", "the tests were clean", A), ("ida", "“Holm is lying about the ferry deal,”", A)),
        (("holm", "the tests were clean", Stance.BELIEVES), ("ida", "“Holm is lying,”", A)),
        (("ann", "the ship was painted blue", A), ("bo", "having sold it", D)),
        (("ann", "she has 1,280 pledged seats of 4,000 seats", A), ("bo", "Holm has 1,061 pledged seats", A)),
    ],
)
def test_claims_that_only_share_words_are_not_related(
    first: tuple[str | None, str, Stance], second: tuple[str | None, str, Stance]
) -> None:
    assert between(claim(*first, who=first[0] or ""), claim(*second)) == []


def test_what_contradicts_an_earlier_claim_denies_whatever_verb_reports_it() -> None:
    told = claim("town", "“We are not going to pay a cent,”")
    between(claim("post", "the town should pay for the wall"), told)
    assert told.stance is D


def test_what_denies_two_claims_denies_both() -> None:
    halt = claim("post", "the yard has halted all deliveries of its planes")
    parked = claim("worker", "“They are parking planes on the grass,”")
    told = claim("yard", "“There is no halt, and no jet has been parked anywhere,”")
    assert between(halt, parked, told) == [("denies", 3, 1, "inferred"), ("denies", 3, 2, "inferred")]


def test_who_calls_another_a_liar_accuses_and_denies_what_that_one_said() -> None:
    called = claim("ida", "“The mayor is lying,”", Stance.ACCUSES)
    assert between(claim("mayor", "the tests were clean", who="mayor"), called) == [
        ("denies", 2, 1, "inferred")
    ]
    assert called.stance is Stance.ACCUSES


def test_nobody_denies_or_supports_oneself() -> None:
    assert between(claim("ida", "the owners will sell the club"), claim("ida", "“There is no sale,”")) == []
