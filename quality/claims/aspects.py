"""What is compared of a claim, as items: an aspect is right as far as found and wanted items are the same."""

from __future__ import annotations

import calendar
import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

from quality.claims.wanted import WantedClaim, WantedLink
from shared.contracts.events import ExtractedClaim
from shared.contracts.parts import ChainLink, Figure, When

Items = dict[str, Counter[Any]]
_ARTICLE = re.compile(r"^(?:the|an?)\s+", re.IGNORECASE)


def plain(words: str | None) -> str | None:
    """Names and phrases are compared without article and case."""
    if words is None:
        return None
    return _ARTICLE.sub("", words.replace("’", "'")).casefold().rstrip(",.;")


def _head(role: str) -> str:
    """Roles are compared by their noun: "fire chief" is a chief."""
    return role.casefold().split(" of ")[0].split()[-1]


def wanted_items(claim: WantedClaim, found: ExtractedClaim | None = None) -> Items:
    """Where several stances are right, the found one is wanted. Aspects that this gold is silent on are left out."""
    stance = found.stance.value if found is not None and found.stance.value in claim.stances else None
    items: dict[str, Iterable[Any]] = {
        "kind": [claim.kind],
        "stance": [stance or min(claim.stances)],
        "stance, not asserts": [one for one in [stance or min(claim.stances)] if one != "asserts"],
        "type": [claim.type],
        "name": [plain(claim.name)] if claim.name else [],
        "role": [_head(claim.role)] if claim.role else [],
        "anonymous": [True] * claim.anonymous,
        "closeness": [plain(link.closeness) for link in claim.chain if link.closeness],
        "chain": [tuple(_wanted_link(link) for link in claim.chain)],
        "chain, relayed": [tuple(_wanted_link(link) for link in claim.chain)] * (len(claim.chain) > 1),
        "chain links": [_wanted_link(link) for link in claim.chain],
        "figures": [(one.span, one.low, one.high, one.approximate) for one in claim.figures],
        "figures, of": [(one.span, plain(one.of)) for one in claim.figures if one.of],
        "figures, when": [(one.span, plain(one.when)) for one in claim.figures if one.when],
        "figures, unit": [(one.span, _unit(one.unit)) for one in claim.figures if one.unit],
    }
    if claim.negated is not None:
        items["negated"] = [True] * claim.negated
    if claim.hedges is not None:
        items["hedges"] = [hedge.casefold() for hedge in claim.hedges]
    if claim.times is not None:
        items["times"] = [(plain(text), first, last) for text, first, last in claim.times]
    return {aspect: Counter(values) for aspect, values in items.items()}


def found_items(claim: ExtractedClaim) -> Items:
    chain = [link for link in claim.chain if link.as_ != "publisher"]
    source = claim.source
    links = tuple(_found_link(link) for link in chain)
    items: dict[str, Iterable[Any]] = {
        "kind": [claim.kind.value],
        "stance": [claim.stance.value],
        "stance, not asserts": [one for one in [claim.stance.value] if one != "asserts"],
        "type": [source.type.value if source else None],
        "name": [plain(source.name)] if source and source.name else [],
        "role": [_head(source.role)] if source and source.role else [],
        "anonymous": [True] * bool(chain and chain[-1].anonymous),
        "closeness": [plain(link.closeness) for link in chain if link.closeness],
        "chain": [links],
        "chain, relayed": [links] * (len(links) > 1),
        "chain links": links,
        "figures": [(one.span, one.low, one.high, one.approximate) for one in claim.figures],
        "figures, of": [(one.span, plain(one.of)) for one in claim.figures if one.of],
        "figures, when": [(one.span, plain(one.when.text)) for one in claim.figures if one.when],
        "figures, unit": [(one.span, _unit(one.unit)) for one in claim.figures if one.unit],
        "negated": [True] * claim.negated,
        "hedges": [hedge.casefold() for hedge in claim.hedges],
        "times": [_time(when) for when in times_of(claim.times, claim.figures)],
    }
    return {aspect: Counter(values) for aspect, values in items.items()}


def times_of(times: Iterable[When], figures: Iterable[Figure]) -> list[When]:
    """The times of a claim and those of its figures, each once."""
    every = [*times, *(figure.when for figure in figures if figure.when is not None)]
    return list({when.span: when for when in every}.values())


def _wanted_link(link: WantedLink) -> tuple[str, str | None, bool]:
    return link.role, plain(link.name or link.text), link.anonymous


def _found_link(link: ChainLink) -> tuple[str, str | None, bool]:
    return link.as_.value, plain(link.name or link.text), link.anonymous


def _unit(unit: str | None) -> str | None:
    return unit and unit.casefold().removesuffix("s")


def _time(when: When) -> tuple[str | None, str | None, str | None]:
    """A year is its first and its last day, so that precisions compare."""
    return plain(when.text), _day(when.from_, last=False), _day(when.to, last=True)


def _day(value: str | None, *, last: bool) -> str | None:
    if value is None or not re.fullmatch(r"\d{4}(-\d\d)?", value):
        return value
    if len(value) == 4:
        return value + ("-12-31" if last else "-01-01")
    year, month = map(int, value.split("-"))
    return f"{value}-{calendar.monthrange(year, month)[1] if last else 1:02}"
