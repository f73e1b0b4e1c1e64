"""A claim as a person reads it."""

from __future__ import annotations

from shared.contracts.enums import Change, Kind
from shared.contracts.events import ClaimChanged

_MARKS = {Change.ASSERTED: "+", Change.AMENDED: "~", Change.WITHDRAWN: "-"}


def claim_line(claim: ClaimChanged) -> str:
    """``+ 1f2e3d4c  denies  “…” — the ambassador, was quoted as saying  (The Courier)``."""
    mark = _MARKS.get(claim.change, "?")
    nobody = "the article itself" if claim.kind is Kind.STATEMENT else "nobody named"
    who = claim.source.text if claim.source else nobody
    cue = f", {claim.cue.text}" if claim.cue else ""
    changed = f"  [{', '.join(claim.changed)} changed]" if claim.changed else ""
    where = claim.article.publisher or claim.article.site
    return (
        f"{mark} {claim.claim_id[:8]}  {claim.stance.value:9}  {claim.content.text} — {who}{cue}"
        + (f"  ({where})" if where else "")  # a file has no site
        + changed
    )
