"""A text is cut at every edge of every part, however they nest and cross."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from claimstream.marked.facts import Explained
from claimstream.marked.marks import Mark, segments
from claimstream.marked.page import page
from claimstream.marked.paragraphs import rows
from claimstream.marked.terminal import shown
from shared.contracts.enums import Kind, Stance
from shared.contracts.events import ExtractedClaim
from shared.contracts.parts import ChainLink, Content, ExtractedRelation, Figure, Part, Source, Span, When

TEXT = "“He said: <b>‘No & never’</b>,” Ada said.\n\n“More <script>alert(1)</script>,” she added\u202e."


def claim(n: int, content: str | list[Span], *, source: str = "", cue: str = "") -> ExtractedClaim:
    def spans(words: str) -> tuple[Span, ...]:
        return ((TEXT.index(words), TEXT.index(words) + len(words)),) if words else ()

    where = spans(content) if isinstance(content, str) else tuple(content)
    return ExtractedClaim(
        n=n,
        kind=Kind.QUOTE,
        stance=Stance.DENIES,
        confidence=0.9,
        sentence=(0, 4),
        content=Content(text=" ".join(TEXT[a:b] for a, b in where), spans=where),
        source=Source(text=source, spans=spans(source), name='<i>"Ada"</i>') if source else None,
        cue=Part(text=cue, spans=spans(cue)) if cue else None,
        chain=(ChainLink.model_validate({"as": "origin", "name": "Ada"}),),
        figures=(
            Figure(text="<9>", span=(1, 3), low=9, high=12, of="<u>", when=When(text="now", span=(1, 3))),
        ),
        relations=(ExtractedRelation.model_validate({"type": "denied_by", "to": 1}),),
    )


NESTED = Explained(
    TEXT,
    "A <b>title</b>",
    (
        claim(1, "“He said: <b>‘No & never’</b>,”", source="Ada", cue="Ada said"),
        claim(2, "‘No & never’", source="He", cue="said"),
        # The third crosses both, and a paragraph's end.
        claim(3, [(TEXT.index("never"), TEXT.index("said.")), (50, 60)], source="she", cue="added"),
    ),
    ("rule behind", "tagger", "tagger"),
)


def test_what_crosses_is_cut_at_every_edge_and_nothing_of_the_text_is_lost() -> None:
    marked = [Mark(2, 6, "content", 1), Mark(4, 9, "content", 2), Mark(4, 5, "cue", 2)]
    cut = list(segments(marked, (0, 8)))
    assert [(one.start, one.end) for one in cut] == [(0, 2), (2, 4), (4, 5), (5, 6), (6, 8)]
    assert [[mark.n for mark in one.inside] for one in cut] == [[], [1], [1, 2, 2], [1, 2], [2]]
    assert cut[2].opening == (Mark(4, 8, "content", 2), Mark(4, 5, "cue", 2))
    assert cut[3].closing == (Mark(2, 6, "content", 1),)
    assert cut[4].closing == (Mark(4, 8, "content", 2),)


def test_every_claim_stands_beneath_one_paragraph() -> None:
    found = list(rows(NESTED))
    assert [[claim.n for claim, _ in row.claims] for row in found] == [[], [1, 2, 3], []]
    assert "".join(
        row.text[one.start : one.end] for row in found[1:] for one in row.segments
    ) == TEXT.replace("\n\n", "")


def test_the_terminal_shows_the_same_with_and_without_colours() -> None:
    plain, coloured = (shown(NESTED, colours=colours) for colours in (False, True))
    assert "\x1b" not in plain
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain
    assert "⟦2 ‘No & ⟦3 never’ 2⟧" in plain
    assert "{1 " in plain
    assert "denied by 1 (stated, 1.00)" in plain
    assert "(rule behind)" in plain
    assert "“<9>” = 9 to 12 of “<u>”; “now”, no date" in plain


class Reader(HTMLParser):
    """Which elements a browser would see, and the words of those that show the text."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        if tag != "meta":
            self.open.append("n" if ("class", "n") in attrs else tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() in {tag, "n"}, tag

    def handle_data(self, data: str) -> None:
        if ("p" in self.open or "h1" in self.open) and self.open[-1] != "n":
            self.words += data


def test_the_page_is_well_formed_and_no_markup_of_the_article_is_markup_of_the_page() -> None:
    reader = Reader()
    reader.feed(page(NESTED))
    assert reader.open == []
    assert not reader.seen & {"b", "i", "u", "script", "img", "link"}
    assert reader.words.endswith("A <b>title</b>" + TEXT.replace("\n\n", ""))


@pytest.mark.parametrize("outside", ["src=", "http:", "https:", "url(", "@import", "<script"])
def test_the_page_asks_for_nothing(outside: str) -> None:
    assert outside not in page(NESTED)


def test_parts_of_one_claim_are_one_class_and_nested_words_belong_to_both() -> None:
    found = re.search(r'<span class="([^"]*)" title="([^"]*)">‘No ', page(NESTED))
    assert found is not None
    assert {"c1", "c2", "content", "said-in-said"} <= set(found[1].split())
    assert found[2] == "content of 1, content of 2"
