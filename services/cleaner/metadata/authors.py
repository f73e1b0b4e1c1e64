"""The people who signed an article, one name each. What is no person's name is left out: a site that writes
"admin" or its own name has said nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable

_BY = re.compile(
    r"^(?:authors?\s*:|(?:(?:written|words|text|story|reporting|posted|published)\s+)?(?:by|von|par|por|от)\b)[:\s]+",
    re.I,
)
_SPLIT = re.compile(r"\s*(?:[,;|/•·]|\s&\s|\s(?:and|und|et|y|with|AND)\s)\s*")
_SURNAME_FIRST = re.compile(r"([^\W\d_][\w'’\-]+), ([^\W\d_][\w.'’\-]+(?: [A-Z]\.?)?)")
_ROLE_NAMES = (
    r"admin(?:istrator)?|editors?|editorial(?: (?:staff|team|board))?|staff(?: (?:writer|reporter)s?)?",
    r"guest(?: (?:author|writer|post))?|authors?|contributors?|team|user|webmaster|(?:web|news|online) ?desk|newsroom",
    r"unknown|anonymous|root|n/?a|none|null|updated|published",
)
_NO_NAME = re.compile(
    rf"\d|@|https?:|www\.|\.(?:com|org|net|ru)\b|^(?:the |our )?(?:{'|'.join(_ROLE_NAMES)})$", re.I
)
# What follows a name behind a comma: degrees and jobs.
_DEGREE = re.compile(r"[A-Z]{2,5}|M\.?D\.?|Ph\.?D\.?|Jr\.?|Sr\.?|Esq\.?|I{2,3}")
_JOB = re.compile(
    r"\b(?:reporter|editor|writer|correspondent|columnist|contributor|producer|journalist|analyst|director|manager"
    r"|officer|photographer|staff|bureau)s?\b",
    re.I,
)
_PARTICLE = re.compile(
    r"(?:de|da|do|dos|del|della|di|du|van|von|der|den|ten|ter|la|le|el|al|bin|ibn|abu|af|av|zu|und|y|e)", re.I
)
_LONGEST_NAME_WORDS = 5
_MOST_AUTHORS = 20


def split_authors(values: Iterable[str], not_people: Iterable[str | None] = ()) -> tuple[str, ...]:
    """Names in the order they are stated, each once. ``not_people``: publisher and site, which sign as authors."""
    others = {name.casefold() for name in not_people if name}
    names: dict[str, str] = {}
    for value in values:
        for name in _parts(_BY.sub("", value.strip())):
            if _is_name(name) and name.casefold() not in others:
                names.setdefault(name.casefold(), name)
    return tuple(names.values())[:_MOST_AUTHORS]


def _parts(value: str) -> list[str]:
    turned = _SURNAME_FIRST.fullmatch(value)
    if turned:
        return [f"{turned[2]} {turned[1]}"]
    return [
        part.strip(' .,;:-–—*()[]"“”') if not part.endswith("r.") else part for part in _SPLIT.split(value)
    ]


def _is_name(text: str) -> bool:
    words = text.split()
    if (
        not 1 <= len(words) <= _LONGEST_NAME_WORDS
        or len(text) < 3
        or _NO_NAME.search(text)
        or _JOB.search(text)
        or _DEGREE.fullmatch(text)
    ):
        return False
    cased = [word for word in words if not _PARTICLE.fullmatch(word)]
    return bool(cased) and all(not word[0].islower() for word in cased)
