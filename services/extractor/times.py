"""The times that a claim names, laid on the calendar as far as the article's date allows.

What comes out has the precision that the words have: "this spring" is March to May, "Sunday" is a day, "several years
ago" is no date at all. The conventions: weeks begin on Monday; spring is March to May, and so on; a weekday or a month
without a year is the last one before the article, or the next one where the clause speaks of the future; "the next
day" is laid from the time that the same content names before it. What could be two dates is left open.
"""

import re
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from services.extractor import on_calendar
from services.extractor.figures.conventions import ORDINALS, WEEK
from services.extractor.on_calendar import UNKNOWN, Days
from services.extractor.tense import is_future, is_past
from services.extractor.time_words import FEASTS, KINDS, MONTHS, NUMBERS, SEASONS, TIME, may_hold_time
from shared.contracts.parts import Span, When

_BACK = 120  # characters to the time that "the same day" is counted from
# Words before a weekday that make a habit, a name or another week of it.
_NO_WEEKDAY = re.compile(
    r"\b(?:an?|any|each|every|one|some|most|alternate|consecutive|first|second|third|fourth|fifth|following|previous"
    r"|the last|Ash|Black|Bloody|Cyber|Easter|Good|Holy|Maundy|Palm|Shrove|Super|Whit)\s$"
)
_PAPER = re.compile(r" (?:Times|Telegraph|Mirror|Mail|Express|Post|Herald|Mercury|Sun|People|World)\b")
# Words before "three years ago" without which alone it says which year.
_ABOUT = re.compile(
    r"\b(?:about|almost|around|at least|barely|close to|just (?:over|under)|less than|more than|nearly|or|over|roughly"
    r"|some|than|to|up to|under|and a half)\s$",
    re.IGNORECASE,
)
_FISCAL = re.compile(r"\b(?:fiscal|financial)(?: year)?\s$", re.IGNORECASE)
_SHIFTS = {"last": -1, "this": 0, "next": 1, "previous": -1, "preceding": -1, "following": 1}
_ROUND = 10  # "30 years ago" is about thirty


class _Told(NamedTuple):
    """Where the time is told: the article's day, the tense of the clause, and the time that was named before it."""

    on: date | None
    future: bool
    past: bool
    before: str  # the characters in front
    of: str | None


def times(text: str, spans: Sequence[Span], published: date | None) -> tuple[When, ...]:
    """The times in these spans, in text order; offsets into `text`. Without `published` only what names its year is
    resolved."""
    found: list[When] = []
    for start, end in spans:
        if not may_hold_time(text[start:end]):
            continue
        for match in TIME.finditer(text, start, end):
            if match.lastgroup is None:
                continue
            kind = next(name for name in KINDS if match[name] is not None)
            begin, stop = _trimmed(match, kind)
            if not _is_time(text, kind, match) or not _is_word(text, begin, stop):
                continue
            last = found[-1] if found and begin - found[-1].span[1] <= _BACK else None
            told = _Told(
                published,
                is_future(text, start, end, match.start()),
                is_past(text, start, end, match.start()),
                text[max(start, begin - 20) : begin],
                last.from_ if last is not None and last.from_ == last.to else None,
            )
            try:
                days = _days(kind, match, told)
            except (
                ValueError,
                OverflowError,
            ):  # outside of the years 1 to 9999, which is all that a date can be
                days = UNKNOWN
            found.append(When(text=text[begin:stop], span=(begin, stop), from_=days.first, to=days.last))
    return tuple(found)


def _is_word(text: str, start: int, end: int) -> bool:
    before = text[start - 1] if start else " "
    after = text[end] if end < len(text) else " "
    return not (before.isalnum() or after.isalnum() or before in "-/" or after in "/")


def _is_time(text: str, kind: str, match: re.Match[str]) -> bool:
    start, end = match.span()
    before = text[max(0, start - 14) : start]
    if kind == "month" and match["m4"] == "May":
        return match["mid"] is not None or _is_month(text, match.start("m4"))
    if kind == "weekday":
        habit = _NO_WEEKDAY.search(before) or (before.endswith("the ") and match["lead1"])
        return not habit and _PAPER.match(text, end) is None
    if (
        kind == "season" and match["s"].lower() == "fall" and match["y5"] is None
    ):  # "the fall of the government"
        the = match["lead3"].lower() == "the" and re.search(r"\b(?:[Ii]n|[Bb]y|[Ss]ince) $", before) is None
        return not the and re.match(r" (?:of|in|from|to) ", text[end:]) is None
    if kind == "period" and before.endswith("very "):  # "the very next year"
        return False
    if kind == "near" and match[0] == "Today":
        return re.search(r"[A-Z]\w*\s$", before) is None  # "USA Today"
    return True


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
    if kind == "season" and match["lead3"].lower() in {"since", "in", "until", "by", "before"}:
        start += len(match["lead3"]) + 1
    elif kind == "weekend" and match["lead9"]:
        start = match.end("lead9") - len("the")
    elif kind == "feast" and match["f2"] and match["lead7"].lower() not in {"last", "next", "this"}:
        start = match.start("f2")
    elif kind == "vague" and match[0].lower().startswith("in "):
        start += 3
    return start, stop


