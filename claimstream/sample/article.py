"""An article of the sample site, read from its text file.

The file has a head of `key: value` lines, a blank line, and blocks separated by blank lines:

- a paragraph, which may hold links `[text](path)` and the marks of the truth (see `truth.py`);
- `## …`, a heading inside the article, part of its text;
- `@name …`, a piece of page furniture (`blocks/name.html`) that stands at this place and is no text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from importlib.resources.abc import Traversable

LINK = re.compile(r"\[([^\]]+)\]\(([^)]+)\)")
MARK = re.compile(r"\{([qmscx])(\d+) ([^{}]*)\}")


@dataclass(frozen=True)
class Block:
    """One piece of an article's body; `kind` is "paragraph", "heading" or the name of a furniture block."""

    kind: str
    marked: str

    @property
    def is_text(self) -> bool:
        """Whether a reader would call this block part of the article."""
        return self.kind in ("paragraph", "heading")

    @property
    def plain(self) -> str:
        """The text without marks and link targets."""
        return LINK.sub(r"\1", MARK.sub(r"\3", self.marked))


@dataclass(frozen=True)
class Article:
    """One version of one article. Times are aware; `version` counts from 1 as the article is edited."""

    slug: str
    version: int
    title: str
    authors: tuple[str, ...]
    published: datetime
    updated: datetime
    town: str
    json_ld: bool
    duplicate: str | None
    related: tuple[str, ...]
    blocks: tuple[Block, ...]

    @property
    def lead(self) -> str:
        """The first paragraph, which feeds and meta elements use as the summary."""
        return next(block.plain for block in self.blocks if block.kind == "paragraph")

    def copy(self, number: int) -> "Article":
        """The same story about another town, at another address: its text and claims differ a little.

        Number 0 is the article itself. The town becomes "Town 7", in the title and everywhere in the text.
        """
        if number == 0:
            return self
        town = f"{self.town} {number}"
        return replace(
            self,
            slug=f"{self.slug}-{number}",
            title=self.title.replace(self.town, town),
            town=town,
            duplicate=self.duplicate and f"{self.duplicate}-{number}",
            related=tuple(f"{slug}-{number}" for slug in self.related),
            blocks=tuple(
                replace(block, marked=block.marked.replace(self.town, town)) for block in self.blocks
            ),
        )


def parse_article(slug: str, version: int, source: str) -> Article:
    """Read an article file. Raises `ValueError` if its head is incomplete or a mark is left open."""
    head_text, _, body = source.partition("\n\n")
    head = dict(line.split(": ", 1) for line in head_text.splitlines())
    missing = {"title", "author", "published", "town"} - head.keys()
    if missing:
        raise ValueError(f"{slug}: the head lacks {', '.join(sorted(missing))}")
    blocks = tuple(_block(text.strip()) for text in body.split("\n\n") if text.strip())
    for block in blocks:
        if set(block.plain) & set("{}"):
            raise ValueError(f"{slug}: a mark is not closed in {block.marked!r}")
    published = datetime.fromisoformat(head["published"])
    return Article(
        slug=slug,
        version=version,
        title=head["title"],
        authors=tuple(head["author"].split(", ")),
        published=published,
        updated=datetime.fromisoformat(head["updated"]) if "updated" in head else published,
        town=head["town"],
        json_ld=head.get("json_ld", "yes") == "yes",
        duplicate=head.get("duplicate"),
        related=tuple(head["related"].split(", ")) if "related" in head else (),
        blocks=blocks,
    )


def read_articles(folder: Traversable) -> Iterator[Article]:
    """All versions of all articles in an outlet's folder, by slug and version; `slug.v2.txt` is version 2."""
    found: list[Article] = []
    for entry in folder.iterdir():
        if not entry.name.endswith(".txt"):
            continue
        slug, _, version = entry.name.removesuffix(".txt").partition(".v")
        found.append(parse_article(slug, int(version or 1), entry.read_text(encoding="utf-8")))
    yield from sorted(found, key=lambda article: (article.slug, article.version))


def _block(text: str) -> Block:
    if text.startswith("## "):
        return Block("heading", text.removeprefix("## "))
    if text.startswith("@"):
        kind, _, rest = text.removeprefix("@").partition(" ")
        return Block(kind, rest)
    return Block("paragraph", text)
