"""Whether the clause around a time speaks of what is to come, or of what has been."""

import re

# In a clause with one of these a weekday, a month or a season is the next one. "could have been" is over.
_FUTURE = re.compile(
    r"\b(?:will|shall|(?:would|may|might|could|must|should)(?!n?['’]?t? have\b)|won['’]t|expected to|due to|going to"
    r"|to be|to last|(?<!the )next(?! to\b)|called for|planned|scheduled|[a-z]+['’]ll)\b",
    re.IGNORECASE,
)
_UNTIL = re.compile(r"\buntil\b", re.IGNORECASE)  # of what is to come, unless it had lasted until then
_PAST = re.compile(
    r"\b(?:was|were|had|has|have|did|didn['’]t|wasn['’]t|weren['’]t|became|began|came|fell|found|gave|held|hit|killed"
    r"|left|lost|made|met|rose|saw|sold|spoke|struck|told|took|went|won"
    r"|(?<!is )(?<!are )(?<!be )(?<!to )[a-z]{2,}ed)\b",
    re.IGNORECASE,
)
_BEHIND = 40  # characters behind the time that still tell


def _clause(text: str, start: int, end: int, at: int) -> tuple[int, int]:
    """The clause around the time at ``at``, within the content ``text[start:end]``."""
    first = max(text.rfind(mark, start, at) for mark in (". ", "; ", ", and ")) + 1
    return max(start, first), min(end, at + _BEHIND)


def is_future(text: str, start: int, end: int, at: int) -> bool:
    clause = _clause(text, start, end, at)
    if _FUTURE.search(text, *clause) is not None:
        return True
    return _UNTIL.search(text, *clause) is not None and _PAST.search(text, *clause) is None


def is_past(text: str, start: int, end: int, at: int) -> bool:
    clause = _clause(text, start, end, at)
    return _FUTURE.search(text, *clause) is None and _PAST.search(text, *clause) is not None
