"""How English writes times: one pattern, a group a kind."""

import re

from services.extractor.figures.conventions import CALENDAR, ONES, ORDINALS, WEEK

MONTHS = {name[:3]: at for at, name in enumerate(CALENDAR, 1)}
SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}  # the month that each begins with
NUMBERS = {word: value for word, value in ONES.items() if 0 < value <= 12} | {"a": 1, "an": 1}
# In a clause with one of these a weekday, a month or a season is the next one.
FUTURE = re.compile(
    r"\b(?:will|shall|would|won['’]t|may|might|could|must|should|expected to|due to|going to|to be|next|until"
    r"|called for|planned|scheduled|[a-z]+['’]ll)\b",
    re.IGNORECASE,
)
_MONTH = r"(?:" + "|".join(name.capitalize() for name in CALENDAR) + r"|(?:Jan|Feb|Aug|Sept|Oct|Nov|Dec)\.)"
_DAY = "|".join(name.capitalize() for name in WEEK)
_YEAR = r"(?:19|20)\d\d"
_UNIT = r"(?:day|week|month|year|decade)"
_SEASON = "|".join(SEASONS)
# The kinds in the order in which they are tried; "lead" is the word that says which one is meant. What
# opens a sentence is capital, but for names the case tells: "may" is no month.
KINDS = (
    *("day", "us", "ord", "weekday", "month", "season", "period", "ago", "near", "quarter", "decade", "year"),
    "vague",
)
TIME = re.compile(
    rf"""
    (?P<day>(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?\ (?P<m1>{_MONTH})(?:,?\ (?P<y1>{_YEAR}))?)
    | (?P<us>(?P<m2>{_MONTH})\ (?P<d2>\d{{1,2}})(?!\d|\ ?%)(?:,\ (?P<y2>{_YEAR}))?)
    | (?P<ord>the\ (?P<d3>{"|".join(ORDINALS)})\ of\ (?P<m3>{_MONTH}))
    | (?P<weekday>(?:(?P<lead1>(?i:last|next|this))\ )?(?P<wd>{_DAY})(?:\ (?:morning|afternoon|evening|night))?)
    | (?P<month>(?:(?P<lead2>(?i:last|next|this))\ )?(?P<m4>{_MONTH})(?:\ (?P<y4>{_YEAR}))?)(?!\w)
    | (?P<season>(?:(?P<lead3>(?i:last|next|this|the|since|in|until|by))\ (?:the\ )?)(?P<s>{_SEASON})
        (?:\ of\ (?P<y5>{_YEAR}))?)
    | (?P<period>(?P<lead4>(?i:last|next|this))\ (?P<u>week|weekend|month|quarter|year|decade))(?!\ end)
    | (?P<ago>(?P<n>\d{{1,3}}|(?i:{"|".join(NUMBERS)}))\ (?P<u2>day|week|month|year|decade)s?\ (?:ago|earlier))
    | (?P<near>(?i:yesterday|today|tonight|tomorrow|last\ night))
    | (?P<quarter>(?i:the)\ (?P<q>first|second|third|fourth)\ quarter(?:\ of\ (?P<y6>{_YEAR}))?)
    | (?P<decade>(?i:the)\ (?P<dec>(?:19|20)\d0)s)
    | (?P<year>(?<![\d.,$€£])(?P<y>{_YEAR})(?![\d,]\d|%|\s?(?:people|homes|jobs)))
    | (?P<vague>(?i:several|a\ few|many|some)\ {_UNIT}s\ ago|right\ now|now|currently|recently
        |(?:(?i:in)\ )?(?i:the)\ (?:past|last|coming|next)\ (?:several\ |few\ )?{_UNIT}s)
    """,
    re.VERBOSE,
)

# Every time has one of these: looking for them takes a tenth of what the pattern takes, and most contents have none.
_NAMES = tuple(name[:3].capitalize() for name in (*CALENDAR, *WEEK))
_MARKS = (  # in either case
    *SEASONS,
    *("day", "tonight", "tomorrow", "night", "week", "month", "quarter", "year", "decade"),
    *("now", "currently", "recently"),
)
_DIGIT = re.compile(r"\d")


def may_hold_time(words: str) -> bool:
    """Whether the pattern can find anything in these words."""
    if _DIGIT.search(words) is not None or any(name in words for name in _NAMES):
        return True
    low = words.lower()
    return any(mark in low for mark in _MARKS)
