"""Whether claims are provable: their parts are exactly the slices that their spans name. Pure.

Checked once, at the ledger's door, when text and extraction are both there: what cannot be shown in the text is
never sent. ``claimstream why`` checks again, from what is stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from shared.contracts.events import ClaimBody
from shared.contracts.parts import Figure, Part, When

UNPROVABLE = "unprovable"
TOO_LARGE = "claim-too-large"
# A topic takes 1 MiB by default; the rest is for the article's reference, the ledger's fields and the headers.
MAX_CLAIM_BYTES = 900_000
TEXT = "text"
TITLE = "title"


def sliced(part: Part, text: str, title: str | None) -> str | None:
    """What the spans of a part show: the slices joined by one space; None where they lie in something that this
    release does not know (then nobody slices). Spans outside of the text show less than was said."""
    if part.in_ not in (TEXT, TITLE):
        return None
    base = text if part.in_ == TEXT else title or ""
    return " ".join(base[start:end] for start, end in part.spans)


def parts_of(claim: ClaimBody) -> Iterator[tuple[str, Part]]:
    """Everything that must be a slice, with its name: whatever has both a text and a place."""
    yield "content", claim.content
    if claim.cue is not None:
        yield "cue", claim.cue
    if claim.source is not None:
        yield "source", claim.source
    for link in claim.chain:
        if link.text is not None:
            yield f"chain {link.as_.value}", Part(text=link.text, spans=link.spans, in_=link.in_)
    for figure in claim.figures:
        yield "figure", _single(figure)
        if figure.when is not None:
            yield "figure's time", _single(figure.when)
    for when in claim.times:
        yield "time", _single(when)


def _single(piece: Figure | When) -> Part:
    return Part(text=piece.text, spans=(piece.span,), in_=piece.in_)


def fault(claims: Iterable[ClaimBody], text: str, title: str | None) -> tuple[str, str] | None:
    """The first thing for which the claims cannot be sent, as a code and in words for the log; None: they can."""
    for number, claim in enumerate(claims, 1):
        for name, part in parts_of(claim):
            shown = sliced(part, text, title)
            if not part.spans:
                return UNPROVABLE, f"claim {number}: {name} has no spans"
            if shown is not None and shown != part.text:
                return UNPROVABLE, f"claim {number}: {name} says {part.text[:80]!r}, shown is {shown[:80]!r}"
        if (size := len(claim.model_dump_json().encode())) > MAX_CLAIM_BYTES:
            return TOO_LARGE, f"claim {number} has {size} bytes"
    return None
