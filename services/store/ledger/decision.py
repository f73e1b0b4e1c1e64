"""Whether the ledger moves, and what each waiting visit hears. Pure.

The ledger moves to the highest-ranked sighting of which both sides are there, never back; of one version, to the
extraction with the highest sequence. That an article is gone is a mark on top, set when the article's own URL
said so after the current version, and taken off when a later version is seen.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from services.store.ledger.articles import Current, ExtractionRank, Sighting
from shared.contracts.enums import ArticleState, Cause, Fate


@dataclass(frozen=True)
class Decision:
    """``current``: where the ledger stands after this. ``cause``: the claims are to be aligned with the target's
    extraction (None: they stay). ``back``: the mark is taken off, which every claim's readers must hear;
    ``mark_gone``: every live claim is to carry it."""

    current: Current | None
    cause: Cause | None = None
    back: bool = False
    mark_gone: bool = False

    @property
    def writes(self) -> bool:
        return self.cause is not None or self.mark_gone


@dataclass(frozen=True)
class Told:
    """A fate to tell. ``code`` for a rejection or a dead one."""

    sighting: Sighting
    fate: Fate
    code: str | None = None


def decide(
    current: Current | None, target: Sighting | None, extraction: ExtractionRank | None, gone: Sighting | None
) -> Decision:
    """``target``: the highest-ranked sighting with an extraction, and the rank of that; ``gone``: the latest one of the
    article's own URL that found it gone."""
    if target is None or extraction is None or (current is not None and target.rank < current.rank):
        if current is None:
            return Decision(None)
        is_gone = current.gone or (gone is not None and gone.rank > current.rank)
        return Decision(replace(current, gone=is_gone), mark_gone=is_gone and not current.gone)
    is_gone = gone is not None and gone.rank > target.rank
    if current is None:
        return Decision(Current(target.rank, extraction, is_gone), Cause.NEW_ARTICLE, mark_gone=is_gone)
    same_version = target.rank.version == current.rank.version
    counts = max(extraction, current.extraction) if same_version else extraction
    moved = Current(target.rank, counts, is_gone)
    back = current.gone and not is_gone
    cause: Cause | None = None
    if back or not same_version:
        cause = Cause.ARTICLE_EDITED
    elif extraction > current.extraction:
        cause = Cause.EXTRACTOR_CHANGED
    return Decision(moved, cause, back, mark_gone=is_gone and (cause is not None or not current.gone))


def fates(
    decision: Decision,
    before: Current | None,
    waiting: Sequence[Sighting],
    own_stored: bool,
    extracted: Collection[str],
    unusable: Mapping[str, str],
) -> list[Told]:
    """The fates of the ``waiting`` sightings that have one now; the others wait on.

    ``extracted``: the versions with a good extraction; ``unusable``: those with bad ones only, and the
    code of what is wrong. A sighting that
    comes again in a later attempt hears what it heard before. When the ledger moved, the first visit to bring
    the current version is told ``stored``, the others ``unchanged``.
    """
    told: list[Told] = []
    now = decision.current
    moved = now is not None and (before is None or before.rank.version != now.rank.version or decision.back)
    for sighting in sorted(waiting, key=lambda s: (s.observed_at, s.article.version, s.article.visit_id)):
        version = sighting.article.version
        if sighting.told is not None and sighting.told is not Fate.DEAD:
            told.append(Told(sighting, sighting.told, "gone" if sighting.told is Fate.REJECTED else None))
        elif sighting.article.state is ArticleState.GONE:
            told.append(Told(sighting, Fate.REJECTED, "gone"))
        elif own_stored and not sighting.own:
            told.append(Told(sighting, Fate.DUPLICATE))
        elif version in extracted:
            again = now is not None and version == now.rank.version and not moved
            told.append(Told(sighting, Fate.UNCHANGED if again else Fate.STORED))
            moved = moved and (now is None or version != now.rank.version)
        elif version in unusable and sighting.told_attempt < sighting.attempt:
            told.append(Told(sighting, Fate.DEAD, unusable[version]))
    return told
