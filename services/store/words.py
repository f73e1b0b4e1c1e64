"""Words as they are searched for: folded, stemmed, in order. Pure, so that both databases give the same answers.

A database's own text search would stem and split in its own way, and differently in each of its releases. Here the
stems are made once, by Snowball, and the database keeps them: PostgreSQL as a tsvector under a GIN index, SQLite as
text that is scanned.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, Protocol

import snowballstemmer

from shared.contracts.ids import normal_text

# Language of the article (BCP 47, its first part) → Snowball's name. Others are folded and not stemmed.
_STEMMERS: Final = {
    "ar": "arabic",
    "ca": "catalan",
    "cs": "czech",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "et": "estonian",
    "eu": "basque",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hi": "hindi",
    "hu": "hungarian",
    "hy": "armenian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "ne": "nepali",
    "nl": "dutch",
    "no": "norwegian",
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
}
ENGLISH: Final = "en"
MAX_WORDS = 2_000  # of one claim; a tsvector keeps 256 places of one word, and no quotation comes near
MAX_LETTERS = 100  # of one word; a lexeme of PostgreSQL ends at 2 KiB
MAX_TERMS = 20  # of one question

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_TERM = re.compile(r'"([^"]*)"?|([^"\s]+)')


class _Stemmer(Protocol):
    def stemWord(self, word: str) -> str: ...  # noqa: N802  (Snowball's name)


def stems(text: str, language: str | None) -> list[str]:
    """The stems of ``text`` in order. English keeps what an apostrophe joins (its stemmer takes the ``'s`` off);
    elsewhere an apostrophe parts (*l'homme*)."""
    code = (language or "").split("-")[0].lower()
    words = _WORD.findall(normal_text(text))
    if code != ENGLISH:
        words = [part for word in words for part in word.split("'")]
    short = (word[:MAX_LETTERS] for word in words[:MAX_WORDS])
    return [word if word.isascii() and word.isdecimal() else _stem(word, code) for word in short]


def terms(question: str, language: str | None) -> list[tuple[str, ...]]:
    """What a claim must hold, all of it: single stems, and the stems of each ``"phrase"``, which stand side by side.
    A word that is joined by a hyphen is a phrase too."""
    found: dict[tuple[str, ...], None] = {}
    for phrase, word in _TERM.findall(question):
        if asked := tuple(stems(phrase or word, language)):
            found[asked] = None
    return list(found)


def tsvector(lexemes: Sequence[str]) -> str:
    """PostgreSQL's text form of stems and their places. Written out, it is not parsed by a configuration."""
    return " ".join(f"{_quoted(lexeme)}:{place}" for place, lexeme in enumerate(lexemes, 1))


def tsquery(asked: Sequence[Sequence[str]]) -> str:
    return " & ".join("(" + " <-> ".join(map(_quoted, term)) + ")" for term in asked)


def scanned(lexemes: Sequence[str]) -> str:
    """SQLite's form: every stem between two spaces, so that a term is found as a piece of it."""
    return f" {' '.join(lexemes)} "


def _quoted(lexeme: str) -> str:
    return "'" + lexeme.replace("'", "''") + "'"


# What news says again and again, in 4 MB; numbers, which are their own stems, would push these words out.
@lru_cache(maxsize=16 * 1024)
def _stem(word: str, code: str) -> str:
    stemmer = _stemmer(code)
    return word if stemmer is None else stemmer.stemWord(word) or word


@lru_cache(maxsize=64)
def _stemmer(code: str) -> _Stemmer | None:
    name = _STEMMERS.get(code)
    if name is None:
        return None
    made: _Stemmer = snowballstemmer.stemmer(name)
    return made
