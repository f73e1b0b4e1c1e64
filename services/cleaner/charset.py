"""Bytes to text, whatever the server says of them: never an exception, whatever they are.

Order of trust: a byte order mark; UTF-8 where the bytes are that, or nearly (no other encoding passes
by chance); what the HTTP header says; what the page says; a guess from the bytes. A label that the bytes
contradict is passed over. Labels are read as browsers do (WHATWG Encoding): ISO-8859-1 means windows-1252.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from charset_normalizer import from_bytes

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# The encodings of the web, by Python's names. Everything else that `codecs` knows is refused: `idna` takes
# quadratic time, `unicode_escape` runs escapes, `utf-7` hides markup.
_ENCODINGS = frozenset(
    [
        "utf-8",
        "utf-16",
        "utf-16-le",
        "utf-16-be",
        "utf-32",
        "utf-32-le",
        "utf-32-be",
        "cp866",
        "iso8859-2",
        "iso8859-3",
        "iso8859-4",
        "iso8859-5",
        "iso8859-6",
        "iso8859-7",
        "iso8859-8",
        "iso8859-10",
        "iso8859-13",
        "iso8859-14",
        "iso8859-15",
        "iso8859-16",
        "koi8-r",
        "koi8-u",
        "mac-roman",
        "mac-cyrillic",
        "cp874",
        "cp1250",
        "cp1251",
        "cp1252",
        "cp1253",
        "cp1254",
        "cp1255",
        "cp1256",
        "cp1257",
        "cp1258",
        "gb18030",
        "hz",
        "big5hkscs",
        "euc_jp",
        "iso2022_jp",
        "cp932",
        "cp949",
        "iso2022_kr",
    ]
)
_SUPERSETS = {  # a label stands for the superset that browsers read it as
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
    "tis-620": "cp874",
    "iso8859-11": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "utf-8-sig": "utf-8",
}
# In these, pages of any script can be bytes of ASCII alone, so that UTF-8 would pass by chance.
_ASCII_CLOTHED = frozenset({"iso2022_jp", "iso2022_kr", "hz", "utf-16", "utf-16-le", "utf-16-be"})

_HTTP_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:+-]+)", re.I)
# WHATWG looks at 1,024 bytes; pages with long comments or inlined scripts ahead of it are common.
_META_WINDOW = 8192
_META_CHARSET = re.compile(rb"<(?:meta|\?xml)\b[^>]*?(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:+-]+)", re.I)
_TAG = re.compile(rb"<[^<>]{0,4096}>")
_GUESS_WINDOW = 65_536
_GUESS_BYTES = 6_000  # enough to tell single-byte encodings apart; each 1,000 cost about a millisecond
# Up to this share of its characters beyond ASCII may be broken before a label is taken for a lie: real pages
# are cut within a character, or have a foreign snippet pasted in.
_BROKEN_SHARE = 0.1


@dataclass(frozen=True, slots=True)
class Decoded:
    """``origin``: bom, utf-8, http, meta, detected or fallback."""

    text: str
    charset: str
    origin: str


def decode(body: bytes, content_type: str | None = None) -> Decoded:
    """The text of a page. ``content_type`` is the HTTP header's value. What cannot be decoded is U+FFFD."""
    for mark, name in _MARKS:
        if body.startswith(mark):
            return Decoded(body.decode(name, "replace"), name.removesuffix("-sig"), "bom")
    labels = _labels(body, content_type)
    clothed = [(name, origin) for name, origin in labels if name in _ASCII_CLOTHED]
    for name, origin in [*clothed, ("utf-8", "utf-8")]:
        if (text := _strict(body, name)) is not None:
            return Decoded(text, name, origin)
    if b"\0" in body[:_GUESS_WINDOW] and (sixteen := _utf16_without_mark(body)):
        return Decoded(body.decode(sixteen, "replace"), sixteen, "detected")
    # Nearly UTF-8 is UTF-8: every single-byte label would take the bytes too.
    for name, origin in [("utf-8", "utf-8"), *labels]:
        text = body.decode(name, "replace")
        if _broken_share(text) <= _BROKEN_SHARE:
            return Decoded(text, name, origin)
    guess = _guess(body)
    if guess is not None:
        return Decoded(body.decode(guess, "replace"), guess, "detected")
    return Decoded(body.decode("cp1252", "replace"), "cp1252", "fallback")


def _labels(body: bytes, content_type: str | None) -> list[tuple[str, str]]:
    found = []
    http = _HTTP_CHARSET.search(content_type or "")
    if http and (name := _codec(http[1])):
        found.append((name, "http"))
    meta = _META_CHARSET.search(body, 0, _META_WINDOW)
    # A label that could be read as ASCII stands in a page that is no UTF-16 (WHATWG, "prescan").
    if (
        meta
        and (name := _codec(meta[1].decode("ascii", "ignore")))
        and not name.startswith(("utf-16", "utf-32"))
    ):
        found.append((name, "meta"))
    return found


def _codec(label: str) -> str | None:
    try:
        name = codecs.lookup(label.lower().replace("x-sjis", "shift_jis").replace("x-cp", "cp")).name
    except (LookupError, ValueError):
        return None
    name = _SUPERSETS.get(name, name)
    return name if name in _ENCODINGS else None


def _strict(body: bytes, name: str) -> str | None:
    """The text, if the bytes are that encoding through and through."""
    try:
        text = body.decode(name)
    except ValueError:
        return None
    if name == "utf-8" and "\0" in text and _utf16_without_mark(body):
        return None
    # UTF-16 takes nearly any even number of bytes: Latin text read as such is CJK without a single space.
    if name.startswith("utf-16") and not (" " in text or "<" in text):
        return None
    return text


def _utf16_without_mark(body: bytes) -> str | None:
    """UTF-16 of a mostly Latin page has a zero in nearly every second byte."""
    window = body[:_META_WINDOW]
    even, odd = window[0::2].count(0), window[1::2].count(0)
    if max(even, odd) < len(window) * 0.3 or min(even, odd) > max(even, odd) * 0.1:
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _broken_share(text: str) -> float:
    beyond = sum(character > "\x7f" for character in text)
    return text.count("\ufffd") / beyond if beyond else 0.0


def _guess(body: bytes) -> str | None:
    """From the lines beyond ASCII alone: markup and scripts would drown them."""
    lines = _TAG.sub(b"\n", body[:_GUESS_WINDOW]).splitlines()
    sample = b"\n".join(line for line in lines if not line.isascii())[:_GUESS_BYTES]
    best = from_bytes(sample).best() if sample else None
    return _codec(best.encoding) if best is not None else None
