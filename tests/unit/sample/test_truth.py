"""What the sample site's truth promises to the tests of the cleaner and the extractor."""

import re
from importlib.resources import files

import httpx
import pytest
from lxml import html

from claimstream.sample import ArticleTruth, SampleSite, load_truth
from claimstream.sample.article import parse_article
from claimstream.sample.truth import render_truth

TRUTH = load_truth()
FURNITURE = [
    "small request",
    "Payment methods",
    "Photo:",
    "Read more",
    "free newsletter",
    "cookies",
    "All rights reserved",
]


async def elements(site: SampleSite, client: httpx.AsyncClient, truth: ArticleTruth) -> list[str]:
    """The texts of all paragraphs and headings of the page, as a parser that knows no news sees them."""
    answer = await client.get(site.url(truth.outlet, truth.path))
    page = html.document_fromstring(answer.content, parser=html.HTMLParser(encoding=answer.encoding))
    return [element.text_content() for element in page.xpath("//p | //h3")]


@pytest.fixture(params=sorted(TRUTH))
def truth(request: pytest.FixtureRequest) -> ArticleTruth:
    return TRUTH[request.param]


def test_the_stored_truth_is_what_the_articles_marks_say() -> None:
    stored = (files("claimstream.sample") / "truth.json").read_text(encoding="utf-8")
    assert stored == render_truth()


def test_every_span_slices_to_its_part(truth: ArticleTruth) -> None:
    parts = [part for found in truth.quotations for part in (found.content, found.cue, found.source)]
    for part in [*parts, *truth.not_quotations]:
        assert part.spans
        assert " ".join(truth.text[start:end] for start, end in part.spans) == part.text


def test_every_piece_of_a_direct_quotation_stands_in_quotation_marks(truth: ArticleTruth) -> None:
    for found in truth.quotations:
        for start, end in found.content.spans:
            piece = truth.text[start:end]
            if found.kind == "quote":
                assert re.fullmatch(r"“[^“”]+”|\"[^\"]+\"", piece)
            else:
                assert re.fullmatch(r"[^“”\"]+(“[^“”]+”|\"[^\"]+\")", piece)


def test_every_quotation_mark_of_the_text_belongs_to_something_in_the_truth(truth: ArticleTruth) -> None:
    parts = [found.content for found in truth.quotations] + list(truth.not_quotations)
    covered = [span for part in parts for span in part.spans]
    for mark in re.finditer(r"[“”\"]", truth.text):
        assert any(start <= mark.start() < end for start, end in covered), truth.text[mark.start() - 40 :][
            :80
        ]


async def test_the_text_is_in_the_page_in_order(client: httpx.AsyncClient, truth: ArticleTruth) -> None:
    async with SampleSite() as site:
        for _ in range(truth.version - 1):
            site.advance()
        texts = await elements(site, client, truth)
    positions = [texts.index(paragraph) for paragraph in truth.paragraphs]
    assert positions == sorted(positions)
    assert len(truth.text.split()) >= 240


async def test_the_furniture_is_in_the_pages_and_not_in_the_truth(
    site: SampleSite, client: httpx.AsyncClient
) -> None:
    pages = [(await client.get(site.url(truth.outlet, truth.path))).text for truth in TRUTH.values()]
    for phrase in FURNITURE:
        assert any(phrase in page for page in pages), phrase
        assert not any(phrase in truth.text for truth in TRUTH.values()), phrase


async def test_the_duplicate_names_the_articles_own_url_as_canonical(
    site: SampleSite, client: httpx.AsyncClient
) -> None:
    twice = [truth for truth in TRUTH.values() if truth.duplicate_path]
    assert [truth.slug for truth in twice] == ["tidal-plant-outage"]
    assert twice[0].duplicate_path is not None
    own = site.url("ledger", twice[0].path)
    duplicate = await client.get(site.url("ledger", twice[0].duplicate_path))
    assert f'<link rel="canonical" href="{own}">' in duplicate.text
    assert duplicate.content == (await client.get(own)).content


def test_the_edit_amends_one_quotation_withdraws_one_and_adds_one() -> None:
    before, after = (
        {found.content.text: found.source.text for found in TRUTH[key].quotations}
        for key in ("courier/school-meals-budget@1", "courier/school-meals-budget@2")
    )
    gone = [before[text] for text in before if text not in after]
    new = [after[text] for text in after if text not in before]
    assert gone == ["Mayor Edda Kranz", "opposition leader Viktor Sand"]
    assert new == ["Mayor Edda Kranz", "Imhof"]


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("title: A\nauthor: B\n\nText.", "published, town"),
        (
            "title: A\nauthor: B\npublished: 2025-01-01T00:00:00Z\ntown: C\n\n{q1 “Open,” he said.",
            "not closed",
        ),
    ],
)
def test_a_faulty_article_file_is_refused_with_its_name(source: str, problem: str) -> None:
    with pytest.raises(ValueError, match=f"lost-story: .*{problem}"):
        parse_article("lost-story", 1, source)