def _days(kind: str, m: re.Match[str], told: _Told) -> Days:
    on, future = told.on, told.future
    if kind == "year":
        return UNKNOWN if _FISCAL.search(told.before) else Days(m["y"], m["y"])
    if kind == "range":
        last = m["yb"] if len(m["yb"]) == 4 else m["ya"][:2] + m["yb"]
        return Days(m["ya"], last) if last > m["ya"] and not _FISCAL.search(told.before) else UNKNOWN
    if kind == "decade":
        return Days(m["dec"], str(int(m["dec"]) + 9))
    if kind in {"days", "usdays"}:
        name, year = m["md"] or m["me"], m["yd"] or m["ye"]
        first, second = (
            on_calendar.day(_month(name), int(number), year, on, future)
            for number in (m["da"] or m["dc"], m["db"] or m["dd"])
        )
        known = first.first and second.last and first.first < second.last
        return Days(first.first, second.last) if known else UNKNOWN
    if kind in {"day", "us", "ord"}:
        number = int(m["d1"] or m["d2"]) if kind != "ord" else ORDINALS[m["d3"]]
        return on_calendar.day(_month(m["m1"] or m["m2"] or m["m3"]), number, m["y1"] or m["y2"], on, future)
    if kind == "month" and m["y4"]:
        return Days(*[f"{m['y4']}-{_month(m['m4']):02}"] * 2)
    if kind == "relative":
        return _relative(m, told.of)
    if on is None or kind == "vague":
        return UNKNOWN
    return _from_article(kind, m, told, on)


def _from_article(kind: str, m: re.Match[str], told: _Told, on: date) -> Days:
    future = told.future
    if kind == "near":
        at = {"yesterday": -1, "last night": -1, "tomorrow": 1}.get(m[0].lower(), 0)
        return on_calendar.period("day", at, on)
    if kind == "weekday":
        return on_calendar.weekday(WEEK.index(m["wd"].lower()), _low(m["lead1"]), on, future, told.past)
    if kind == "month":
        return on_calendar.month(_month(m["m4"]), _low(m["lead2"]), on, future)
    if kind == "season":
        lead = _low(m["lead3"])
        future |= lead in {"before", "by", "until"} and not told.past
        return on_calendar.season(SEASONS[m["s"].lower()], lead, m["y5"], on, future)
    if kind == "feast":
        month, number = FEASTS[(m["f1"] or m["f2"]).replace("’", "'").lower()]
        return on_calendar.feast(month, number, _low(m["lead6"] or m["lead7"]), on, future)
    if kind == "weekend":
        return on_calendar.weekend(_low(m["lead8"]), on, future, told.past)
    if kind == "beyond":
        back = "before" in (m["twice"] or m["one"])
        return on_calendar.period(m["u7"] or "day", -2 if back else 2, on)
    if kind == "edge":
        return _edge(m, told, on)
    if kind in {"half", "quarter"}:
        return _part(m, on, future)
    if kind == "period":
        return on_calendar.period(m["u"].lower(), _SHIFTS[m["lead4"].lower()], on)
    word = (m["n"] or m["n2"]).lower()
    count = NUMBERS.get(word) or int(word)
    unit = m["u2"] or m["u3"]
    if unit == "decade" or (count > _ROUND and count % _ROUND == 0) or _ABOUT.search(told.before):
        return UNKNOWN
    return on_calendar.period(unit, -count if kind == "ago" else count, on)


def _relative(m: re.Match[str], of: str | None) -> Days:
    """ "the same day", "the previous year", "two years earlier": from what was named before, if that is as precise."""
    if of is None:
        return UNKNOWN
    if m["same"]:
        return on_calendar.moved(of, m["same"], 0)
    if m["side"]:
        return on_calendar.moved(of, m["u5"], _SHIFTS[m["side"].lower()])
    word = m["n3"].lower()
    count = NUMBERS.get(word) or int(word)
    return on_calendar.moved(of, m["u6"], -count if m["way"] == "earlier" else count)


def _edge(m: re.Match[str], told: _Told, on: date) -> Days:
    """ "the end of the year": the one in which the article stands, where the tense says that it is that one."""
    unit, at = m["u8"] or m["u9"].lower(), (m["at"] or m["at2"]).lower()
    if at == "turn":
        return on_calendar.turn_of_year(on, told.future) if unit == "year" else UNKNOWN
    since = told.before.lower().endswith("since ")
    ahead = at in {"end", "close"} and told.future
    left = at in {"rest", "remainder"} and not told.past
    begun = at in {"start", "beginning"} and since
    return on_calendar.period(unit, 0, on) if ahead or left or begun else UNKNOWN


def _part(m: re.Match[str], on: date, future: bool) -> Days:
    """A quarter or a half of a year; without a year the latest that has begun, or that of this year."""
    half = m["half"] is not None
    number = ORDINALS[m["h"]] if m["h"] else ORDINALS[m["q"]] if m["q"] else int(m["h2"] or m["q2"])
    named = m["y8"] or m["y9"] or m["y6"] or m["y7"]
    length = 6 if half else 3
    if named is not None and not named.isdigit():
        year = on.year + _SHIFTS.get(named.split()[0].lower(), 0)
    else:
        year = int(named or on.year)
    first = date(year, length * (number - 1) + 1, 1)
    if named is None and first > on and not future:
        first = on_calendar.plus(first, -12)
    return on_calendar.months(first, length)


def _low(word: str | None) -> str | None:
    return word and word.lower()


def _month(name: str) -> int:
    return MONTHS[name[:3].lower()]
