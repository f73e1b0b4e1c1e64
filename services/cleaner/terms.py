"""Terms that are searched for only where one of their stems stands.

Most paragraphs hold none of the stems, and are found not to in a hundredth of the time that a pattern takes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Terms:
    """``stems``: one of them stands, in small letters, in whatever ``pattern`` matches."""

    stems: tuple[str, ...]
    pattern: re.Pattern[str]

    @classmethod
    def of(cls, stems: str, *terms: str, flags: re.RegexFlag = re.I) -> Terms:
        """``stems``: set off by bars; ``terms``: patterns, of which any will do."""
        return cls(tuple(stems.split("|")), re.compile("|".join(terms), flags))

    def stand_in(self, text: str, lowered: str) -> bool:
        """Whether one of them is somewhere in ``text``; ``lowered`` is the same in small letters."""
        return self._may_match(lowered) and self.pattern.search(text) is not None

    def are(self, text: str) -> bool:
        """Whether all of ``text`` is one of them."""
        return self._may_match(text.lower()) and self.pattern.fullmatch(text) is not None

    def _may_match(self, lowered: str) -> bool:
        return any(stem in lowered for stem in self.stems)
