"""The times that a claim names, laid on the calendar as far as the article's date allows.

What comes out has the precision that the words have: "this spring" is March to May, "Sunday" is a day, "several years
ago" is no date at all. The conventions: weeks begin on Monday; spring is March to May, and so on; a weekday or a month
without a year is the last one before the article, or the next one where the clause speaks of the future.
"""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from services.extractor.figures.conventions import ORDINALS, WEEK
from services.extractor.time_words import FUTURE, KINDS, MONTHS, NUMBERS, SEASONS, TIME, may_hold_time
from shared.contracts.parts import Span, When


class _Days(NamedTuple):
    """`first` and `last` as ISO 8601 of the precision that the words have."""

    first: str | None
    last: str | None


_UNKNOWN = _Days(None, None)


def times(text: str, spans: Sequence[Span], published: date | None) -> tuple[When, ...]:
    """The times in these spans, in text order; offsets into `text`. Without `published` only what names its year is
    resolved."""
    found = []
    for start, end in spans:
        if not may_hold_time(text[start:end]):
            continue
        for match in TIME.finditer(text, start, end):
            if match.lastgroup is None:
                continue
            kind = next(name for name in KINDS if match[name] is not None)
            if kind == "month" and (match["m4"] == "May" and not _is_month(text, match.start("m4"))):
                continue
            if not _is_word(text, match.start(), match.end()):
                continue
            begin, stop = _trimmed(match, kind)
            days = _days(kind, match, published, _is_future(text, start, end, match.start()))
            found.append(When(text=text[begin:stop], span=(begin, stop), from_=days.first, to=days.last))
    return tuple(found)


def _is_word(text: str, start: int, end: int) -> bool:
    before = text[start - 1] if start else " "
    after = text[end] if end < len(text) else " "
    return not (before.isalnum() or after.isalnum() or before in "-/" or after in "/")


def _is_month(text: str, at: int) -> bool:
    """Whether "May" is the month: behind a preposition, or before a number."""
    return (
        re.search(
            r"\b(?:in|since|until|by|last|next|this|of|from|to|late|early)\s$", text[max(0, at - 8) : at]
        )
        is not None
    )


def _trimmed(match: re.Match[str], kind: str) -> tuple[int, int]:
    """Without a preposition: "since spring" is "spring"."""
    start, stop = match.span()
    if kind == "season" and match["lead3"].lower() in {"since", "in", "until", "by"}:
        rest = match[0][len(match["lead3"]) + 1 :]
        start = stop - len(rest)
    elif kind == "vague" and match[0].lower().startswith("in "):
        start += 3
    return start, stop


def _is_future(text: str, start: int, end: int, at: int) -> bool:
    """Whether the clause around the time speaks of what is to come."""
    first = max(text.rfind(mark, start, at) for mark in (". ", "; ", ", and ")) + 1
    return FUTURE.search(text, max(start, first), min(end, at + 40)) is not None


def _days(kind: str, m: re.Match[str], on: date | None, future: bool) -> _Days:
    if kind == "year":
        return _Days(m["y"], m["y"])
    if kind == "decade":
        return _Days(m["dec"], str(int(m["dec"]) + 9))
    if kind in {"day", "us", "ord"}:
        month = _month(m["m1"] or m["m2"] or m["m3"])
        day = int(m["d1"] or m["d2"]) if kind != "ord" else ORDINALS[m["d3"]]
        return _day(month, day, m["y1"] or m["y2"], on, future)
    if kind == "month" and m["y4"]:
        return _Days(*[f"{m['y4']}-{_month(m['m4']):02}"] * 2)
    if on is None or kind == "vague":
        return _UNKNOWN
    if kind == "near":
        at = on + timedelta(days={"yesterday": -1, "last night": -1, "tomorrow": 1}.get(m[0].lower(), 0))
        return _Days(at.isoformat(), at.isoformat())
    if kind == "weekday":
        return _weekday(WEEK.index(m["wd"].lower()), _lead(m["lead1"]), on, future)
    if kind == "month":
        return _of_month(_month(m["m4"]), _lead(m["lead2"]), on, future)
    if kind == "season":
        return _season(SEASONS[m["s"]], _lead(m["lead3"]), m["y5"], on, future)
    if kind == "quarter":
        year, first = int(m["y6"] or on.year), 3 * ORDINALS[m["q"]] - 2
        if not m["y6"] and date(year, first, 1) > on and not future:
            year -= 1
        return _Days(f"{year}-{first:02}", f"{year}-{first + 2:02}")
    if kind == "period":
        return _period(m["u"], {"last": -1, "this": 0, "next": 1}[m["lead4"].lower()], on)
    number = NUMBERS.get(m["n"].lower()) or int(m["n"])
    return _period(m["u2"], -number, on, whole=False)


