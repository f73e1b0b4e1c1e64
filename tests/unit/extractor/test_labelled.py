"""Which labels before a colon are somebody's who speaks, and which only head a row of facts."""

from __future__ import annotations

import pytest

from tests.unit.extractor.said import said

FACTS = (
    "A guide to services and what their price is at each interval.",
    "INTERVAL: Up to 100,000 miles",
    "PRICE: $373-$400",
    "INTERVAL: At least once per year",
    "PRICE: $68-$86",
)
PRESS = (
    "The council invites all.",
    "WHAT: The mayor will open the bridge.",
    "WHERE: The quay is behind the town hall.",
    "WHO: Everybody is welcome.",
)
POINTS = (
    "Key Points: The lamp is bright.",
    "Main Flaws: The lamp costs too much.",
    "Key Points: The lamp does what a lamp should do.",
)
CHAPTERS = (
    "A guide to the working life of a consultant, and to their lifestyle.",
    "Working Life: What Your Day Looks Like",
    "Lifestyle: Your Time Outside of Work",
    "Remember: everyone was in your shoes.",
)
CRITERIA = (
    "What I looked at, from speed to price and congestion.",
    "Price: I focused on hubs around $90.",
    "Speed: My own hub is slow, and yours will be.",
    "Congestion: If you have an older router, it is full.",
)
VERDICTS = (
    "We tried three lamps in a cellar.",
    "Pros: The lamp is light and bright.",
    "Cons: The lamp costs too much.",
    "Verdict: The lamp does what a lamp should do.",
)
TIPS = (
    "How to shop for a roof, by people who did.",
    "Tip: Ask your installer for a date before you sign.",
    "Pro Tip: You can wait until spring.",
    "Tip: Gather your bills now.",
    "FYI: If you wait, we cannot help you.",
)
PROFILES = (
    "We compared two tools for teams.",
    "Overview: Tarnware does the payroll of small firms. It is quick.",
    "Best For: Small firms that want one tool.",
    "Services Offered: Payroll, training and taxes.",
    "Overview: Osterwork is a tool for large firms. It is dear.",
    "Best For: Large firms that want every tool.",
    "Services Offered: Payroll and taxes.",
)
QUALITIES = (
    "Why a flat price is good for you.",
    "Flexibility: You pay for what your team uses.",
    "Simplicity: You need not count.",
    "Flexibility: Your costs rise with your team.",
)
COUNTS = (
    "Anna Holm and Otto Rehn count their delegates.",
    "Anna Holm: 1,769.",
    "Otto Rehn: 1,501.",
    "Holm: 547.",
    "Rehn: 46.",
)


@pytest.mark.parametrize(
    "paragraphs",
    [FACTS, PRESS, POINTS, CHAPTERS, CRITERIA, VERDICTS, TIPS, PROFILES, QUALITIES, COUNTS],
)
def test_rows_of_facts_are_nobodys_words(paragraphs: tuple[str, ...]) -> None:
    assert [one for one in said(*paragraphs) if one[2] == ":"] == []


@pytest.mark.parametrize(
    ("paragraphs", "speakers"),
    [
        (
            ("IDA HOLM, BYLINE: The quay is shut.", "HOLM: Most who stand here are skippers, like Jon Vik.")
            + ("JON VIK: The quotas are too low.", "HOLM: Vik has sold his boat."),
            {"HOLM", "JON VIK"},
        ),
        (
            ("ANNA VIK: I was there.", "OTTO REHN: The gate was shut.", "REHN: It was late.", "VIK: I know.")
            + ("The court heard Otto Rehn at noon.",),
            {"ANNA VIK", "VIK", "OTTO REHN", "REHN"},
        ),
        (
            (
                "KEVIN PRICE: The gate was shut.",
                "OTTO SPENCE: It was late.",
                "PRICE: I know.",
                "SPENCE: So do I.",
            ),
            {"KEVIN PRICE", "OTTO SPENCE", "PRICE", "SPENCE"},
        ),
        (
            ("Ida: I never saw the letter.", "Per: We all did, you know.", "Ida: Then I missed it."),
            {"Ida", "Per"},
        ),
        (
            ("MODERATOR: The floor is open.", "THE WITNESS: The gate was shut.", "MODERATOR: Thank you."),
            {"MODERATOR", "THE WITNESS"},
        ),
    ],
)
def test_turns_of_a_conversation_are_their_speakers(paragraphs: tuple[str, ...], speakers: set[str]) -> None:
    assert {one[1] for one in said(*paragraphs) if one[2] == ":"} == speakers


