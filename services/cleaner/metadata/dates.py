"""When an article was published, with the precision that its markup really has.

A date is given in UTC where its offset is known, and with that offset: the day on which its readers had it is not
always that of UTC. Without one, the hour means nothing to a reader elsewhere, and midnight is how templates write "some
time that day": both are dates of precision day. Numbers like 03/06/2019 are read by nobody the same way, and are not
read at all.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

from shared.contracts.parts import Dated

_ISO = re.compile(
    r"(\d{4})-(\d\d?)-(\d\d?)(?:[T ]\s*(\d\d?):(\d\d)(?::(\d\d))?(?:[.,]\d+)?\s*(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?)?",
    re.I,
)
_PARTIAL = re.compile(r"(\d{4})(?:[-/](\d\d?))?")
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)|(\d{4})/(\d\d?)/(\d\d?)")
_EPOCH = re.compile(r"(\d{10})(?:\d{3})?")
_MONTHS = {"jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6}
_MONTHS |= {"jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12}
_MONTH = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DAY = r"(\d\d?)(?:st|nd|rd|th)?"
_NAMED = re.compile(
    rf"(?:[a-z]{{3,9}}\.?,? )?(?:{_MONTH} {_DAY},? (\d{{4}})|{_DAY}\.? {_MONTH},? (\d{{4}}))\b", re.I
)
_URL = re.compile(r"/((?:19|20)\d\d)[/-](0?[1-9]|1[0-2])(?:[/-](0?[1-9]|[12]\d|3[01]))?(?:[/-]|$)")
_EARLIEST_YEAR = 1600  # the first newspaper came in 1605; "0001-01-01" is a template's empty value
_UNSET = datetime(1970, 1, 2, tzinfo=UTC)  # the day of the epoch is a template's empty value too
_LATEST_AHEAD = timedelta(days=2)  # time zones and clocks; what is further ahead is an event's date


def parse_date(value: str | None, origin: str, observed: datetime | None = None) -> Dated | None:
    """The date in a markup's value, or None where it is none or cannot be. ``observed``: when the page was read;
    what lies further ahead of it is not when it was published."""
    value = (value or "").strip()
    if not value or len(value) > 60:
        return None
    try:
        read = _read(value)
        if read is None:
            return None
        stated, precision = read
        moment = stated.astimezone(UTC)
    except (ValueError, OverflowError, TypeError):
        return None
    zone = stated.isoformat()[-6:] if stated.utcoffset() else None
    if moment.year < _EARLIEST_YEAR or _UNSET - timedelta(days=2) <= moment < _UNSET:
        return None
    if observed is not None and moment > observed + _LATEST_AHEAD:
        return None
    return Dated(value=_written(moment, precision), precision=precision, from_=origin, zone=zone)


def day_of(date: Dated) -> str:
    """The day (or month, or year) that the markup named, by its own clock."""
    if date.zone is None:
        return date.value[:10]
    hours, minutes = int(date.zone[1:3]), int(date.zone[4:6])
    offset = timedelta(hours=hours, minutes=minutes) * (-1 if date.zone[0] == "-" else 1)
    return datetime.fromisoformat(date.value).astimezone(timezone(offset)).date().isoformat()


def date_in_url(url: str, observed: datetime | None = None) -> Dated | None:
    """``/2019/06/03/slug`` and ``/2019/06/slug``."""
    match = _URL.search(url)
    return parse_date("-".join(part for part in match.groups() if part), "url", observed) if match else None


def _read(value: str) -> tuple[datetime, str] | None:
    if match := _ISO.fullmatch(value):
        return _from_iso(match)
    if match := _PARTIAL.fullmatch(value):
        year, month = match.groups()
        return _day(year, month or 1, 1), "month" if month else "year"
    if match := _COMPACT.fullmatch(value):
        return _day(*[part for part in match.groups() if part]), "day"
    if match := _EPOCH.fullmatch(value):
        return datetime.fromtimestamp(int(match[1]), UTC), "second"
    if match := _NAMED.match(value):
        month, day, year = match.group(1, 2, 3) if match[1] else match.group(5, 4, 6)
        if not re.search(r"\d:\d", value):
            return _day(year, _MONTHS[month.lower()], day), "day"
    moment = parsedate_to_datetime(value)
    if moment.tzinfo is None:
        return _day(moment.year, moment.month, moment.day), "day"
    return moment, "second"


def _from_iso(match: re.Match[str]) -> tuple[datetime, str]:
    year, month, day, hour, minute, second, offset = match.groups()
    if hour is None or offset is None or (hour, minute, second or "00") == ("00", "00", "00"):
        return _day(year, month, day), "day"
    zone = "+00:00" if offset.upper() in ("Z", "UTC", "GMT") else offset
    moment = datetime.fromisoformat(
        f"{year}-{month:0>2}-{day:0>2}T{hour:0>2}:{minute}:{second or '00'}{zone}"
    )
    return moment, "second" if second else "minute"


def _day(year: str | int, month: str | int, day: str | int) -> datetime:
    return datetime(int(year), int(month), int(day), tzinfo=UTC)


def _written(moment: datetime, precision: str) -> str:
    if precision in ("second", "minute"):
        return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    return moment.date().isoformat()[: {"year": 4, "month": 7, "day": 10}[precision]]