def _lead(word: str | None) -> str | None:
    return word and word.lower()


def _month(name: str) -> int:
    return MONTHS[name[:3].lower()]


def _day(month: int, day: int, year: str | None, on: date | None, future: bool) -> _Days:
    if year is None and on is None:
        return _UNKNOWN
    try:
        at = date(int(year) if year else on.year if on else 1, month, day)
        if year is None and on is not None:
            if at > on and not future and (at - on).days > _SOON:
                at = at.replace(year=at.year - 1)
            elif at < on and future and (on - at).days > _SOON:
                at = at.replace(year=at.year + 1)
    except ValueError:
        return _UNKNOWN
    return _Days(at.isoformat(), at.isoformat())


_SOON = 45  # days: a date without a year this near is meant, whatever the tense


def _weekday(wanted: int, lead: str | None, on: date, future: bool) -> _Days:
    back = (on.weekday() - wanted) % 7
    at = on - timedelta(days=back)
    if lead == "next" or (future and lead is None and back):
        at += timedelta(days=7)
    elif lead == "last" and back == 0:
        at -= timedelta(days=7)
    return _Days(at.isoformat(), at.isoformat())


def _of_month(month: int, lead: str | None, on: date, future: bool) -> _Days:
    year = on.year
    if lead == "next" or (future and lead is None):
        year += month < on.month or (lead == "next" and month == on.month)
    elif lead != "this" and (month > on.month or (lead == "last" and month == on.month)):
        year -= 1
    return _Days(*[f"{year}-{month:02}"] * 2)


def _season(first: int, lead: str | None, year: str | None, on: date, future: bool) -> _Days:
    """Winter begins in the December before. "last" is the latest that is over, "next" the first that is to come."""
    starts = [date(y, first, 1) for y in (range(on.year - 2, on.year + 3) if year is None else [int(year)])]
    ended = [(s, _plus(s, 3)) for s in starts]
    if lead == "last":
        chosen = [s for s, end in ended if end <= on][-1:]
    elif lead == "next" or (future and lead != "this"):
        chosen = [s for s, _ in ended if s > on][:1]
    elif lead == "this":
        chosen = [s for s, end in ended if s <= on < end] or [s for s, _ in ended if s.year == on.year]
    else:
        chosen = [s for s, _ in ended if s <= on][-1:]
    at = (chosen or starts)[0]
    last = _plus(at, 2)
    return _Days(f"{at.year}-{at.month:02}", f"{last.year}-{last.month:02}")


def _plus(at: date, months: int) -> date:
    month = at.month - 1 + months
    return date(at.year + month // 12, month % 12 + 1, 1)


def _period(unit: str, shift: int, on: date, *, whole: bool = True) -> _Days:
    if unit == "day":
        at = on + timedelta(days=shift)
        return _Days(at.isoformat(), at.isoformat())
    if unit == "week":
        monday = on - timedelta(days=on.weekday()) + timedelta(weeks=shift)
        return _Days(monday.isoformat(), (monday + timedelta(days=6)).isoformat())
    if unit == "weekend":
        saturday = on - timedelta(days=on.weekday()) + timedelta(days=5, weeks=shift)
        return _Days(saturday.isoformat(), (saturday + timedelta(days=1)).isoformat())
    if unit == "month":
        at = _plus(on.replace(day=1), shift)
        return _Days(*[f"{at.year}-{at.month:02}"] * 2)
    if unit == "quarter":
        at = _plus(date(on.year, 3 * ((on.month - 1) // 3) + 1, 1), 3 * shift)
        last = _plus(at, 2)
        return _Days(f"{at.year}-{at.month:02}", f"{last.year}-{last.month:02}")
    if unit == "year":
        return _Days(*[str(on.year + shift)] * 2)
    if not whole:
        return _Days(*[str(on.year + 10 * shift)] * 2)
    first = on.year // 10 * 10 + 10 * shift
    return _Days(str(first), str(first + 9))
