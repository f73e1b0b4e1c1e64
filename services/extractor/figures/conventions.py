"""What the words of quantity mean: `conventions.toml`, the one table of it."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Any

RAW = files(__package__).joinpath("conventions.toml").read_bytes()
_TABLES: dict[str, Any] = tomllib.loads(RAW.decode())

ONES: dict[str, int] = _TABLES["ones"]
MULTIPLIERS: dict[str, int] = _TABLES["multipliers"]
SUFFIXES: dict[str, int] = _TABLES["suffixes"]
VAGUE: dict[str, list[int]] = _TABLES["vague"]
PLURALS: dict[str, int] = _TABLES["plurals"]
ORDINALS: dict[str, int] = _TABLES["ordinals"]
FRACTIONS: dict[str, int] = _TABLES["fractions"]
CURRENCIES: dict[str, str] = _TABLES["currencies"]
UNITS: dict[str, str] = _TABLES["units"]
AT_LEAST, AT_MOST, ABOUT = (
    tuple(tuple(words.split()) for words in _TABLES["bounds"][name])
    for name in ("at_least", "at_most", "about")
)


def _words(table: str, name: str) -> frozenset[str]:
    listed: str = _TABLES[table][name]
    return frozenset(listed.split())


SIMPLE_TIMES = _words("times", "simple")
TIME_LEADS = _words("times", "leads")
CALENDAR: tuple[str, ...] = tuple(_TABLES["times"]["months"].split())  # the months in their order
WEEK: tuple[str, ...] = tuple(_TABLES["times"]["days"].split())  # from Monday
MONTHS, DAYS = frozenset(CALENDAR), frozenset(WEEK)
PERIODS = _words("times", "periods") | MONTHS | DAYS
TIME_UNITS = _words("times", "units")
TIME_SPANS = _words("times", "spans")
BEHIND_TIME = _words("times", "behind")
ADVERBS = _words("around", "adverbs")
NOT_BEFORE_ONE = _words("around", "not_before_one")
PLURAL_NOUNS = _words("around", "plurals")
STOPS = _words("around", "stops")
CHANGES = _words("around", "changes")
NO_NOUNS = _words("around", "no_nouns")
STANDING = _words("around", "standing")
SPENDING = _words("around", "spending")
STATES = _words("around", "states")
TOTALS = _words("around", "totals")
