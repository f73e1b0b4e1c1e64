"""What is read from a gold cue and from a gold source alone: negation, hedges, the kind of anonymity."""

from __future__ import annotations

from quality.claims.matching import Tally
from quality.claims.wanted import WantedArticle, WantedClaim
from services.extractor.anonymity import anonymity
from services.extractor.cue_words import cue_words


def tally_cues(into: Tally, article: WantedArticle) -> None:
    for claim in article.claims:
        text = article.title if claim.headline else article.text
        if text is None or claim.cue_negated is None or claim.cue_hedges is None:
            continue
        read = cue_words(text, claim.cue)
        right = read.negated == claim.cue_negated
        into.add("cue negated", int(right and claim.cue_negated), int(read.negated), int(claim.cue_negated))
        _pattern(into, claim, "negation-cue", right)
        same = set(read.hedges) & set(claim.cue_hedges)
        into.add("cue hedges", len(same), len(read.hedges), len(claim.cue_hedges))
        _pattern(into, claim, "hedge-cue", set(read.hedges) == set(claim.cue_hedges))
        if claim.anonymity is not None and claim.chain[-1].text is not None:
            kind = anonymity(claim.chain[-1].text)
            into.add("anonymity, kind", int(kind == claim.anonymity), 1, 1)
            if kind != claim.anonymity:
                into.wrong["anonymity, kind"].append(f"{article.id}/{claim.n}: {claim.anonymity} not {kind}")


def _pattern(into: Tally, claim: WantedClaim, pattern: str, right: bool) -> None:
    if pattern in claim.patterns:
        into.pattern_wanted[pattern] += 1
        into.pattern_right[pattern] += right
