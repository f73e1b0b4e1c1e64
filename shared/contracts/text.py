"""The form of cleaned text, on which every offset of every claim rests.

Normal text is NFC; its only line terminator is ``\\n``; paragraphs are joined by one blank line; no line begins
or ends with white space or holds two spaces in a row; it has no control character, NUL or surrogate, and no
newline at either end. The cleaner produces it; the store and ``claimstream why`` check it before they slice.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

PARAGRAPH_BREAK = "\n\n"

# CRLF first, so that it counts once. VT, FF, FS, GS, RS, NEL, LS and PS end lines in `str.splitlines` too.
_LINE_END = re.compile(r"\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
# What may not stand in the text: C0 and C1 controls but \t and \n, surrogates, noncharacters; and marks without
# width that only steer layout (soft hyphen, zero width space, word joiner, byte order mark), which would keep
# equal words from comparing equal. ZWNJ, ZWJ and the bidi marks stay: Persian, Indic scripts and emoji need them.
_FORBIDDEN = (
    "\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\u00ad\u200b\u2060\ufeff\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
)
_FORBIDDEN_BEYOND = "".join(
    chr(plane + 0xFFFE) + chr(plane + 0xFFFF) for plane in range(0x10000, 0x110000, 0x10000)
)
# NFC sorts the marks on one letter in quadratic time: a page of nothing else stops a process for hours. No language
# needs more than 30 (UAX 15, Stream-Safe Text Format); the rest is dropped. No mark stands behind U+1F000.
_MOST_MARKS = 30
_MARKS, _MARKS_BEYOND = (
    "".join(character for character in map(chr, range(*span)) if unicodedata.combining(character))
    for span in ((0x300, 0x10000), (0x10000, 0x1F000))
)


def _dropped(forbidden: str) -> re.Pattern[str]:
    return re.compile(f"[{forbidden}]")


def _piled(marks: str) -> re.Pattern[str]:
    return re.compile(f"[{marks}]{{{_MOST_MARKS + 1},}}")


# Characters beyond U+FFFF in a class make it ten times slower, so that texts without any have patterns of their own.
_BEYOND = re.compile("[\U00010000-\U0010ffff]")
_PATTERNS = {
    False: (_dropped(_FORBIDDEN), _piled(_MARKS)),
    True: (_dropped(_FORBIDDEN + _FORBIDDEN_BEYOND), _piled(_MARKS + _MARKS_BEYOND)),
}
_SPACE = re.compile(r"[^\S\n]+")
# What nearly no text of a page has, and without which it is in normal form already, if it is NFC: every character that
# one of these patterns could touch.
_PLANE = "".join(map(chr, range(0x10000))).replace(" ", "")
_ODD = frozenset(
    "".join(run for odd in (_LINE_END, _PATTERNS[False][0], _SPACE) for run in odd.findall(_PLANE))
    + "\n"
    + _MARKS
)
_SPACE_AT_BREAK = re.compile(r" ?\n ?")
_BLANK_LINES = re.compile(r"\n{3,}")


def normalise(text: str) -> str:
    """Bring any text into the normal form; total, and idempotent: ``normalise(normalise(t)) == normalise(t)``.

    The order matters: what is dropped goes before NFC, since a mark may then compose with another base.
    """
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip(" ")
    beyond = _BEYOND.search(text) is not None
    if not beyond and "  " not in text and _ODD.isdisjoint(text) and unicodedata.is_normalized("NFC", text):
        return text.strip(" ")
    dropped, piled = _PATTERNS[beyond]
    text = dropped.sub("", _LINE_END.sub("\n", text))
    # Again behind NFC, which takes a few marks apart.
    text = piled.sub(_first_marks, unicodedata.normalize("NFC", piled.sub(_first_marks, text)))
    text = _SPACE_AT_BREAK.sub("\n", _SPACE.sub(" ", text))
    return _BLANK_LINES.sub(PARAGRAPH_BREAK, text).strip(" \n")


def is_normal(text: str) -> bool:
    """Whether offsets into ``text`` may be trusted: it has the normal form (the empty text has)."""
    return normalise(text) == text


def join_paragraphs(paragraphs: Iterable[str]) -> str:
    """The paragraphs, each normalised, as one normal text; empty ones fall away."""
    return PARAGRAPH_BREAK.join(filter(None, map(normalise, paragraphs)))


def split_paragraphs(text: str) -> list[str]:
    """The paragraphs of a normal text, in order; the inverse of ``join_paragraphs``."""
    return text.split(PARAGRAPH_BREAK) if text else []


def _first_marks(run: re.Match[str]) -> str:
    return run[0][:_MOST_MARKS]
