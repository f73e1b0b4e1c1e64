"""From the text of an article to its claims: pure, and the same bytes for the same input.

By rules alone direct quotations: what stands in quotation marks and has a speaker and a cue, alone (`quote`) or as
the end of a clause that the cue governs (`mixed`). Words in marks that nobody is said to have said, such as
scare quotes and titles, are no claims. With a tagger also what is reported without marks (`paraphrase`). The figures
in a content are read with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.extractor.attribution import Attribution
from services.extractor.figures.figures import figures
from services.extractor.joining import joined
from services.extractor.speaker import Speaker, describe
from services.extractor.stance import hedges, stance
from shared.contracts.enums import ChainRole, Kind, SourceType
from shared.contracts.events import ExtractedClaim
from shared.contracts.parts import ChainLink, Content, Part, Skipped, Source, Span

if TYPE_CHECKING:
    from services.extractor.tagger.tagger import Tagger

CONTEXT = 32  # characters of prefix and suffix: enough to find a content again in a copy of the article

# Share of each rule's attributions that were right (content and source) on 840 annotated news articles.
_PRECISION = {
    "behind": 0.93,
    "behind-lead": 0.8,
    "behind-open": 0.8,
    "behind-open-lead": 0.7,
    "trailed": 0.94,
    "before-direct": 0.83,
    "before-mixed": 0.86,
    "describes": 0.75,
    "announced": 0.95,
    "reported": 0.95,
}
_CARRIED = 0.95  # a further quotation without a cue of its own was given to the same speaker
_NEGATED = 0.9

NO_EXTRACTOR = "no-extractor"


@dataclass(frozen=True, slots=True)
class Extraction:
    """The claims of one article, or why none were looked for."""

    claims: tuple[ExtractedClaim, ...] = ()
    skipped: Skipped | None = None


def extract(
    text: str,
    *,
    language: str | None,
    title: str | None = None,
    published_at: object = None,
    publisher: str | None = None,
    site: str | None = None,
    tagger: Tagger | None = None,
) -> Extraction:
    """The claims of a cleaned text, numbered from 1 by content offset.

    `language` is a BCP 47 tag; None is read as English, anything but English is skipped with the code
    `no-extractor`. `publisher`, or else `site`, opens each claim's chain. Offsets are code points of `text`. Without a
    `tagger` the rules read alone.
    """
    if language is not None and language.lower().replace("_", "-").split("-")[0] not in {"en", "eng"}:
        hint = f"There are no rules for the language {language!r} yet; the article is kept without claims."
        return Extraction(skipped=Skipped(code=NO_EXTRACTOR, hint=hint))
    tagged = tagger.tag(text) if tagger is not None else []
    found = sorted(joined(text, tagged), key=lambda a: (a.content[0], a.cue))
    head = ChainLink(as_=ChainRole.PUBLISHER, name=publisher or site) if publisher or site else None
    return Extraction(claims=tuple(_claim(text, n, a, head) for n, a in enumerate(found, 1)))


def _claim(text: str, n: int, found: Attribution, publisher: ChainLink | None) -> ExtractedClaim:
    spans = tuple(found.content)
    content = _slices(text, spans)
    kind = Kind.PARAPHRASE if not found.quoted else Kind.MIXED if found.mixed else Kind.QUOTE
    confidence = found.confidence
    if confidence is None:
        confidence = _PRECISION[found.rule]
        confidence *= (_CARRIED if found.carried else 1.0) * (_NEGATED if found.negated else 1.0)
    source, origin = _source(text, found.source) if found.source else (None, None)
    relay = _relay(text, found.relay)
    return ExtractedClaim(
        n=n,
        kind=kind,
        stance=stance(found.lemma, content, mixed=found.mixed),
        negated=found.negated,
        hedges=hedges(content),
        confidence=round(confidence, 3),
        content=Content(
            text=content,
            spans=spans,
            prefix=text[max(0, spans[0][0] - CONTEXT) : spans[0][0]],
            suffix=text[spans[-1][1] : spans[-1][1] + CONTEXT],
        ),
        cue=Part(text=_slices(text, found.cue), spans=found.cue),
        source=source,
        sentence=found.sentence,
        figures=figures(text, spans),
        chain=tuple(link for link in (publisher, relay, origin) if link is not None),
    )


def _slices(text: str, spans: tuple[Span, ...]) -> str:
    return " ".join(text[start:end] for start, end in spans)


def _source(text: str, spans: tuple[Span, ...]) -> tuple[Source, ChainLink]:
    known = describe(text, spans[0][0], spans[-1][1])
    words = _slices(text, spans)
    source = Source(
        text=words, spans=spans, name=known.name, role=known.role, type=known.type, anonymous=known.anonymous
    )
    return source, _link(ChainRole.ORIGIN, words, spans, known)


def _relay(text: str, spans: tuple[Span, ...]) -> ChainLink | None:
    if not spans:
        return None
    known = describe(text, spans[0][0], spans[-1][1])
    if known.type is SourceType.PERSON and known.name is None:
        return None
    return _link(ChainRole.RELAY, _slices(text, spans), spans, known)


def _link(role: ChainRole, words: str, spans: tuple[Span, ...], known: Speaker) -> ChainLink:
    return ChainLink(
        as_=role,
        name=known.name,
        text=words,
        spans=spans,
        anonymous=known.anonymous,
        closeness=known.closeness,
    )
