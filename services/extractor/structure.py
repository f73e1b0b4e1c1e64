"""From tagged spans to claims: chain, anonymity, stance, figures, times, identity and relations, all from the text.

Pure: the same text, spans and date give the same claims, whoever tagged them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from services.extractor.chain import Chain, chain
from services.extractor.cue_words import CueWords, cue_words
from services.extractor.dated import counted_and_dated
from services.extractor.entities import Entities
from services.extractor.figures.figures import figures
from services.extractor.headline import headline
from services.extractor.likeness import contained, notions
from services.extractor.marks import CLOSED_BY
from services.extractor.phrases import phrase
from services.extractor.related import Related
from services.extractor.relations import relate
from services.extractor.sentence import sentence_start
from services.extractor.stance import hedges, negated, stance
from services.extractor.tagged import Spans, Tagged
from services.extractor.times import times
from shared.contracts.enums import Basis, ChainRole, Kind, RelationType
from shared.contracts.events import ExtractedClaim
from shared.contracts.parts import ChainLink, Content, ExtractedRelation, Part, Source, When

CONTEXT = 32  # characters of prefix and suffix: enough to find a content again in a copy of the article
_NESTED = 6  # attributions back in which an outer one is looked for
_LINKED = (
    0.5  # share of the shorter content's notions that a headline and the body's claim must have in common
)
_LINK_CONFIDENCE = 0.8


@dataclass(frozen=True, slots=True)
class About:
    """What is known of the article beside its text. `published`: its date, without which "Sunday" has none."""

    title: str | None = None
    publisher: str | None = None
    published: date | None = None


def structure(text: str, tagged: Sequence[Tagged], about: About) -> tuple[ExtractedClaim, ...]:
    """The claims of an article, numbered from 1: those of the headline first, then by content."""
    ordered = sorted(tagged, key=lambda one: one.key)
    known = Entities(text)
    cues = [cue_words(text, one.cue) for one in ordered]
    links = _resolved(text, ordered, cues, known, about)
    body = [_claim(text, *each, about) for each in zip(ordered, cues, links, strict=True)]
    related = [_related(n, claim, links[n - 1]) for n, claim in enumerate(body, 1)]
    relate(related)
    claims = [
        claim.model_copy(update={"n": one.n, "relations": tuple(one.found), "stance": one.stance})
        for claim, one in zip(body, related, strict=True)
    ]
    claims = [_shown_again(_completed(claim, claims), claims) for claim in claims]
    titled = _titled(claims, about)
    return tuple(_renumbered(claims, titled) if titled is not None else claims)


def _completed(claim: ExtractedClaim, claims: Sequence[ExtractedClaim]) -> ExtractedClaim:
    """A bare figure that disagrees with another claim's counts what that one counts: "it is more like 38"."""
    if len(claim.figures) != 1 or claim.figures[0].of is not None or claim.figures[0].unit is not None:
        return claim
    other = next((claims[one.to - 1] for one in claim.relations if one.type is RelationType.DISAGREES), claim)
    of = next((one.of for one in other.figures if one.of is not None), None)
    return claim.model_copy(update={"figures": (claim.figures[0].model_copy(update={"of": of}),)})


def _shown_again(claim: ExtractedClaim, claims: Sequence[ExtractedClaim]) -> ExtractedClaim:
    """A pull quote without a name came the way of the claim that it repeats, and denies what that one denies."""
    if claim.source is not None or claim.cue is not None:
        return claim
    same = next((claims[one.to - 1] for one in claim.relations if one.type is RelationType.REPEATS), claim)
    return claim.model_copy(update={"chain": same.chain, "stance": same.stance})


def _resolved(
    text: str, ordered: Sequence[Tagged], cues: Sequence[CueWords], known: Entities, about: About
) -> list[Chain]:
    """Sources are resolved in the order in which they stand, which is not that of the contents; those that stand in
    somebody's quotation come last, when it is known who that is."""
    outer = _outer(ordered)
    places = sorted(
        range(len(ordered)), key=lambda i: (outer[i] is not None, ordered[i].source or ordered[i].content)
    )
    found: dict[int, Chain] = {}
    for i in places:
        around = outer[i]
        over = found[around].origin if around is not None and around in found else None
        found[i] = chain(text, ordered[i], cues[i], known, about.publisher, over)
    return [found[i] for i in range(len(ordered))]


def _outer(ordered: Sequence[Tagged]) -> list[int | None]:
    """For each attribution the one in whose content it stands whole, if any does."""
    found: list[int | None] = [None] * len(ordered)
    for i, one in enumerate(ordered):
        if not one.source:
            continue
        for k in range(i - 1, max(-1, i - _NESTED), -1):
            whole = [(one.source[0][0], one.source[-1][1]), *one.content]
            if all(any(a <= s and e <= b for a, b in ordered[k].content) for s, e in whole):
                found[i] = k
                break
    return found


def _claim(text: str, one: Tagged, cue: CueWords, via: Chain, about: About) -> ExtractedClaim:
    content = slices(text, one.content)
    kind = kind_of(text, one.content, one.cue)
    counted, named = counted_and_dated(text, one.content, about.published)
    start = sentence_start(text, min(one.cue or one.source or one.content)[0])
    stop = max(part[-1][1] for part in (one.cue, one.source, one.content[:1]) if part)
    return ExtractedClaim(
        n=1,
        kind=kind,
        stance=stance(cue, content, quoted=kind is Kind.QUOTE),
        negated=negated(content),
        hedges=hedges(content),
        confidence=round(one.confidence, 3),
        content=content_of(text, one.content),
        cue=Part(text=slices(text, one.cue), spans=one.cue) if one.cue else None,
        source=_source(text, one, via),
        sentence=(start, stop),
        chain=by_publisher(about) + via.links,
        figures=counted,
        times=named,
    )


