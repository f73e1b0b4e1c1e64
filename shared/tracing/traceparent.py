"""W3C Trace Context, as far as it concerns us: who asked for a trace, and the ids that ours derive from. Pure.

A record's ``traceparent`` is copied to whatever it causes, untouched. The fetcher alone puts another parent in its
place, once for a visit: the span of the turn that fetched the page, whose id derives from the visit, so that a page
that is sent twice has the same bytes. Below it stand the spans of all services, as siblings.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass

_FORM = re.compile(r"(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?")
_SAMPLED = 1
# The last digit of the flags, where the lowest bit is set: all that is looked at of a record that is not sampled.
ODD = b"13579bdf"


@dataclass(frozen=True, slots=True)
class SpanId:
    """A span that others can be children of; both ids are hexadecimal."""

    trace_id: str
    span_id: str

    @property
    def traceparent(self) -> str:
        """With the flag that asks everybody to record."""
        return f"00-{self.trace_id}-{self.span_id}-01"


def asked(traceparent: str | None) -> SpanId | None:
    """The parent span of a traceparent that asks for recording; None: it does not, or is none."""
    match = _FORM.fullmatch(traceparent or "")
    if (
        match is None
        or not int(match[3], 16) & _SAMPLED
        or not match[1].strip("0")
        or not match[2].strip("0")
    ):
        return None
    return SpanId(match[1], match[2])


def drawn() -> SpanId:
    """A new trace."""
    return SpanId(secrets.token_hex(16), secrets.token_hex(8))


def of_visit(visit_id: str, traceparent: str | None, ratio: float) -> SpanId | None:
    """The span under which all that a visit causes is recorded; None: it is not. Derived, never drawn.

    Who submitted it decides, by the flag; of visits without a traceparent the share ``ratio`` is recorded.
    """
    digest = hashlib.sha256(f"span of visit {visit_id}".encode()).hexdigest()
    if traceparent is not None:
        parent = asked(traceparent)
        return None if parent is None else SpanId(parent.trace_id, digest[:16])
    if int(digest[16:24], 16) >= ratio * 2**32:
        return None
    return SpanId(digest[24:56], digest[:16])
