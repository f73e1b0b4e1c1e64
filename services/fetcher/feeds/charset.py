"""A feed's bytes as text: which charset counts, and which are no charsets.

Order: byte order mark, the HTTP header, the XML declaration, UTF-8, then windows-1252, which takes nearly
anything. A charset that the bytes contradict is passed over: feeds that lie are common.
"""

from __future__ import annotations

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark is its beginning
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\x00?\x00", "utf-16-le"),
    (b"\x00<\x00?", "utf-16-be"),
)
_HEADER = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.ASCII | re.IGNORECASE)
_DECLARATION = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{1,40})[\"']", re.ASCII)

# Python's codecs that a document cannot be in: "punycode" and "idna" take quadratic time, the escapes let a
# document write what its bytes do not show, and the others raise errors that are no UnicodeDecodeError.
_NO_CHARSETS = frozenset({"idna", "punycode", "raw_unicode_escape", "unicode_escape", "undefined", "utf-7"})


def decode(body: bytes, content_type: str) -> str:
    """``body`` as text without byte order mark; characters that cannot be read become U+FFFD. Never raises."""
    for name in _candidates(body, content_type):
        try:
            return body.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
    return body.decode("windows-1252", errors="replace")


def _candidates(body: bytes, content_type: str) -> list[str]:
    names = [name for mark, name in _MARKS if body.startswith(mark)]
    header = _HEADER.search(content_type[:1_000])
    if header is not None:
        names.append(header[1])
    declaration = _DECLARATION.search(body[:1_000])
    if declaration is not None:
        names.append(declaration[1].decode("ascii"))
    return [*(name for name in names if _is_charset(name)), "utf-8"]


def _is_charset(name: str) -> bool:
    try:
        codec = codecs.lookup(name)
    except (LookupError, ValueError):
        return False
    is_text = bool(getattr(codec, "_is_text_encoding", True))  # what str.encode itself asks; rot13 is none
    return is_text and codec.name.replace("-", "_") not in {name.replace("-", "_") for name in _NO_CHARSETS}
