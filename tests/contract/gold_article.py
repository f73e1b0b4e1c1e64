"""A gold file of the structural layer, read: what people write as verbatim text becomes offsets.

The format and its rules: ``tests/data/extractor/articles/FORMAT.md``. Offsets are code points, end exclusive, into
the article's text, or into its title for a claim of the headline.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from shared.contracts.enums import Basis, ChainRole, RelationType, SourceType, Stance
from shared.contracts.text import PARAGRAPH_BREAK

FOLDER = Path(__file__).resolve().parents[1] / "data" / "extractor" / "articles"
Spans = tuple[tuple[int, int], ...]

_MARKED = re.compile("(.*?)⟦(.+)⟧(.*)", re.DOTALL)


class Unresolved(ValueError):
    """A written span stands nowhere in its text, or in several places."""


class Gold(BaseModel):
    """Strict: a field that FORMAT.md does not name is a slip of the pen."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Nth(Gold):
    text: str
    nth: int = Field(ge=1)


Piece = str | Nth
Written = Piece | tuple[Piece, ...]


class GoldSource(Gold):
    text: Written
    type: SourceType
    name: str | None = None
    role: str | None = None


class GoldLink(Gold):
    as_: ChainRole = Field(alias="as")
    name: str | None = None
    text: str | None = None
    anonymous: bool = False
    closeness: str | None = None


class GoldTime(Gold):
    text: Piece
    from_: str | None = Field(default=None, alias="from")
    to: str | None = None
    granularity: Literal[
        "minute", "hour", "day", "weekend", "week", "month", "season", "quarter", "year", "decade", "vague"
    ]


class GoldFigure(Gold):
    """``high`` left out is ``low``; a bound that is not known is written as null."""

    text: Piece
    low: float | None
    high: float | None = None
    unit: str | None = None
    of: str | None = None
    approximate: bool = False
    when: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _plain_number(cls, written: object) -> object:
        if isinstance(written, dict) and "high" not in written:
            return {**written, "high": written.get("low")}
        return written


class GoldRelation(Gold):
    type: RelationType
    to: int
    basis: Basis


class GoldStatement(Gold):
    content: Written
    figures: tuple[GoldFigure, ...] = ()
    times: tuple[GoldTime, ...] = ()
    patterns: tuple[str, ...] = ()


class GoldClaim(GoldStatement):
    n: int
    kind: Literal["quote", "mixed", "paraphrase"]
    stance: Stance
    stance_also: tuple[Stance, ...] = ()
    negated: bool = False
    cue_negated: bool = False
    hedges: tuple[str, ...] = ()
    cue_hedges: tuple[str, ...] = ()
    cue: Written | None = None
    source: GoldSource | None = None
    anonymous: bool = False
    anonymity: Literal["unnamed", "close-to", "officials", "familiar", "group", "withheld"] | None = None
    closeness: str | None = None
    chain: tuple[GoldLink, ...] = ()
    relations: tuple[GoldRelation, ...] = ()
    headline: bool = False
    nested_in: int | None = None


class Trap(Gold):
    text: Piece
    pattern: str


class GoldArticle(Gold):
    id: str
    title: str
    publisher: str
    published_at: str
    language: str
    paragraphs: tuple[str, ...]
    claims: tuple[GoldClaim, ...]
    statements: tuple[GoldStatement, ...] = ()
    traps: tuple[Trap, ...] = ()

    @property
    def text(self) -> str:
        return PARAGRAPH_BREAK.join(self.paragraphs)

    def where(self, claim: GoldStatement) -> str:
        """The text that the claim's offsets lie in."""
        return self.title if isinstance(claim, GoldClaim) and claim.headline else self.text

    def content(self, claim: GoldStatement) -> Spans:
        return resolve(claim.content, self.where(claim))

    def inside(self, claim: GoldStatement, written: Written) -> Spans:
        """Where a figure or a time of the claim stands: in its content alone."""
        return resolve(written, self.where(claim), self.content(claim))

    def chain(self, claim: GoldClaim) -> tuple[GoldLink, ...]:
        """As written, or the one link that the source itself is."""
        if claim.chain or claim.source is None:
            return claim.chain
        where = self.where(claim)
        spans = resolve(claim.source.text, where)
        link = {
            "as": "origin",
            "name": claim.source.name,
            "text": sliced(where, spans),
            "anonymous": claim.anonymous,
            "closeness": claim.closeness,
        }
        return (GoldLink.model_validate(link),)


def read(path: Path) -> GoldArticle:
    return GoldArticle.model_validate_json(path.read_text(encoding="utf-8"))


def sliced(text: str, spans: Spans) -> str:
    return " ".join(text[start:end] for start, end in spans)


def resolve(written: Written, text: str, inside: Spans | None = None) -> Spans:
    """The offsets of ``written`` in ``text``, looked for in the spans of ``inside`` alone where given.

    Raises :class:`Unresolved` when it is not there, or more often than once and not numbered.
    """
    pieces = written if isinstance(written, tuple) else (written,)
    return tuple(_resolve(piece, text, inside or ((0, len(text)),)) for piece in pieces)


def _resolve(piece: Piece, text: str, inside: Spans) -> tuple[int, int]:
    if isinstance(piece, Nth):
        found = _occurrences(piece.text, text, inside)
        if len(found) < piece.nth:
            raise Unresolved(f"{piece.text!r} stands {len(found)} times, not {piece.nth}")
        return found[piece.nth - 1]
    marked = _MARKED.fullmatch(piece)
    before, words, after = marked.groups() if marked else ("", piece, "")
    found = _occurrences(before + words + after, text, inside if not marked else ((0, len(text)),))
    if len(found) != 1:
        places = "; ".join("…" + text[max(0, start - 20) : end + 20] + "…" for start, end in found[:6])
        raise Unresolved(f"{piece!r} stands {len(found)} times: {places}")
    start = found[0][0] + len(before)
    return start, start + len(words)


def _occurrences(words: str, text: str, inside: Spans) -> list[tuple[int, int]]:
    """Whole words only: "he" is not looked for in "the"."""
    edge = re.compile(rf"(?<!\w){re.escape(words)}(?!\w)" if words[:1].isalnum() else re.escape(words))
    return [
        (start + match.start(), start + match.end())
        for start, end in inside
        for match in edge.finditer(text[start:end])
    ]
