"""Which days a week, a month, a season or a year is that is named from where an article stands."""

from datetime import date, timedelta
from typing import NamedTuple


class Days(NamedTuple):
    """`first` and `last` as ISO 8601 of the precision that the words have."""

    first: str | None
    last: str | None


UNKNOWN = Days(None, None)
_SOON = 45  # days: a date without a year this near is meant, whatever the tense
_EARLY = 1  # Monday and Tuesday: "this weekend" of what has been is the one that is just over
_LATE = 3  # from Thursday on it is the one that comes


def one_day(at: date) -> Days:
    return Days(at.isoformat(), at.isoformat())


def months(first: date, count: int) -> Days:
    last = plus(first, count - 1)
    return Days(f"{first.year}-{first.month:02}", f"{last.year}-{last.month:02}")


def day(month: int, number: int, year: str | None, on: date | None, future: bool) -> Days:
    if year is None and on is None:
        return UNKNOWN
    try:
        at = date(int(year) if year else on.year if on else 1, month, number)
        if year is None and on is not None:
            if at > on and not future and (at - on).days > _SOON:
                at = at.replace(year=at.year - 1)
            elif at < on and future and (on - at).days > _SOON:
                at = at.replace(year=at.year + 1)
    except ValueError:
        return UNKNOWN
    return one_day(at)


def feast(month: int, number: int, lead: str | None, on: date, future: bool) -> Days:
    """A day that comes every year, 29 February excepted."""
    at = date(on.year, month, number)
    if lead == "last":
        return one_day(at if at < on else at.replace(year=at.year - 1))
    if lead == "next":
        return one_day(at if at > on else at.replace(year=at.year + 1))
    return one_day(at) if lead == "this" else day(month, number, None, on, future)


def weekday(wanted: int, lead: str | None, on: date, future: bool, past: bool) -> Days:
    back = (on.weekday() - wanted) % 7
    at = on - timedelta(days=back)
    if lead == "this":
        lead = "this coming" if future or (wanted > on.weekday() and not past) else None
        if back == 0:
            return one_day(on)
    if lead in {"next", "this coming"} or (future and lead is None and back):
        at += timedelta(days=7)
    elif lead in {"last", "this past"} and back == 0:
        at -= timedelta(days=7)
    return one_day(at)


def weekend(lead: str | None, on: date, future: bool, past: bool) -> Days:
    """`lead` is None for "at the weekend". The next one is that of the next week; where neither the day nor the tense
    says whether the last or the coming one is meant, it is unknown."""
    here = on - timedelta(days=on.weekday()) + timedelta(days=5)
    weeks = {"last": -1, "this past": -1, "next": 1, "this coming": 0}.get(lead or "")
    if on >= here and lead in {None, "this"}:
        weeks = 0
    if on >= here and lead == "this coming":
        weeks = 1
    if weeks is None and future:
        weeks = 0
    if weeks is None and past and (lead is None or on.weekday() <= _EARLY):
        weeks = -1
    if weeks is None and lead == "this" and on.weekday() >= _LATE:
        weeks = 0
    return UNKNOWN if weeks is None else period("weekend", weeks, on)


def month(number: int, lead: str | None, on: date, future: bool) -> Days:
    year = on.year
    if lead == "next" or (future and lead is None):
        year += number < on.month or (lead == "next" and number == on.month)
    elif lead != "this" and (number > on.month or (lead == "last" and number == on.month)):
        year -= 1
    return Days(*[f"{year}-{number:02}"] * 2)


def season(first: int, lead: str | None, year: str | None, on: date, future: bool) -> Days:
    """Winter begins in the December before. "last" is the latest that is over, "next" the first that is to come."""
    starts = [date(y, first, 1) for y in (range(on.year - 2, on.year + 3) if year is None else [int(year)])]
    ended = [(s, plus(s, 3)) for s in starts]
    if lead == "last":
        chosen = [s for s, end in ended if end <= on][-1:]
    elif lead == "next" or (future and lead != "this"):
        chosen = [s for s, _ in ended if s > on][:1]
    elif lead == "this":
        chosen = [s for s, end in ended if s <= on < end] or [s for s, _ in ended if s.year == on.year]
    else:
        chosen = [s for s, _ in ended if s <= on][-1:]
    return months((chosen or starts)[0], 3)


def plus(at: date, count: int) -> date:
    """So many months on."""
    number = at.month - 1 + count
    return date(at.year + number // 12, number % 12 + 1, 1)


def period(unit: str, shift: int, on: date) -> Days:
    """So many whole units on or back: 0 is the one in which the article stands."""
    if unit == "day":
        return one_day(on + timedelta(days=shift))
    if unit in {"week", "fortnight"}:
        weeks = 2 * shift if unit == "fortnight" else shift
        monday = on - timedelta(days=on.weekday()) + timedelta(weeks=weeks)
        return Days(monday.isoformat(), (monday + timedelta(days=6)).isoformat())
    if unit == "weekend":
        saturday = on - timedelta(days=on.weekday()) + timedelta(days=5, weeks=shift)
        return Days(saturday.isoformat(), (saturday + timedelta(days=1)).isoformat())
    if unit == "month":
        return months(plus(on.replace(day=1), shift), 1)
    if unit == "quarter":
        return months(plus(date(on.year, 3 * ((on.month - 1) // 3) + 1, 1), 3 * shift), 3)
    if unit == "year":
        return Days(*[f"{on.year + shift:04}"] * 2)
    years = 10 if unit == "decade" else 100
    first = on.year // years * years + years * shift
    return Days(str(first), str(first + years - 1))


def turn_of_year(on: date, future: bool) -> Days:
    """December and January, between which a year turns: the latest that has begun, or the next."""
    first = date(on.year if on.month == 12 else on.year - 1, 12, 1)
    return months(plus(first, 12) if future and plus(first, 2) <= on else first, 2)


def moved(of: str, unit: str, shift: int) -> Days:
    """The day, month or year that is so many on from a time which was named as precisely: "the next day"."""
    if unit == "day" and len(of) == len("2024-05-14"):
        return one_day(date.fromisoformat(of) + timedelta(days=shift))
    if unit == "month" and len(of) >= len("2024-05"):
        return months(plus(date(int(of[:4]), int(of[5:7]), 1), shift), 1)
    if unit == "year":
        return Days(*[f"{int(of[:4]) + shift:04}"] * 2)
    return UNKNOWN
