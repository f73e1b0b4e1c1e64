"""How English writes times: one pattern, a group a kind."""

import re

from services.extractor.figures.conventions import CALENDAR, ONES, ORDINALS, WEEK

MONTHS = {name[:3]: at for at, name in enumerate(CALENDAR, 1)}
SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}  # the month that each begins with
NUMBERS = {word: value for word, value in ONES.items() if value > 0} | {"a": 1, "an": 1}
# Days that have the same date every year, as month and day.
FEASTS = {
    "christmas eve": (12, 24),
    "christmas day": (12, 25),
    "christmas": (12, 25),
    "boxing day": (12, 26),
    "new year's eve": (12, 31),
    "new year's day": (1, 1),
    "valentine's day": (2, 14),
    "halloween": (10, 31),
}
_MONTH = r"(?:" + "|".join(name.capitalize() for name in CALENDAR) + r"|(?:Jan|Feb|Aug|Sept|Oct|Nov|Dec)\.)"
_DAY = "|".join(name.capitalize() for name in WEEK)
_WEEKDAY = rf"(?:(?:{_DAY}),?\ (?:the\ )?)?"  # "Sunday, May 12" is one time
_YEAR = r"(?:19|20)\d\d"
_YEAR_OF = rf"(?:{_YEAR}|(?i:last|this|next|the)\ year)"
_UNIT = r"(?:day|week|fortnight|month|quarter|year|decade|centurie)"
_SEASON = "|".join(SEASONS)
_NUMBER = rf"(?:(?<![\d.,])\d{{1,3}}|(?i:{'|'.join(NUMBERS)}))"
_PART = r"(?:\ (?:morning|afternoon|evening|night))"
_FEAST = "|".join(
    r"\ ".join(map(str.capitalize, name.split())).replace("'", "['’]")
    for name in FEASTS
    if name != "christmas"
)
# Behind which "1900" is an amount.
_COUNTED = (
    r"people|homes|jobs|met(?:re|er)s|kilomet(?:re|er)s|km|miles|feet|tonn?es|tons|euros|dollars|pounds|hectares"
    r"|acres|votes|workers|words|hours|GMT"
)
# The kinds in the order in which they are tried; "lead" is the word that says which one is meant. What
# opens a sentence is capital, but for names the case tells: "may" is no month.
KINDS = (
    *("days", "usdays", "day", "us", "ord", "feast", "relative", "weekday", "month", "season", "beyond"),
    *("weekend", "edge", "vague", "period", "ago", "hence", "near", "half", "quarter"),
    *("decade", "range", "year"),
)
TIME = re.compile(
    rf"""
    (?<!\w)(?:
    (?P<days>(?P<da>\d{{1,2}})(?:\ ?[-–]\ ?|\ to\ )(?P<db>\d{{1,2}})\ (?P<md>{_MONTH})(?:,?\ (?P<yd>{_YEAR}))?)
    | (?P<usdays>(?P<me>{_MONTH})\ (?P<dc>\d{{1,2}})\ ?[-–]\ ?(?P<dd>\d{{1,2}})(?!\d|\ ?%)(?:,\ (?P<ye>{_YEAR}))?)
    | (?P<day>{_WEEKDAY}(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?\ (?:of\ )?(?P<m1>{_MONTH})(?:,?\ (?P<y1>{_YEAR}))?)
    | (?P<us>{_WEEKDAY}(?P<m2>{_MONTH})\ (?P<d2>\d{{1,2}})(?:st|nd|rd|th)?(?!\d|\ ?%)(?:,\ (?P<y2>{_YEAR}))?)
    | (?P<ord>the\ (?P<d3>{"|".join(ORDINALS)})\ of\ (?P<m3>{_MONTH}))
    | (?P<feast>(?:(?P<lead6>(?i:last|next|this))\ )?(?P<f1>{_FEAST})
        |(?P<lead7>(?i:last|next|this|by|before|until|since|at|after))\ (?P<f2>Christmas)
            (?![-’']|\ [a-z]*[a-z]{{4}}|\ [A-Z]))
    | (?P<relative>(?i:the\ same|that(?:\ same)?)\ (?P<same>day|month|year)
        |(?i:the)\ (?P<side>(?i:next|following|previous|preceding))\ (?P<u5>day|month|year)(?!s)
        |(?P<n3>{_NUMBER})\ (?P<u6>day|week|month|year|decade)s?\ (?P<way>earlier|later)(?!\ th))
    | (?P<weekday>(?:(?P<lead1>(?i:last|next|this\ past|this\ coming|this))\ )?(?P<wd>{_DAY}){_PART}?)
    | (?P<month>(?:(?P<lead2>(?i:last|next|this))\ )?(?P<mid>(?i:mid-))?(?P<m4>{_MONTH})(?:\ (?P<y4>{_YEAR}))?)(?!\w)
    | (?P<season>(?:(?P<lead3>(?i:last|next|this|the|since|in|until|by|before))\ (?:the\ )?)
        (?P<s>(?i:{_SEASON}))\b(?:(?:\ of)?\ (?P<y5>{_YEAR}))?)
    | (?P<beyond>(?:(?i:the)\ )?(?P<u7>weekend|week|month|year)\ (?P<twice>before\ last|after\ next)
        |(?i:the)\ day\ (?P<one>before\ yesterday|after\ tomorrow))
    | (?P<weekend>(?:(?P<lead8>(?i:last|next|this\ past|this\ coming|this))
        |(?P<lead9>(?i:at|over|on|during|for)\ the))\ (?i:weekend)\b(?!\ (?:of|before|after)\b))
    | (?P<edge>(?i:the\ )?(?P<at>(?i:end|close|start|beginning|turn|rest|remainder))\ of\ the
            \ (?P<u8>week|month|quarter|year|decade|century)\b
        |(?P<u9>(?i:week|month|year))(?:['’]s|-)\ ?(?P<at2>end)(?=[.,;:!?”"’»)]|$|\ (?:and|but|or|if|as|in)\b))
    | (?P<vague>(?i:several|a\ few|a\ couple\ of|many|some)\ {_UNIT}s\ ago|{_UNIT}s\ ago
        |right\ now|(?i:now|currently|recently)
        |(?:(?i:in)\ )?(?:(?i:the\ (?:past|last|coming|next)|recent)\ (?:several\ |few\ |{_NUMBER}\ )?{_UNIT}s
            |(?i:the|this)\ (?i:past|last|coming|next)\ (?:week|fortnight|month|quarter|year|decade|century))\b)
    | (?P<period>(?P<lead4>(?i:last|next|this))\ (?P<u>(?i:week|month|quarter|year|decade|century))\b)
    | (?P<ago>(?P<n>{_NUMBER})\ (?P<u2>day|week|fortnight|month|year|decade)s?\ ago)
    | (?P<hence>(?P<n2>{_NUMBER})\ (?P<u3>day|week|fortnight|month|year)s?
        (?:['’]s?\ time|\ from\ (?:now|today)))
    | (?P<near>(?i:yesterday|today|tonight|tomorrow)|(?i:last)\ night|(?i:this)\ (?:morning|afternoon|evening))
    | (?P<half>(?i:the)\ (?P<h>first|second)\ half\ of\ (?P<y8>{_YEAR_OF})|H(?P<h2>[12])\ (?P<y9>{_YEAR}))
    | (?P<quarter>(?i:the)\ (?P<q>first|second|third|fourth)\ quarter
            (?!\ of\ (?:\w+\ )?(?:fiscal|financial))(?:\ of\ (?P<y6>{_YEAR_OF}))?
        |Q(?P<q2>[1-4])(?:(?:\ of)?\ (?P<y7>{_YEAR_OF}))?)
    | (?P<decade>(?i:the)\ (?:(?:early|late|middle)[ -]|mid-)?(?P<dec>(?:19[1-9]|20\d)0)s)
    | (?P<range>(?<![\d.,$€£-])(?P<ya>{_YEAR})[-–/](?P<yb>{_YEAR}|\d\d)(?![\d-]))
    | (?P<year>(?:(?i:mid-))?(?<![\d.,$€£])(?P<y>{_YEAR})(?![\d,]\d|%|\s?(?:{_COUNTED})\b))
    )
    """,
    re.VERBOSE,
)

# Every time has one of these: looking for them takes a tenth of what the pattern takes, and most contents have none.
_NAMES = tuple(name[:3].capitalize() for name in (*CALENDAR, *WEEK))
_MARKS = (  # in either case
    *SEASONS,
    *("day", "tonight", "tomorrow", "night", "morning", "evening", "noon"),
    *("week", "month", "quarter", "year", "decade", "centur"),
    *("christmas", "halloween", "now", "currently", "recently"),
)
_DIGIT = re.compile(r"\d")


def may_hold_time(words: str) -> bool:
    """Whether the pattern can find anything in these words."""
    if _DIGIT.search(words) is not None or any(name in words for name in _NAMES):
        return True
    low = words.lower()
    return any(mark in low for mark in _MARKS)
