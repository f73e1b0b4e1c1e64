"""What the structural layer reads from spans that somebody else tagged: each promise on a text of its own."""

from __future__ import annotations

from datetime import date

import pytest

from services.extractor.anonymity import anonymity
from services.extractor.cue_words import cue_words
from services.extractor.headline import headline
from services.extractor.stance import negated, stance
from services.extractor.structure import About, structure
from services.extractor.tagged import Tagged
from services.extractor.times import times
from shared.contracts.events import ExtractedClaim

CITED = (
    "The mill will close, the Tarn Post reported on Monday, citing an unnamed clerk close to the owners.\n\n"
    "Wages are unpaid, the Post cited its source as saying. “We were told nothing,” another source was quoted as"
    " saying."
)


def at(text: str, words: str, start: int = 0) -> tuple[int, int]:
    begin = text.index(words, start)
    return begin, begin + len(words)


def tagged(text: str, content: str, cue: str | tuple[str, str], source: str) -> Tagged:
    cues = (cue,) if isinstance(cue, str) else cue
    near = text.index(content)
    spans = tuple(at(text, one, near) for one in cues)
    return Tagged((at(text, content),), spans, (at(text, source, near),), 0.9)


def claims(text: str, *found: Tagged, title: str | None = None) -> tuple[ExtractedClaim, ...]:
    return structure(text, found, About(title=title, publisher="The Lantern", published=date(2024, 5, 14)))


def names(claim: ExtractedClaim) -> list[str | None]:
    return [link.name or link.text for link in claim.chain]


def test_a_source_that_is_cited_again_is_the_one_whom_the_outlet_introduced() -> None:
    first, second, third = claims(
        CITED,
        tagged(CITED, "The mill will close", "reported", "the Tarn Post"),
        tagged(CITED, "Wages are unpaid", ("cited", "as saying"), "its source"),
        tagged(CITED, "“We were told nothing,”", "was quoted as saying", "another source"),
    )
    introduced = "an unnamed clerk close to the owners"
    assert names(first) == names(second) == ["The Lantern", "Tarn Post", introduced]
    assert names(third) == ["The Lantern", "Tarn Post", "another source"]
    assert second.chain[-1].closeness == "close to the owners"
    assert first.chain[-1].entity == second.chain[-1].entity != third.chain[-1].entity


def test_a_pronoun_a_surname_and_a_role_are_one_person() -> None:
    text = "The mayor denied it. “No,” Mayor Ida Holm said. “Never,” Holm added. “I was abroad,” she said on Sunday."
    found = claims(
        text,
        Tagged((at(text, "it."),), (at(text, "denied"),), (at(text, "The mayor"),), 0.9),
        tagged(text, "“No,”", "said", "Mayor Ida Holm"),
        tagged(text, "“Never,”", "added", "Holm"),
        tagged(text, "“I was abroad,”", "said", "she"),
    )
    assert [(one.source.name, one.source.role) for one in found if one.source] == [("Ida Holm", "mayor")] * 4
    assert len({one.source.entity for one in found if one.source}) == 1


def test_who_denies_the_report_denies_what_was_reported_and_both_sides_say_so() -> None:
    text = CITED + "\n\nThe owners have denied the report."
    first, *_, last = claims(
        text,
        tagged(text, "The mill will close", "reported", "the Tarn Post"),
        Tagged(
            (at(text, "the report", len(CITED)),), (at(text, "have denied"),), (at(text, "The owners"),), 0.9
        ),
    )
    assert [(one.type, one.to, one.basis) for one in last.relations] == [("denies", first.n, "stated")]
    assert [(one.type, one.to) for one in first.relations] == [("denied_by", last.n)]


def test_a_headline_repeats_the_claim_of_the_body() -> None:
    titled, body = claims(
        CITED,
        tagged(CITED, "The mill will close", "reported", "the Tarn Post"),
        title="Mill Will Close, Report Says",
    )
    assert (titled.n, titled.content.in_, titled.content.text) == (1, "title", "Mill Will Close")
    assert titled.chain == body.chain
    assert [(one.type, one.to) for one in titled.relations] == [("repeats", 2)]
    assert [(one.type, one.to) for one in body.relations] == [("repeats", 1)]


def test_a_headline_without_a_claim_in_the_body_is_none() -> None:
    found = claims(
        CITED, tagged(CITED, "Wages are unpaid", ("cited", "as saying"), "its source"), title="Ice, Ida Says"
    )
    assert [one.content.in_ for one in found] == ["text"]


