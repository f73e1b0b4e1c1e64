"""From the text of an article to its claims: pure, and the same bytes for the same input.

First the attributions are tagged (who, by which words, said what), then the structural layer reads the rest of a claim
from the text around them. Words in marks that nobody is said to have said, such as scare quotes and titles, are no
claims.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from services.extractor.calibrated import calibrated
from services.extractor.carried import carried
from services.extractor.nested import nested
from services.extractor.own_voice import with_statements
from services.extractor.rules import tag
from services.extractor.structure import About, structure
from services.extractor.tagged import Key, Tagged
from services.extractor.union import union
from shared.contracts.enums import Kind
from shared.contracts.events import ExtractedClaim
from shared.contracts.parts import Skipped

if TYPE_CHECKING:
    from services.extractor.tagger.tagger import Tagger

NO_EXTRACTOR = "no-extractor"
HEADLINE, STATEMENT = "headline", "own voice"


@dataclass(frozen=True, slots=True)
class Extraction:
    """The claims of one article, or why none were looked for. `layers`: of each claim who found it. `tagged`: the
    attributions that they were made of."""

    claims: tuple[ExtractedClaim, ...] = ()
    skipped: Skipped | None = None
    layers: tuple[str, ...] = ()
    tagged: tuple[Tagged, ...] = ()


def extract(
    text: str,
    *,
    language: str | None,
    title: str | None = None,
    published_at: str | None = None,
    publisher: str | None = None,
    site: str | None = None,
    tagger: "Tagger | None" = None,
    statements: float | None = None,
) -> Extraction:
    """The claims of a cleaned text, numbered from 1: the headline's first, then by content offset.

    `language` is a BCP 47 tag; None is read as English, anything but English is skipped with the code
    `no-extractor`. `publisher`, or else `site`, opens each claim's chain. `published_at` is RFC 3339 or only its
    date; what else it says counts as no date. Offsets are code points of `text`, or of `title` where a part says so.
    Without a `tagger` the rules read alone. `statements`: the confidence from which on the article's own are told.
    """
    if language is not None and language.lower().replace("_", "-").split("-")[0] not in {"en", "eng"}:
        hint = f"There are no rules for the language {language!r} yet; the article is kept without claims."
        return Extraction(skipped=Skipped(code=NO_EXTRACTOR, hint=hint))
    both = union(text, tag(text, publisher), tagger.tag(text) if tagger is not None else ())
    found = [carried(text, calibrated(one)) for one in both]
    found += nested(text, found)
    return claims_of(text, found, about_of(title, publisher or site, published_at), statements)


def about_of(title: str | None, publisher: str | None, published_at: str | None) -> About:
    """What the claims of an article are read with, beside its text."""
    return About(title=title, publisher=publisher, published=_day(published_at))


def claims_of(text: str, tagged: Sequence[Tagged], about: About, statements: float | None) -> Extraction:
    """What follows from the attributions of a text; `statements` as above."""
    claims = structure(text, tagged, about)
    if statements is not None:
        claims = with_statements(text, claims, tagged, about, statements)
    return Extraction(claims=claims, layers=_layers(claims, tagged), tagged=tuple(tagged))


def key_of(claim: ExtractedClaim) -> Key | None:
    """The key of the attribution that a claim was made of; None if it is the headline's or the article's own."""
    if claim.content.in_ == "title" or claim.kind is Kind.STATEMENT:
        return None
    return claim.content.spans, claim.cue.spans if claim.cue else ()


def _layers(claims: Sequence[ExtractedClaim], found: Sequence[Tagged]) -> tuple[str, ...]:
    by = {one.key: one.layer for one in found}
    return tuple(
        by[key]
        if (key := key_of(claim)) is not None
        else STATEMENT
        if claim.kind is Kind.STATEMENT
        else HEADLINE
        for claim in claims
    )


def _day(published_at: str | None) -> date | None:
    try:
        return date.fromisoformat(published_at[:10]) if published_at else None
    except ValueError:
        return None
