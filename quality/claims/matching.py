"""Which found claim is which wanted one, and how far the two agree."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from quality.claims.aspects import Items, found_items, wanted_items
from quality.claims.wanted import Spans, WantedArticle, WantedClaim
from shared.contracts.events import ExtractedClaim

SAME = 0.5  # intersection over union of two contents, in characters: about the same words
CLOSE = 0.8  # of contents and of sources: the spans are right
_INVERSE = {"denied_by": "denies", "supported_by": "supports"}
_SYMMETRIC = frozenset({"disagrees", "repeats"})
Relation = tuple[str, int | str, int | str]


@dataclass
class Tally:
    """Items that are right, found and wanted, by aspect; claims right and wanted, by pattern of the gold."""

    right: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    wanted: Counter[str] = field(default_factory=Counter)
    pattern_right: Counter[str] = field(default_factory=Counter)
    pattern_wanted: Counter[str] = field(default_factory=Counter)
    wrong: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def add(self, aspect: str, right: int, found: int, wanted: int) -> None:
        self.right[aspect] += right
        self.found[aspect] += found
        self.wanted[aspect] += wanted

    def scores(self, aspect: str) -> tuple[float, float, float]:
        """Precision, recall, F1; 1 where there is nothing to find and nothing was found."""
        right, found, wanted = self.right[aspect], self.found[aspect], self.wanted[aspect]
        precision = right / found if found else float(not wanted)
        recall = right / wanted if wanted else float(not found)
        return precision, recall, 2 * right / (found + wanted) if found + wanted else 1.0


def overlap(one: Spans, other: Spans) -> float:
    """Intersection over union in characters; two empty ones are the same."""
    a = {at for start, end in one for at in range(start, end)}
    b = {at for start, end in other for at in range(start, end)}
    return len(a & b) / len(a | b) if a or b else 1.0


def pairs(wanted: Sequence[WantedClaim], found: Sequence[ExtractedClaim]) -> dict[int, ExtractedClaim]:
    """By the wanted one's ``n``, the found claim that says the same; the best fits first, each once."""
    fits = []
    for claim in wanted:
        for other in found:
            if claim.headline != (other.content.in_ == "title"):
                continue
            same = overlap(claim.content, other.content.spans)
            if same >= SAME:
                near = overlap(claim.source, other.source.spans if other.source else ())
                fits.append((same + near / 10, -claim.n, -other.n))
    matched: dict[int, int] = {}
    for _, n, other_n in sorted(fits, reverse=True):
        if -n not in matched and -other_n not in matched.values():
            matched[-n] = -other_n
    by_n = {claim.n: claim for claim in found}
    return {n: by_n[other] for n, other in matched.items()}


def tally(into: Tally, article: WantedArticle, found: Sequence[ExtractedClaim]) -> None:
    """Compare one article's claims with its gold."""
    matched = pairs(article.claims, found)
    for claim in article.claims:
        other = matched.get(claim.n)
        items = wanted_items(claim, other)
        got: Items = found_items(other) if other is not None else {}
        good = {"headline" if claim.headline else "claims": _spans_right(claim, other)}
        into.wanted["headline" if claim.headline else "claims"] += 1
        into.right["headline" if claim.headline else "claims"] += good[next(iter(good))]
        for aspect, values in items.items():
            seen = got.get(aspect, Counter())
            right = (values & seen).total()
            into.add(aspect, right, seen.total(), values.total())
            good[aspect] = values == seen
            if values != seen and other is not None:
                into.wrong[aspect].append(f"{article.id}/{claim.n}: {dict(values)} not {dict(seen)}")
        _patterns(into, claim, good, other is not None)
    taken = {claim.n for claim in matched.values()}
    for other in found:
        into.found["headline" if other.content.in_ == "title" else "claims"] += 1
        if other.n not in taken:
            into.wrong["claims"].append(f"{article.id}: none says {other.content.text[:60]!r}")
            for aspect, values in found_items(other).items():
                into.found[aspect] += values.total()
    _relations(into, article, found, matched)


def _spans_right(claim: WantedClaim, other: ExtractedClaim | None) -> bool:
    if other is None or overlap(claim.content, other.content.spans) < CLOSE:
        return False
    return overlap(claim.source, other.source.spans if other.source else ()) >= CLOSE


_DECIDES = {
    "chain": "chain",
    "stance": "stance",
    "negation-content": "negated",
    "hedge-content": "hedges",
    "figure": "figures",
    "time": "times",
    "identity": "name",
    "source": "type",
    "anon": "anonymous",
}
# Told by another aspect or by none of a claim.
_ELSEWHERE = ("relation", "negation-cue", "hedge-cue", "statement")


def _patterns(into: Tally, claim: WantedClaim, good: dict[str, bool], matched: bool) -> None:
    for pattern in claim.patterns:
        if pattern.startswith(_ELSEWHERE):
            continue
        aspect = _DECIDES.get(pattern) or _DECIDES.get(pattern.split("-")[0])
        if aspect is None:
            aspect = "headline" if claim.headline else "claims"
        into.pattern_wanted[pattern] += 1
        right = good.get(aspect, False) and (matched or aspect in {"claims", "headline"})
        into.pattern_right[pattern] += right


def _relations(
    into: Tally, article: WantedArticle, found: Sequence[ExtractedClaim], matched: dict[int, ExtractedClaim]
) -> None:
    names: dict[int, int | str] = {claim.n: f"found {claim.n}" for claim in found}
    names |= {other.n: n for n, other in matched.items()}
    headlines = {claim.n for claim in article.claims if claim.headline}
    wanted = {_normal(kind, claim.n, to) for claim in article.claims for kind, to in claim.relations}
    got = {
        _normal(relation.type.value, names[claim.n], names[relation.to])
        for claim in found
        for relation in claim.relations
    }
    for kind in ("denies", "repeats", "supports", "disagrees"):
        for linked, aspect in ((False, f"relation, {kind}"), (True, "headline links")):
            if linked and kind != "repeats":
                continue
            want = {one for one in wanted if one[0] == kind and bool({*one[1:]} & headlines) == linked}
            have = {
                one for one in got if one[0] == kind and _is_headline(one, headlines, found, names) == linked
            }
            into.add(aspect, len(want & have), len(have), len(want))
            into.wrong[aspect] += [f"{article.id}: {sorted(map(str, one))}" for one in want ^ have]
    for claim in article.claims:
        for pattern in claim.patterns:
            kinds = {"relation-" + kind: kind for kind in ("repeats", "supports", "disagrees")}
            kinds |= {"relation-denies-stated": "denies", "relation-denies-inferred": "denies"}
            if pattern not in kinds:
                continue
            mine = {
                _normal(kind, claim.n, to)
                for kind, to in claim.relations
                if kind == kinds[pattern]
                and (kind != "denies" or (to in claim.stated) == pattern.endswith("stated"))
            }
            into.pattern_wanted[pattern] += 1
            into.pattern_right[pattern] += mine <= got


def _is_headline(
    one: Relation, headlines: set[int], found: Sequence[ExtractedClaim], names: dict[int, int | str]
) -> bool:
    titled = {names[claim.n] for claim in found if claim.content.in_ == "title"}
    return bool({*one[1:]} & (titled | headlines))


def _normal(kind: str, one: int | str, other: int | str) -> Relation:
    if kind in _INVERSE:
        return _INVERSE[kind], other, one
    if kind in _SYMMETRIC and str(other) < str(one):
        return kind, other, one
    return kind, one, other
