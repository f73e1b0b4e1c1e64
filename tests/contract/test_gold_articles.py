"""The gold of the structural layer keeps its own rules (``tests/data/extractor/articles/FORMAT.md``): a scorer that
compares with a slip of the pen measures the slip."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from shared.contracts.enums import Basis, ChainRole, RelationType, SourceType, Stance
from shared.contracts.text import PARAGRAPH_BREAK, is_normal
from tests.contract.gold_article import (
    FOLDER,
    GoldArticle,
    GoldClaim,
    GoldStatement,
    GoldTime,
    Nth,
    Spans,
    Unresolved,
    read,
    resolve,
    sliced,
)
from tests.contract.gold_patterns import shown

FILES = sorted(FOLDER.glob("[gs]*.json"))
VOCABULARY = frozenset(
    re.findall(r"^\| `([a-z-]+)` \|", (FOLDER / "FORMAT.md").read_text().split("## Patterns")[1], re.M)
)
KNOWN = {"stance": Stance, "type": (*SourceType, *RelationType), "as": ChainRole, "basis": Basis}
OPENING = tuple("“‘„«\"'")
LABELLED = {"interview", "transcript"}
QUOTED_NAMES = {"scare-quotes", "work-titles"}

every_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)


def members(node: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(node, dict):
        yield from node.items()
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from members(child)


def overlap(one: Spans, other: Spans) -> bool:
    return any(
        start < other_end and other_start < end for start, end in one for other_start, other_end in other
    )


def written(article: GoldArticle) -> list[GoldStatement]:
    return [*article.claims, *article.statements]


def patterns_of(article: GoldArticle) -> list[str]:
    held = [pattern for item in written(article) for pattern in item.patterns]
    return held + [trap.pattern for trap in article.traps] + ["statement"] * len(article.statements)


@every_file
def test_an_article_is_normal_text_of_some_length_under_its_own_name(path: Path) -> None:
    article = read(path)
    assert article.id == path.stem
    assert is_normal(article.text)
    assert is_normal(article.title)
    assert all(PARAGRAPH_BREAK not in paragraph for paragraph in article.paragraphs)
    assert 150 <= len(article.text.split()) <= 350
    assert datetime.fromisoformat(article.published_at).tzinfo is not None


@every_file
def test_only_values_of_the_contracts_and_patterns_of_the_format_are_used(path: Path) -> None:
    document = json.loads(path.read_text(encoding="utf-8"))
    for name, value in members(document):
        for one in value if name == "stance_also" else [value]:
            known = KNOWN.get(name.removesuffix("_also"))
            assert known is None or (one in list(known) and one not in {"publisher"}), (name, one)
    article = read(path)
    assert set(patterns_of(article)) <= VOCABULARY
    assert not {claim.stance for claim in article.claims} & {Stance.OTHER}


@every_file
def test_what_a_claim_shows_by_its_fields_is_among_its_patterns(path: Path) -> None:
    for item in written(read(path)):
        assert shown(item) <= set(item.patterns), item.content


def test_the_articles_together_hold_every_pattern_three_times() -> None:
    held = Counter(pattern for path in FILES for pattern in patterns_of(read(path)))
    assert {pattern: held[pattern] for pattern in VOCABULARY if held[pattern] < 3} == {}


@every_file
def test_every_span_is_found_verbatim_and_unambiguously_within_a_paragraph(path: Path) -> None:
    article = read(path)
    for item in written(article):
        where = article.where(item)
        spans = [*article.content(item)]
        if isinstance(item, GoldClaim):
            for part in (item.cue, item.source.text if item.source else None):
                spans += resolve(part, where) if part is not None else ()
        for figure in item.figures:
            spans += article.inside(item, figure.text)
        for time in item.times:
            spans += article.inside(item, time.text)
        assert all(PARAGRAPH_BREAK not in where[start:end] for start, end in spans), item.content
        assert all(where[start:end].strip() == where[start:end] != "" for start, end in spans), item.content
    for trap in article.traps:
        assert not any(
            sliced(article.text, resolve(trap.text, article.text))
            == sliced(article.text, article.content(claim))
            for claim in article.claims
            if not claim.headline
        )


@every_file
def test_claims_are_numbered_in_order_and_share_no_content(path: Path) -> None:
    article = read(path)
    claims = article.claims
    assert [claim.n for claim in claims] == list(range(1, len(claims) + 1))
    assert [claim.headline for claim in claims] == sorted((claim.headline for claim in claims), reverse=True)
    starts = [(not claim.headline, article.content(claim)[0][0]) for claim in claims]
    assert starts == sorted(starts)
    for claim in claims:
        content = article.content(claim)
        assert list(content) == sorted(content)
        for other in claims:
            if other.headline != claim.headline or other.n == claim.n:
                continue
            if claim.nested_in == other.n:
                assert any(s <= content[0][0] and content[-1][1] <= e for s, e in article.content(other))
            elif other.nested_in != claim.n:
                assert not overlap(content, article.content(other)), (claim.n, other.n)


@every_file
def test_a_claim_is_quoted_as_far_as_its_kind_says(path: Path) -> None:
    article = read(path)
    for claim in article.claims:
        where = article.where(claim)
        pieces = [where[start:end] for start, end in article.content(claim)]
        quoted = [any(f" {mark}" in f" {piece}" for mark in OPENING) for piece in pieces]
        if claim.kind == "quote" and not LABELLED & set(claim.patterns):
            assert pieces[0].startswith(OPENING), pieces
        if claim.kind == "mixed":
            assert any(quoted), pieces
        if claim.kind == "paraphrase" and not QUOTED_NAMES & set(claim.patterns):
            assert not any(quoted), pieces


@every_file
def test_a_chain_runs_from_relays_to_one_origin_that_is_anonymous_if_the_claim_is(path: Path) -> None:
    article = read(path)
    places = article.text + "\n" + article.title
    for claim in article.claims:
        chain = article.chain(claim)
        roles = [link.as_ for link in chain]
        assert roles == [ChainRole.RELAY] * (len(chain) - 1) + [ChainRole.ORIGIN] * bool(chain)
        if chain:
            assert chain[-1].anonymous is claim.anonymous
            assert chain[-1].name is None or not claim.anonymous
            assert chain[-1].closeness == claim.closeness
        assert (claim.anonymity is not None) is claim.anonymous
        for link in chain:
            assert link.name or link.text
        names = [link.name for link in chain] + [claim.source.name if claim.source else None]
        verbatim = [link.text for link in chain] + [link.closeness for link in chain]
        roles_given = [claim.source.role if claim.source else None]
        for words in [*names, *verbatim, *roles_given, *claim.hedges, *claim.cue_hedges]:
            assert words is None or words.lower() in places.lower() or words == article.publisher, words


@every_file
def test_a_relation_points_to_another_claim_of_the_article_once(path: Path) -> None:
    article = read(path)
    numbers = {claim.n for claim in article.claims}
    pairs = [frozenset((claim.n, relation.to)) for claim in article.claims for relation in claim.relations]
    assert len(pairs) == len(set(pairs))
    assert all(len(pair) == 2 and pair <= numbers for pair in pairs)
    for claim in article.claims:
        if claim.nested_in is not None:
            assert claim.nested_in in numbers - {claim.n}


@every_file
def test_a_figure_has_bounds_in_order_and_a_time_that_its_claim_names(path: Path) -> None:
    article = read(path)
    for item in written(article):
        where = article.where(item)
        named = {sliced(where, article.inside(item, time.text)) for time in item.times}
        for figure in item.figures:
            assert figure.low is not None or figure.high is not None
            if figure.low is not None and figure.high is not None:
                assert figure.low <= figure.high
            assert figure.when is None or figure.when in named
            assert figure.of is None or figure.of in where, figure.of


@every_file
def test_a_time_has_the_days_of_its_granularity(path: Path) -> None:
    for item in written(read(path)):
        for time in item.times:
            if time.granularity == "vague":
                assert time.from_ is None
                assert time.to is None
            else:
                assert_days(time)


def assert_days(time: GoldTime) -> None:
    assert time.from_ is not None
    assert time.to is not None
    first, last = datetime.fromisoformat(time.from_), datetime.fromisoformat(time.to)
    days = (last.date() - first.date()).days + 1
    if time.granularity in {"minute", "hour"}:
        assert first.tzinfo is not None
        assert last.tzinfo is not None
        return
    assert date.fromisoformat(time.from_) <= date.fromisoformat(time.to)
    lengths = {"day": {1}, "weekend": {2}, "week": {7}, "month": range(28, 32), "season": range(90, 93)}
    lengths |= {"quarter": range(90, 93), "half": range(181, 185), "year": {365, 366}, "decade": {3652, 3653}}
    assert days in lengths[time.granularity], time
    if time.granularity not in {"day", "weekend", "week"}:
        assert first.day == (last + timedelta(days=1)).day == 1, time
    if time.granularity in {"weekend", "week"}:
        assert last.strftime("%a") == "Sun", time


def test_a_span_that_stands_twice_is_refused_and_the_number_or_the_context_tells_which() -> None:
    text = "He said no. The other man said yes."
    with pytest.raises(Unresolved, match="stands 2 times"):
        resolve("said", text)
    assert resolve("⟦said⟧ yes", text) == resolve(Nth(text="said", nth=2), text) == ((26, 30),)
    with pytest.raises(Unresolved, match="stands 0 times"):
        resolve("he", text)
    assert resolve("He", text, inside=((0, 11),)) == ((0, 2),)