def kind_of(text: str, content: Spans, cue: Spans = ()) -> Kind:
    """A quote is quoted from end to end, or a turn of a transcript; what holds marks is mixed."""
    pieces = [text[start:end] for start, end in content]
    turn = cue and text[cue[0][0] : cue[0][1]] == ":" and pieces[0][0] not in CLOSED_BY
    if turn or all(piece[0] in CLOSED_BY and _closes(piece) for piece in pieces):
        return Kind.QUOTE
    marked = any(set(piece) & set('“„«"') or " ‘" in f" {piece}" for piece in pieces)
    return Kind.MIXED if marked else Kind.PARAPHRASE


def _closes(piece: str) -> bool:
    """Whether no word stands behind the mark that closes the piece, if one does."""
    closers = CLOSED_BY[piece[0]]
    last = max(piece.rfind(mark, 1) for mark in closers)
    return last < 0 or piece[last + 1 :].strip(".,;!?") == ""


def by_publisher(about: About) -> tuple[ChainLink, ...]:
    """The link that opens every chain, if anybody knows who published the article."""
    return (ChainLink(as_=ChainRole.PUBLISHER, name=about.publisher),) if about.publisher else ()


def content_of(text: str, spans: Spans) -> Content:
    """The content that stands in these spans, with what is around it."""
    first, last = spans[0][0], spans[-1][1]
    return Content(
        text=slices(text, spans),
        spans=spans,
        prefix=text[max(0, first - CONTEXT) : first],
        suffix=text[last : last + CONTEXT],
    )


def slices(text: str, spans: Spans) -> str:
    return " ".join(text[start:end] for start, end in spans)


def _source(text: str, one: Tagged, via: Chain) -> Source | None:
    if via.source is None or via.origin is None:
        return None
    return Source(
        text=slices(text, one.source),
        spans=one.source,
        name=via.source.name,
        role=via.role,
        type=via.source.type,
        anonymous=via.origin.anonymous,
        entity=via.source.id,
    )


def _related(n: int, claim: ExtractedClaim, via: Chain) -> Related:
    return Related(
        n=n,
        content=claim.content.text,
        stance=claim.stance,
        negated=claim.negated,
        origin=via.origin.id if via.origin else None,
        relayed=bool(via.relays) or bool(via.source and via.source.outlet),
        figures=claim.figures,
        quoted=claim.kind is Kind.QUOTE,
        who=_called(via),
    )


def _called(via: Chain) -> frozenset[str]:
    """The words by which the text calls the origin."""
    if via.origin is None:
        return frozenset()
    return notions(" ".join(filter(None, (via.origin.name, via.origin.text, via.role))))


def _titled(claims: Sequence[ExtractedClaim], about: About) -> ExtractedClaim | None:
    """The headline's claim, if one of the body's says the same: source and chain are that one's."""
    found = headline(about.title) if about.title else None
    if found is None or about.title is None:
        return None
    title = about.title
    content = slices(title, found.content)
    wanted = notions(content)
    scored = [
        (
            len(wanted & notions(claim.content.text)),
            contained(wanted, notions(claim.content.text)),
            -claim.n,
            claim,
        )
        for claim in claims
    ]
    best = max(scored, key=lambda one: (one[1] >= _LINKED, *one[:3]), default=None)
    if best is None or best[1] < _LINKED or best[3].source is None:
        return None
    same = best[3]
    cue = cue_words(title, found.cue)
    kind = kind_of(title, found.content)
    read = phrase(title, *found.source[0])
    its = stance(cue, content, quoted=kind is Kind.QUOTE)
    source = same.source
    assert source is not None
    named = _in_title(times(title, found.content, about.published))
    return ExtractedClaim(
        n=1,
        kind=kind,
        stance=its,
        negated=negated(content),
        hedges=hedges(content),
        confidence=found.confidence,
        content=content_of(title, found.content).model_copy(update={"in_": "title"}),
        cue=Part(text=slices(title, found.cue), spans=found.cue, in_="title"),
        source=source.model_copy(
            update={
                "text": slices(title, found.source),
                "spans": found.source,
                "in_": "title",
                "type": read.type if read.name is None and source.name is None else source.type,
            }
        ),
        sentence=(0, len(title)),
        chain=same.chain,
        figures=tuple(
            figure.model_copy(update={"in_": "title", "when": None})
            for figure in figures(title, found.content)
        ),
        times=named,
        relations=(
            ExtractedRelation(
                type=RelationType.REPEATS, to=same.n, basis=Basis.INFERRED, confidence=_LINK_CONFIDENCE
            ),
        ),
    )


def _in_title(named: Sequence[When]) -> tuple[When, ...]:
    return tuple(when.model_copy(update={"in_": "title"}) for when in named)


def _renumbered(claims: Sequence[ExtractedClaim], titled: ExtractedClaim) -> list[ExtractedClaim]:
    """The headline's claim is the first one."""

    def moved(relation: ExtractedRelation) -> ExtractedRelation:
        return relation.model_copy(update={"to": relation.to + 1})

    target = titled.relations[0].to
    first = titled.model_copy(update={"relations": tuple(map(moved, titled.relations))})
    rest = []
    for claim in claims:
        relations = tuple(map(moved, claim.relations))
        if claim.n == target:
            relations += (titled.relations[0].model_copy(update={"to": 1}),)
        rest.append(claim.model_copy(update={"n": claim.n + 1, "relations": relations}))
    return [first, *rest]