@pytest.mark.parametrize(
    "labels",
    [
        ("TRUMP", "BIDEN", "TRUMP", "BIDEN"),
        ("MR. SMITH", "MS. JONES", "MR. SMITH", "THE COURT"),
        ("Mary Jones", "Peter Rowe", "Mary Jones", "Peter Rowe"),
        ("Operator", "Tim Cook", "Lisa Maestri", "Tim Cook", "Operator"),
        ("Will", "Rose", "Will", "Rose"),
    ],
)
def test_who_speak_in_turn_are_heard_without_a_word_to_each_other(labels: tuple[str, ...]) -> None:
    found = said(*(f"{label}: The border was shut when the rose bloomed." for label in labels))
    assert [one[1] for one in found if one[2] == ":"] == list(labels)


def test_notes_on_teams_are_nobodys_words() -> None:
    found = said(
        "The Tarn Lakers beat the Oster City Thunder on Friday.",
        "Lakers: Jon Vik left the court in the second quarter.",
        "Thunder: Per Lund missed his third game.",
        "Lakers: Visit the Thunder on Friday.",
    )
    assert [one for one in found if one[2] == ":"] == []


@pytest.mark.parametrize(
    "rows",
    [
        (
            "Host: samples.example.org",
            "User-Agent: kiln-docs",
            "Host: api.example.org",
            "User-Agent: kiln-docs/2",
        ),
        (
            "Skerry: Rating 4.6, Plan name First Coast, Price $845.",
            "Anna Holm: Rating 4.3, Plan name Silver plan, Price $786.",
            "Skerry: Cost $485, Covered trip length up to 90 days, Trip cancellation $2,000.",
            "Skerry: Cost $1,041, Trip cancellation $10,000, Medical cover $75,000.",
            "Anna Holm: Cost $138, Covered trip length up to 45 days, Emergency cover $20,000.",
            "Anna Holm: Rating 4, Plan name Coast, Price $1,034.04.",
        ),
        (
            "Tarnum Classic: The press is well known, but I found its coffee weak.",
            "Tarnum Tribute: This proved able in my tests, but the coffee was weak.",
            "Skerro P6: Like the other one I tested, this made clean coffee.",
            "Tarnum Coast: It was like the other model I tested.",
        ),
        (
            "Did You Know: Looking for ways to save on a trip? Read what we found.",
            "Anna Vik: I was there.",
            "Otto Rehn: The gate was shut.",
        ),
    ],
    ids=["headers", "plans", "products", "asides"],
)
def test_rows_of_things_are_nobodys_words(rows: tuple[str, ...]) -> None:
    assert [one for one in said("We compared them all in May.", *rows) if one[2] == ":"] == []


def test_reviewers_are_heard_though_each_speaks_once() -> None:
    rows = (
        "Anna Vik: I found its coffee weak.",
        "Otto Rehn: I tested it for a week, and it broke.",
        "Anna Holm: You get what you pay for.",
    )
    assert [one[1] for one in said("We asked the readers in May.", *rows) if one[2] == ":"] == [
        "Anna Vik",
        "Otto Rehn",
        "Anna Holm",
    ]


@pytest.mark.parametrize("word", ["Yes.", "Absolutely!", "Mm-hmm.", "Non-negotiable."])
def test_one_word_is_a_turn(word: str) -> None:
    rows = ("Anna Vik: Was the gate shut?", f"Otto Rehn: {word}", "Anna Vik: And later?")
    assert (word, "Otto Rehn", ":") in said(*rows)
