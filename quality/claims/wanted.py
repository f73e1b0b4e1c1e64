"""Gold of an article in the form that the scorer compares: offsets, and what may be compared with each."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.contract.gold_article import (
    FOLDER,
    GoldArticle,
    GoldClaim,
    GoldFigure,
    Piece,
    read,
    resolve,
    sliced,
)

Spans = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class WantedLink:
    role: str
    name: str | None
    text: str | None
    anonymous: bool
    closeness: str | None


@dataclass(frozen=True)
class WantedFigure:
    span: tuple[int, int]
    low: float | None
    high: float | None
    unit: str | None
    of: str | None
    approximate: bool
    when: str | None


@dataclass(frozen=True)
class WantedClaim:
    """``None`` in ``negated``, ``hedges`` or ``times``: this gold does not say. ``stances``: any of them is right."""

    n: int
    kind: str
    stances: frozenset[str]
    content: Spans
    cue: Spans
    source: Spans
    name: str | None
    role: str | None
    type: str | None
    chain: tuple[WantedLink, ...]
    figures: tuple[WantedFigure, ...]
    relations: frozenset[tuple[str, int]]
    stated: frozenset[int] = frozenset()
    negated: bool | None = None
    cue_negated: bool | None = None
    hedges: tuple[str, ...] | None = None
    cue_hedges: tuple[str, ...] | None = None
    times: tuple[tuple[str, str | None, str | None], ...] | None = None
    anonymity: str | None = None
    headline: bool = False
    patterns: frozenset[str] = field(default_factory=frozenset)

    @property
    def anonymous(self) -> bool:
        return bool(self.chain) and self.chain[-1].anonymous


@dataclass(frozen=True)
class WantedArticle:
    id: str
    text: str
    title: str | None
    publisher: str
    published_at: str | None
    claims: tuple[WantedClaim, ...]
    statements: tuple[Spans, ...] = ()  # some of the article's own, not all


def articles() -> list[WantedArticle]:
    """The articles with gold that the project holds."""
    return [_article(read(path)) for path in sorted(FOLDER.glob("[gs]*.json"))]


def _article(gold: GoldArticle) -> WantedArticle:
    claims = tuple(_claim(gold, claim) for claim in gold.claims)
    stated = tuple(gold.content(one) for one in gold.statements)
    return WantedArticle(gold.id, gold.text, gold.title, gold.publisher, gold.published_at, claims, stated)


def _claim(gold: GoldArticle, claim: GoldClaim) -> WantedClaim:
    where = gold.where(claim)

    def text_of(piece: Piece) -> str:
        return sliced(where, gold.inside(claim, piece))

    def figure(one: GoldFigure) -> WantedFigure:
        span = gold.inside(claim, one.text)[0]
        return WantedFigure(span, one.low, one.high, one.unit, one.of, one.approximate, one.when)

    return WantedClaim(
        n=claim.n,
        kind=claim.kind,
        stances=frozenset({claim.stance.value, *(also.value for also in claim.stance_also)}),
        content=gold.content(claim),
        cue=resolve(claim.cue, where) if claim.cue is not None else (),
        source=resolve(claim.source.text, where) if claim.source is not None else (),
        name=claim.source.name if claim.source else None,
        role=claim.source.role if claim.source else None,
        type=claim.source.type.value if claim.source else None,
        chain=tuple(
            WantedLink(link.as_.value, link.name, link.text, link.anonymous, link.closeness)
            for link in gold.chain(claim)
        ),
        figures=tuple(figure(one) for one in claim.figures),
        relations=frozenset((relation.type.value, relation.to) for relation in claim.relations),
        stated=frozenset(relation.to for relation in claim.relations if relation.basis.value == "stated"),
        negated=claim.negated,
        cue_negated=claim.cue_negated,
        hedges=claim.hedges,
        cue_hedges=claim.cue_hedges,
        times=tuple((text_of(time.text), time.from_, time.to) for time in claim.times),
        anonymity=claim.anonymity,
        headline=claim.headline,
        patterns=frozenset(claim.patterns),
    )


def seed(folder: Path) -> WantedArticle:
    """The first article, from the evaluation set beside the checkout."""
    text = (folder / "article.txt").read_text(encoding="utf-8").removesuffix("\n")
    claims = json.loads((folder / "claims.json").read_text(encoding="utf-8"))["claims"]
    return WantedArticle("seed", text, None, "The Moscow Times", None, tuple(map(_of_seed, claims)))


def _of_seed(claim: dict[str, Any]) -> WantedClaim:
    def spans(part: str) -> Spans:
        return tuple((start, end) for start, end in claim[part]["spans"])

    source = claim["source"]
    return WantedClaim(
        n=claim["n"],
        kind=claim["kind"],
        stances=frozenset({claim["stance"]}),
        content=spans("content"),
        cue=spans("cue"),
        source=spans("source"),
        name=source["name"],
        role=source.get("role"),
        type=source["type"],
        chain=tuple(
            WantedLink(
                link["as"],
                link["name"],
                link.get("text"),
                link.get("anonymous", False),
                link.get("closeness"),
            )
            for link in claim["chain"]
        ),
        figures=tuple(
            WantedFigure(
                tuple(one["span"]), one["low"], one["high"], None, one["of"], one["approximate"], one["when"]
            )
            for one in claim["figures"]
        ),
        relations=frozenset((relation["type"], relation["to"]) for relation in claim["relations"]),
        stated=frozenset(one["to"] for one in claim["relations"] if one["basis"] == "stated"),
    )
