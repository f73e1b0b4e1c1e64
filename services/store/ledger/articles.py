"""What the ledger knows of an article when it settles it, and how versions are ordered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from shared.contracts.enums import Fate
from shared.contracts.events import ArticleCleaned, ClaimChanged, ExtractedClaim
from shared.contracts.parts import ExtractorIdentity


class Rank(NamedTuple):
    """The order of what was seen of an article; the ledger moves to a higher rank only.

    What the article's own URL served stands above what another URL served under its name, whenever that was;
    then the time, as text (it sorts), then the version hash.
    """

    own: bool
    observed_at: str
    version: str


class ExtractionRank(NamedTuple):
    """The order of the extractions of one version. The sequence decides; the names only break ties."""

    sequence: int
    version: str
    name: str
    model: str


@dataclass(frozen=True)
class Sighting:
    """One page of one visit. ``article`` is its record without the text; a gone one has the empty version.

    ``observed_at`` is later than the record's where the same text came again in the same visit. ``attempt`` is the
    highest at which it came; ``told_attempt`` the one whose fate was told, 0 before that.
    """

    article: ArticleCleaned
    observed_at: str
    own: bool
    attempt: int
    told_attempt: int = 0
    told: Fate | None = None
    traceparent: str | None = None

    @property
    def rank(self) -> Rank:
        return Rank(self.own, self.observed_at, self.article.version)


@dataclass(frozen=True)
class Extraction:
    """The extraction that counts for a version; ``visit_id`` is that of the page it was made from."""

    version: str
    visit_id: str
    extractor: ExtractorIdentity
    claims: tuple[ExtractedClaim, ...]

    @property
    def rank(self) -> ExtractionRank:
        return extraction_rank(self.extractor)


@dataclass(frozen=True)
class Current:
    """Where the ledger stands: the version, and the extraction of it. ``gone``: its claims are marked so."""

    rank: Rank
    extraction: ExtractionRank
    gone: bool = False


@dataclass(frozen=True)
class LedgerClaim:
    """A claim as the ledger last wrote it. ``live``: not withdrawn; ``gone``: marked ``article_gone``."""

    last: ClaimChanged
    live: bool
    gone: bool
    routes: tuple[str, ...] = ()


def extraction_rank(extractor: ExtractorIdentity) -> ExtractionRank:
    return ExtractionRank(extractor.sequence, extractor.version, extractor.name, extractor.model)
