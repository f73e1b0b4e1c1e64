"""Is it HTML, plain text, or nothing that we read? The header lies often enough that the bytes are asked first
(after the WHATWG MIME Sniffing standard, cut down to what decides here)."""

from __future__ import annotations

import re
from enum import Enum

from services.cleaner.rejections import NotAnArticle, NotText


class MediaKind(Enum):
    HTML = "html"
    PLAIN = "plain"


# The beginnings of what people submit by mistake; text that begins so by chance is not worth the risk.
_BINARY = re.compile(
    rb"%PDF-|\x89PNG\r\n|GIF8[79]a|\xff\xd8\xff|RIFF....WEBP|BM....\0\0|II\*\0|MM\0\*|PK[\x03\x05\x07]|\x1f\x8b"
    rb"|\x28\xb5\x2f\xfd|BZh\d1AY|\xfd7zXZ\0|7z\xbc\xaf\x27\x1c|Rar!\x1a|\x7fELF|MZ.\0\x03|wOF[F2]|OggS|ID3|fLaC"
    rb"|....ftyp|\x1aE\xdf\xa3|\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1|SQLite format 3\0|{\\rtf",
    re.S,
)
_HTML_START = re.compile(
    r"\s*(?:<!--.{0,4096}?-->\s*|<\?xml[^>]{0,256}>\s*){0,8}"
    r"<(?:!doctype\s+html|html|head|body|title|meta|script|div|p|h1|table|article|main|style|link|br|a|b)\b",
    re.I | re.S,
)
_FEED_START = re.compile(
    r"\s*(?:<\?xml[^>]{0,256}>\s*)?(?:<!--.{0,4096}?-->\s*)?<(?:rss|feed|rdf:RDF|urlset)\b", re.S
)
_HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})
_PLAIN_TYPES = frozenset({"text/plain", "text/markdown", "text/x-markdown"})
# What servers send when they do not know; the bytes decide.
_UNKNOWN_TYPES = frozenset(
    {"", "application/octet-stream", "application/x-unknown", "*/*", "text/xml", "application/xml"}
)
_JSON = re.compile(r"\s*[\[{]\s*(?:[\"\[{]|[\]}]\s*\Z)")
_TAGS = re.compile(r"</?(?:p|div|span|br|h[1-6]|li|a|article|section|body)\b[^<>]{0,512}>", re.I)
_NOISE = re.compile("[\ufffd\x00-\x08\x0b\x0e-\x1f\x7f-\x9f]")
_NOISE_WINDOW = 4096
# Text has no controls at all but for a few slips; random bytes read as cp1252 or UTF-8 have 10 % and more.
_NOISE_SHARE = 0.05


def refuse_binary(body: bytes) -> None:
    """Raise ``NotText`` for what is no text by its first bytes."""
    if _BINARY.match(body):
        raise NotText


def kind_of(text: str, content_type: str | None) -> MediaKind:
    """How to read the decoded text. Raises ``NotText`` or ``NotAnArticle`` for what is neither HTML nor prose."""
    essence = (content_type or "").partition(";")[0].strip().lower()
    if _noise_share(text) > _NOISE_SHARE:
        raise NotText("Most of it is no text in any charset. Only HTML and plain text are read.")
    if _FEED_START.match(text):
        raise NotAnArticle(
            "It is a feed or a site map, not an article. Add feeds with `claimstream feeds add`."
        )
    if _HTML_START.match(text):
        return MediaKind.HTML
    if essence in _HTML_TYPES:
        return MediaKind.HTML
    if essence in _PLAIN_TYPES:
        return MediaKind.PLAIN
    if essence not in _UNKNOWN_TYPES:
        raise NotText(f"It is {essence}. Only HTML and plain text are read.")
    if _JSON.match(text):
        raise NotAnArticle("It is JSON, not an article.")
    return MediaKind.HTML if len(_TAGS.findall(text[:_NOISE_WINDOW])) >= 2 else MediaKind.PLAIN


def _noise_share(text: str) -> float:
    window = text[:_NOISE_WINDOW]
    return len(_NOISE.findall(window)) / len(window) if window else 0.0
