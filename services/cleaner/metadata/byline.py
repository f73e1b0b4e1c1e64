"""The names that a page shows between its headline and its text, in an element that is called author or byline, or
behind the word "by".

Among them stand dates, jobs and reading times; only what reads as a person's full name is taken, and nothing where more
of them stand than sign one article.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from services.cleaner.blocks.classifier import Judged
from services.cleaner.headline import MONTH
from services.cleaner.metadata.above import Above, called, without_humps
from services.cleaner.metadata.authors import split_authors
from services.cleaner.prose import folded_words

_UNDER_HEADLINE = 8  # blocks between it and the byline: section, standfirst, share buttons
_MOST_AUTHORS = 4
_LONGEST = 100  # characters
_CALLED_SO = re.compile(
    r"(?:^|[\W_])(?:authors?|bylines?|writers?|author-?names?|creators?)(?=$|[\W_])", re.I
)
_CALLED_OTHERWISE = re.compile(
    r"bio|about|related|comment|card|popup|tooltip|modal|editor|review|share", re.I
)
_BY = re.compile(r"(?:^|\W)(?:[Ww]ritten |[Pp]osted |[Tt]ext |[Ww]ords )?(?:(?:[Bb]y|BY)\b:?\s*|By(?=[A-Z]))")
# Who looked an article over has not written it.
_ANOTHERS = re.compile(
    r"review|edited|fact[- ]?check|verified|approved|sponsored|translat|photo|credit|image", re.I
)
# A degree, or the paper's name, behind the name.
_CAPITALS = re.compile(r"(?<=[a-z.])(?: [A-Z]{2,})+$")
# Where the name ends: a bar, a dash, a date, a reading time, "in" a section.
_END = re.compile(
    r"\s*[|•·●–—]\s*|\s+-\s+|\s*\(|\s+\d|\s+(?:on|in|at|for|for:)\s|[Pp]ublished|[Uu]pdated|[Pp]osted|\s*@"
    rf"|{MONTH} \d",
    re.I,
)
_FULL_NAME = re.compile(r"[^\W\d_][\w.'’\-]*(?: [^\W\d_][\w.'’\-]*){1,3}")


def byline(above: Above, not_people: Sequence[str | None]) -> tuple[str, ...]:
    """``not_people``: publisher and site, which sign as authors."""
    under = _UNDER_HEADLINE
    names: dict[str, str] = {}
    for block in above.blocks:
        under += 1
        if folded_words(block.text) in above.headlines:
            under = 0
        elif under <= _UNDER_HEADLINE and len(block.text) <= _LONGEST:
            names |= {name.casefold(): name for name in _names(block, not_people)}
    return tuple(names.values()) if len(names) <= _MOST_AUTHORS else ()


def _names(block: Judged, not_people: Sequence[str | None]) -> list[str]:
    said = _BY.search(block.text)
    if _ANOTHERS.search(block.text):
        return []
    if said is None and not _is_called_so(block):
        return []
    named = block.text[said.end() :] if said else block.text
    end = _END.search(named)
    names = split_authors([named[: end.start()] if end else named], not_people)
    without = (_CAPITALS.sub("", name) for name in names)
    return [name for name in without if _FULL_NAME.fullmatch(name)]


def _is_called_so(block: Judged) -> bool:
    names = called(block, ("class", "itemprop", "rel"), 3)
    nearest = next((name for name in names if _CALLED_SO.search(without_humps(name))), None)
    return nearest is not None and _CALLED_OTHERWISE.search(nearest) is None
