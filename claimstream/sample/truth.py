"""What a cleaner and an extractor should find in the sample site's articles.

The marks stand in the article files, `{q1 …}` and so on; `truth.json` is made of them, so that tests in
any language can read offsets instead of marks. The letters:

- `q` direct quotation, with its quotation marks: the content of a claim of kind "quote";
- `m` content of a claim of kind "mixed", partly in quotation marks;
- `s`, `c` source and cue of the quotation of the same number, as they stand in the text;
- `x` quoted words that are no quotation of their own: scare quotes, fragments, names.

One number in several places is one part in several spans. After an article has been edited,
`python -m claimstream.sample --truth > claimstream/sample/truth.json` brings the file up to date.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from importlib.resources import files
from typing import Any

from claimstream.sample.article import MARK, Article, Block
from claimstream.sample.outlet import Outlet, load_outlets

KINDS = {"q": "quote", "m": "mixed"}


@dataclass(frozen=True)
class Part:
    """A piece of the text as in the contracts: spans in code points, end exclusive, joined by a space."""

    text: str
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Quotation:
    """One attributed quotation; `kind` is "quote" or "mixed"."""

    kind: str
    content: Part
    cue: Part
    source: Part


@dataclass(frozen=True)
class ArticleTruth:
    """One version of one article: its cleaned text, and what is quoted in it.

    The text is the paragraphs joined by a blank line, subheadings among them, the headline not.
    `not_quotations` must not come out as claims of kind "quote".
    """

    outlet: str
    slug: str
    version: int
    path: str
    duplicate_path: str | None
    title: str
    authors: tuple[str, ...]
    published_at: str
    paragraphs: tuple[str, ...]
    quotations: tuple[Quotation, ...]
    not_quotations: tuple[Part, ...]

    @property
    def text(self) -> str:
        """The cleaned text, into which all spans point."""
        return "\n\n".join(self.paragraphs)


def derive_truth(outlet: Outlet, article: Article) -> ArticleTruth:
    """Read the marks of an article, also of a numbered copy."""
    blocks = [block for block in article.blocks if block.is_text]
    paragraphs = tuple(block.plain for block in blocks)
    marks = _marks(blocks)
    text = "\n\n".join(paragraphs)

    def part(mark: tuple[str, int]) -> Part:
        spans = tuple(marks[mark])
        return Part(" ".join(text[start:end] for start, end in spans), spans)

    return ArticleTruth(
        outlet=outlet.key,
        slug=article.slug,
        version=article.version,
        path=outlet.path(article.slug),
        duplicate_path=article.duplicate and f"/{article.duplicate}",
        title=article.title,
        authors=article.authors,
        published_at=article.published.isoformat(),
        paragraphs=paragraphs,
        quotations=tuple(
            Quotation(KINDS[letter], part((letter, number)), part(("c", number)), part(("s", number)))
            for letter, number in marks
            if letter in KINDS
        ),
        not_quotations=tuple(part(mark) for mark in marks if mark[0] == "x"),
    )


def derive_all() -> dict[str, ArticleTruth]:
    """The truth of every article in every version, by "outlet/slug@version"."""
    truths = [
        derive_truth(outlet, article) for outlet in load_outlets().values() for article in outlet.articles
    ]
    return {f"{truth.outlet}/{truth.slug}@{truth.version}": truth for truth in truths}


def load_truth() -> dict[str, ArticleTruth]:
    """What `truth.json` says, by "outlet/slug@version"."""
    stored = json.loads((files("claimstream.sample") / "truth.json").read_text(encoding="utf-8"))
    return {key: _article(value) for key, value in stored["articles"].items()}


def render_truth() -> str:
    """What `truth.json` should hold: the marks of all articles."""
    articles = {key: asdict(truth) for key, truth in derive_all().items()}
    offsets = "Unicode code points of the paragraphs joined by one blank line, end exclusive"
    return json.dumps({"offsets": offsets, "articles": articles}, ensure_ascii=False, indent=1) + "\n"


def _marks(blocks: Iterable[Block]) -> dict[tuple[str, int], list[tuple[int, int]]]:
    """The spans of each mark, in the order of the text."""
    spans: dict[tuple[str, int], list[tuple[int, int]]] = {}
    base = 0
    for block in blocks:
        for mark in MARK.finditer(block.marked):
            start = base + len(Block(block.kind, block.marked[: mark.start()]).plain)
            spans.setdefault((mark[1], int(mark[2])), []).append((start, start + len(mark[3])))
        base += len(block.plain) + len("\n\n")
    return spans


def _article(value: dict[str, Any]) -> ArticleTruth:
    quotations = tuple(
        Quotation(found["kind"], _part(found["content"]), _part(found["cue"]), _part(found["source"]))
        for found in value["quotations"]
    )
    lists = {
        "authors": tuple(value["authors"]),
        "paragraphs": tuple(value["paragraphs"]),
        "quotations": quotations,
        "not_quotations": tuple(_part(found) for found in value["not_quotations"]),
    }
    return ArticleTruth(**{**value, **lists})


def _part(value: dict[str, Any]) -> Part:
    return Part(value["text"], tuple((start, end) for start, end in value["spans"]))
