"""Ampersands put right in a feed that is not well-formed because of them, which is the commonest fault.

libxml2's recovery drops what it cannot read: of ``?a=1&b=2`` it makes ``?a=1=2``, a page that does not
exist. So before it recovers anything, bare ampersands are escaped, and HTML's names, which XML does not know
without a DTD, are replaced by their characters.
"""

from __future__ import annotations

import html
import re
from xml.sax.saxutils import escape

_AMPERSAND = re.compile(r"&(#[0-9]{1,7};|#[xX][0-9a-fA-F]{1,6};|[A-Za-z][A-Za-z0-9]{0,40};)?")
_XML_NAMES = frozenset({"amp;", "lt;", "gt;", "quot;", "apos;"})


def with_sound_references(text: str) -> str:
    """``text`` with every ampersand outside CDATA part of a reference that XML knows. Linear in its length."""
    pieces = []
    at = 0
    while (start := text.find("<![CDATA[", at)) != -1:
        end = text.find("]]>", start)
        if end == -1:
            break
        pieces += [_AMPERSAND.sub(_sound, text[at:start]), text[start : end + 3]]
        at = end + 3
    pieces.append(_AMPERSAND.sub(_sound, text[at:]))
    return "".join(pieces)


def _sound(match: re.Match[str]) -> str:
    name = match[1]
    if name is None:
        return "&amp;"
    if name in _XML_NAMES:
        return match[0]
    # Numbers go the same way: html knows which code points are none, and gives U+FFFD or nothing for them.
    character = html.unescape(match[0])
    return f"&amp;{name}" if character == match[0] else escape(character)
