"""A block's name: the same for the same words, whatever their case, punctuation and spaces.

Where a block addresses the reader, what a template fills in is folded too: numbers, names, addresses. "Follow us and
Jane Doe on @jane" and "Follow us and Li Wei on @liwei" are one block. A sentence of news is never folded: with another
number or name it says something else.
"""

from __future__ import annotations

import re
from hashlib import blake2b

from services.cleaner.prose import outside_quotes

# Fewer words say nothing of their own: "Read more", "Yes.", "London".
_FEWEST_WORDS = 4
_FEWEST_CHARS_UNSPACED = 12  # of a script that sets no spaces; four words have hardly less
_LONGEST = 2_000  # characters that are read; what is equal so far is equal

_WORD = re.compile(r"\w+")
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_ADDRESS = re.compile(r"\S+@\S+|@\w+|https?://\S+|www\.\S+")
# A capital behind a small letter, a digit or a comma is a name's; behind a full stop it begins a sentence.
_NAME = re.compile(r"(?<=[a-z0-9,’'] )[A-Z][\w.’'-]*(?: (?:[A-Z][\w.’'-]*|of|the|and|&))*")
# "US" is a country: case counts. Sets of words, not patterns: each block of each page is asked.
_YOU = frozenset(("you", "You", "your", "Your", "yours", "YOU", "YOUR"))
_WE = frozenset(("we", "We", "us", "our", "Our", "ours"))
_READER_WORDS = """
    uns unser unsere unserem unseren unserer unseres Ihnen Ihr Ihre Ihrem Ihren Ihrer
    vous Vous votre Votre vos Vos notre Notre nos Nos usted Usted ustedes nuestro nuestra nuestros nuestras
    nostro nostra nostri vostro vostra uw Uw jouw onze Onze você vocês nosso nossa nossos вы Вы вас вам наш наша наши
"""
_READER = _YOU | _WE | frozenset(_READER_WORDS.split())
# What news hardly ever says of others. Not comment, rights, members: "did not respond to a request for comment".
_ASKING_WORDS = """
    subscribe subscription newsletter newsletters signup cookies click copyright affiliate login
    abonnieren newsletteranmeldung abonnez suscríbete suscribirse iscriviti подписаться
"""
_ASKS = frozenset(_ASKING_WORDS.split())
_PHRASES = (
    *("sign up", "sign in", "log in", "read more", "read also", "see also", "edited by", "editing by"),
    *("reporting by", "photo by", "photos by", "min read", "terms of use", "rights reserved", "©"),
)


def speaks_for_page(text: str) -> bool:
    """Whether a block addresses the reader, or has a word of what pages ask for and say of themselves; what is quoted
    in it is somebody else's."""
    own = outside_quotes(text)
    if not _READER.isdisjoint(_WORD.findall(own)):
        return True
    low = own.casefold()
    # Hardly any block has one of these in it, be it within another word: cutting all into words takes longer.
    if any(word in low for word in _ASKS) and not _ASKS.isdisjoint(_WORD.findall(low)):
        return True
    return any(phrase in low for phrase in _PHRASES)


def converses(text: str) -> bool:
    """Whether the page speaks of itself to its reader: of "us" to "you", outside of quotations. English only."""
    words = _WORD.findall(outside_quotes(text))
    return not _YOU.isdisjoint(words) and not _WE.isdisjoint(words)


def fingerprint(text: str) -> int | None:
    """64 bits, signed; None for a block of too few words."""
    if len(text) < _FEWEST_CHARS_UNSPACED:
        return None
    text = text[:_LONGEST]
    words = _WORD.findall(text)
    own = outside_quotes(text)
    if not _READER.isdisjoint(words if own == text else _WORD.findall(own)):
        words = _WORD.findall(_NUMBER.sub("0", _NAME.sub("N", _ADDRESS.sub("A", text))))
    unspaced = not text.isascii() and sum(map(len, words)) >= _FEWEST_CHARS_UNSPACED
    if len(words) < _FEWEST_WORDS and not unspaced:
        return None
    name = " ".join(words).casefold().encode()
    return int.from_bytes(blake2b(name, digest_size=8).digest(), "big", signed=True)


def as_text(value: int) -> str:
    """As it stands in records: 16 hexadecimal digits."""
    return f"{value & 0xFFFFFFFFFFFFFFFF:016x}"


def from_text(text: str) -> int:
    """The inverse of :func:`as_text`. Raises ValueError."""
    value = int(text, 16)
    return value - (1 << 64) if value >= 1 << 63 else value
