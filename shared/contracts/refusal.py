"""Why a record cannot be decoded: the codes of :class:`~shared.errors.Undecodable`, stable, each with its hint.

null-value       no value where the topic knows no tombstone
empty-value      a value of no bytes
malformed-json   no JSON (also: no UTF-8, cut off, nested too deep, half a surrogate pair)
wrong-shape      JSON or headers, but not what the schema says
wrong-type       the envelope names another type of event than the topic carries
nul-character    a NUL in a string: PostgreSQL's text cannot hold it, and no text has one
structured-mode  a CloudEvent in structured mode; ours are in binary mode
no-url           on `urls`: neither JSON nor one URL as text
page-bomb        a page that unfolds to more than its headers name, or names more than any page may have
page-corrupt     a page whose bytes are not those that its headers name
page-archived    a page that lies in an archive, which this release does not read
"""

from __future__ import annotations

from typing import Final

from shared.contracts.envelope import Envelope
from shared.contracts.parts import Frozen
from shared.contracts.registry import Thing
from shared.errors import Undecodable

HINTS: Final = {
    "null-value": "Only `claims` topics know tombstones. Ask the producer why it wrote a null value.",
    "empty-value": "The producer wrote a record without data.",
    "malformed-json": "The value is not JSON in UTF-8. Look at it with `claimstream dead show`, mend the producer.",
    "wrong-shape": "The message names the field; the schema is in shared/contracts/schemas. Mend the producer.",
    "wrong-type": "The record belongs on another topic: see ce_type. Look at the producer's topic settings.",
    "nul-character": "A string holds U+0000, which no database of ours takes. Mend the producer.",
    "structured-mode": "Write attributes to ce_* headers and the data alone to the value (binary mode).",
    "no-url": 'Write {"url": "https://…"} or one URL as plain text.',
    "page-bomb": "Somebody wrote to `pages` who is not our fetcher. Look at who may; do not redrive.",
    "page-corrupt": "The bytes changed since the fetch. Fetch anew: `claimstream fate URL --refetch`.",
    "page-archived": "This release reads no archive. Upgrade the cleaner, then `claimstream dead redrive`.",
}


def refuse(code: str, message: str) -> Undecodable:
    """The error for one of the codes above."""
    return Undecodable(message, code=code, hint=HINTS[code])


def check_type(thing: Thing, envelope: Envelope) -> None:
    """A record without ``ce_type`` passes: what it holds decides. One that names another thing does not."""
    if envelope.type is not None and envelope.type != thing.type:
        raise refuse("wrong-type", f"ce_type {envelope.type[:80]!r} where {thing.type} belongs")


def has_nul(decoded: Frozen) -> bool:
    """Whether any string of a model holds U+0000."""
    left: list[object] = [decoded]
    while left:
        node = left.pop()
        if isinstance(node, str):
            if "\0" in node:
                return True
        elif isinstance(node, Frozen):
            left += node.__dict__.values()
        elif isinstance(node, dict):
            left += node.keys()
            left += node.values()
        elif isinstance(node, tuple):
            left += node
    return False