@pytest.mark.parametrize(
    ("phrase", "kind"),
    [
        ("an unnamed source", "unnamed"),
        ("a person close to the board", "close-to"),
        ("two senior officials", "officials"),
        ("people familiar with the plan", "familiar"),
        ("residents of the quay", "group"),
        ("a clerk who asked not to be named", "withheld"),
    ],
)
def test_unnamed_sources_have_a_kind(phrase: str, kind: str) -> None:
    assert anonymity(phrase) == kind


@pytest.mark.parametrize(
    ("cue", "content", "found"),
    [
        ("was quoted as saying", "“There is no question of any cuts,”", "denies"),
        ("did not confirm", "the letter exists", "doubts"),
        ("did not deny", "the letter exists", "confirms"),
        ("said", "“We will open in May,”", "promises"),
        ("said", "the council must publish it", "demands"),
        ("asked", "“Why now?”", "asks"),
        ("shouted", "“Give us our river back!”", "demands"),
        ("said", "“Stop the pumps before the wall goes.”", "demands"),
        ("said", "“Look at the wall!”", "asserts"),
        ("put", "“We lost the road and the rail line.”", "asserts"),
        ("put", "the damage at £3m", "estimates"),
        ("appeared to rule out", "a second vote", "denies"),
        ("refused", "to resign on Wednesday", "denies"),
        ("has repeatedly declined", "the offer", "denies"),
        ("declined to confirm", "that the ferry had sunk", "doubts"),
        ("refused to deny", "the letter exists", "confirms"),
        ("pleaded guilty", "to fraud", "confirms"),
        ("pleaded not guilty", "to fraud", "denies"),
        ("pleading innocent", "to fraud", "denies"),
        ("pleaded with", "them to stay", "demands"),
    ],
)
def test_the_cue_decides_and_where_it_is_neutral_the_content(cue: str, content: str, found: str) -> None:
    read = cue_words(cue, ((0, len(cue)),))
    assert stance(read, content, quoted=content.startswith("“")) == found


def test_negation_and_hedging_of_the_cue_and_of_the_content_are_kept_apart() -> None:
    cue = "appeared not to confirm"
    read = cue_words(cue, ((0, len(cue)),))
    assert (read.negated, negated("the bridge is safe")) == (True, False)
    assert negated("nobody had been told, and it was late")
    assert not negated("the bridge is safe, not pretty")
    # An answer without a verb carries nothing; what follows it does. "No" is an answer.
    assert not negated("Not before the spring. We will mend it then.")
    assert negated("No. The bridge is safe.")
    assert negated("that Mr. Lund would not mend it")


def test_a_pull_quote_stands_to_its_words_as_the_quotation_does_that_it_shows_again() -> None:
    text = (
        "The mill will close, the Tarn Post reported.\n\n“There is no plan to close the mill,” Ida Holm said."
    )
    shown = "“There is no plan to close the mill”"
    text = f"{text}\n\n{shown}"
    found = claims(
        text,
        tagged(text, "The mill will close", "reported", "the Tarn Post"),
        tagged(text, "“There is no plan to close the mill,”", "said", "Ida Holm"),
        Tagged((at(text, shown, text.rindex("\n")),), (), (), 0.9),
    )
    assert [(one.stance, names(one)[-1]) for one in found[1:]] == [("denies", "Ida Holm")] * 2


@pytest.mark.parametrize(
    ("words", "text", "first", "last"),
    [
        ("The board meets on Sunday, it will rain", "Sunday", "2024-05-19", "2024-05-19"),
        ("It rained on Sunday", "Sunday", "2024-05-12", "2024-05-12"),
        ("It has been shut since spring", "spring", "2024-03", "2024-05"),
        ("It was shut last winter", "last winter", "2023-12", "2024-02"),
        ("It was three years ago", "three years ago", "2021", "2021"),
        ("Three years ago it was open", "Three years ago", "2021", "2021"),
        ("Last winter it was shut", "Last winter", "2023-12", "2024-02"),
        ("Yesterday it was shut", "Yesterday", "2024-05-13", "2024-05-13"),
        ("Last year it was shut", "Last year", "2023", "2023"),
        ("It was on 3 February", "3 February", "2024-02-03", "2024-02-03"),
        ("It was several years ago", "several years ago", None, None),
    ],
)
def test_a_time_has_the_precision_that_its_words_have(
    words: str, text: str, first: str | None, last: str | None
) -> None:
    (when,) = times(words, ((0, len(words)),), date(2024, 5, 14))
    assert (when.text, when.from_, when.to) == (text, first, last)


@pytest.mark.parametrize(
    "title", ["Harbour Opens in May", "A Day at the Sea: Photos", "Transcript: A Hearing on Clay", ""]
)
def test_a_headline_that_nobody_says_is_no_attribution(title: str) -> None:
    assert headline(title) is None
