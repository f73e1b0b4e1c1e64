"""The promises of `extract` that hold for any text."""

from __future__ import annotations

import pickle
import unicodedata
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.extractor.handler import NO_EXTRACTOR, Extraction, extract
from services.extractor.identity import IDENTITY
from services.extractor.structure import CONTEXT
from shared.contracts.enums import ChainRole
from shared.contracts.parts import Part

ARTICLE = (
    "“The bridge is safe,” a person close to the council said. “We will look again.”\n\n"
    'Ola Brandt, the mayor, has denied the accounts as "pure invention."'
)

QUOTES = st.sampled_from(
    [
        "“It holds,”",
        "“Why now?”",
        '"We will see,"',
        "“No ‘plan’ survives.”",
        "“open",
        'end"',
        "“key”",
        '""',
        "«Non»",
        "“…”",
    ]
)
SPEAKERS = st.sampled_from(
    [
        "Ida Lund",
        "she",
        "the mayor of Oster",
        "Dr. K. L. Moss, 44, a vet",
        "sources",
        "İpek Ö’Neil",
        "🚒",
        "Secretary of State ",
        "de ",
        "Dr. ",
        "the ",
        "of ",
        "former Prime Minister ",
    ]
)
CUES = st.sampled_from(
    [
        "said",
        "has denied",
        "told CNN",
        "was quoted as saying",
        "added that",
        "called it",
        "says:",
        "according to",
    ]
)
FILLERS = st.sampled_from(
    [", ", " ", ". ", " and ", ": ", " — ", "\n\n", "\n", " (", ") ", "' ", "’s ", '6" ', "... "]
)
COMPOSED = st.lists(st.one_of(QUOTES, SPEAKERS, CUES, FILLERS), max_size=40).map("".join)
ANY_TEXT = st.text(alphabet=st.sampled_from("aB.,:;?!\"“”‘’'«» \n-—(1é🚒"), max_size=200)


def claims_of(text: str, **known: Any) -> Extraction:
    given_: dict[str, Any] = {"language": "en", "title": None, "publisher": None, "site": None, **known}
    return extract(text, **given_)


@settings(max_examples=300, deadline=None)
@given(st.one_of(COMPOSED, ANY_TEXT))
def test_every_part_of_every_claim_re_slices(text: str) -> None:
    text = unicodedata.normalize("NFC", text)
    claims = claims_of(text, publisher="The Daily Lantern").claims
    for n, claim in enumerate(claims, 1):
        assert claim.n == n
        parts: list[Part] = [claim.content]
        parts += [part for part in (claim.cue, claim.source) if part is not None]
        for part in parts:
            assert part.text == " ".join(text[start:end] for start, end in part.spans)
            assert all(0 <= start < end <= len(text) for start, end in part.spans)
            assert all(a[1] <= b[0] for a, b in zip(part.spans, part.spans[1:], strict=False))
        for link in claim.chain[1:]:
            assert link.text == " ".join(text[start:end] for start, end in link.spans)
        first, last = claim.content.spans[0][0], claim.content.spans[-1][1]
        assert claim.content.prefix == text[max(0, first - CONTEXT) : first]
        assert claim.content.suffix == text[last : last + CONTEXT]
        assert claim.confidence == round(claim.confidence, 3)
    starts = [claim.content.spans[0][0] for claim in claims]
    assert starts == sorted(starts)


@settings(max_examples=100, deadline=None)
@given(COMPOSED)
def test_source_and_cue_stand_outside_the_marks_of_their_quotation(text: str) -> None:
    for claim in claims_of(text).claims:
        if claim.kind != "quote":
            continue
        for part in filter(None, (claim.cue, claim.source)):  # a pull quote may have neither
            assert not any(s < end and start < e for s, e in part.spans for start, end in claim.content.spans)


def test_the_same_input_gives_the_same_bytes() -> None:
    def written() -> list[str]:
        return [claim.model_dump_json() for claim in claims_of(ARTICLE, site="lantern.example").claims]

    assert written() == written()
    assert len(written()) == 2


def test_an_extraction_travels_between_processes() -> None:
    found = claims_of(ARTICLE)
    assert pickle.loads(pickle.dumps(found)) == found


@pytest.mark.parametrize("language", ["de", "ru-RU", "zh_Hans", "und", ""])
def test_a_language_without_rules_is_skipped_and_says_so(language: str) -> None:
    found = claims_of(ARTICLE, language=language)
    assert found.claims == ()
    assert found.skipped is not None
    assert found.skipped.code == NO_EXTRACTOR
    assert repr(language) in found.skipped.hint


@pytest.mark.parametrize("language", ["en", "EN-gb", "en_US", "eng", None])
def test_english_and_an_unknown_language_are_read_as_english(language: str | None) -> None:
    found = claims_of(ARTICLE, language=language)
    assert found.skipped is None
    assert len(found.claims) == 2


def test_the_chain_runs_from_the_publisher_to_the_origin() -> None:
    first = claims_of(ARTICLE, publisher="The Daily Lantern", site="lantern.example").claims[0]
    publisher, origin = first.chain
    assert (publisher.as_, publisher.name, publisher.spans) == (ChainRole.PUBLISHER, "The Daily Lantern", ())
    assert (origin.as_, origin.text) == (ChainRole.ORIGIN, "a person close to the council")
    assert (origin.anonymous, origin.closeness) == (True, "close to the council")
    assert first.source is not None
    assert first.source.spans == origin.spans


def test_the_site_stands_for_a_publisher_without_a_name() -> None:
    assert claims_of(ARTICLE, site="lantern.example").claims[0].chain[0].name == "lantern.example"
    assert [link.as_ for link in claims_of(ARTICLE).claims[0].chain] == [ChainRole.ORIGIN]


def test_the_identity_changes_with_the_tables_only() -> None:
    assert IDENTITY.name == "claimstream-rules"
    assert IDENTITY.sequence >= 1
    assert len(IDENTITY.model.removeprefix("sha256:")) == 64
