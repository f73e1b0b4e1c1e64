"""What stands before the article's first sentence: its headline again, bylines, dates, labels.

The headline is metadata (``title``), not text: repeated in the text it would be claimed by nobody and shift nothing
but shingles. Where the page names its title, a paragraph near the top that says the same goes. Where it names none
(plain text, bare pages), the first fragment before the first sentence is the headline.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from services.cleaner.body import Block
from services.cleaner.furniture import is_furniture
from services.cleaner.prose import CAPITAL_NAME, folded_words, is_prose, word_count

# The headline stands among the first paragraphs; further down an equal line is a subheading or a quotation.
_TOP = 6
_NEAR = 0.9
_LONGEST_HEADLINE_WORDS = 30
_LONGEST_LABEL_WORDS = 12
_LONGEST_LABEL = 120
# "Headline | Site", "Headline - Site": what follows the last separator is not the headline's.
_SITE_SUFFIX = re.compile(r"\s+[|–—\-:·»•]\s+[^|–—·»•]{2,50}$")
# "Site: Headline", "Site | Headline", as old pages have it.
_SITE_PREFIX = re.compile(r"^[^|–—·»•:]{2,40}(?::|\s[|–—·»•-])\s+")
_SHORTEST_HEADLINE_WORDS = 3
# No headline ends so, nor with the end of a sentence within quotation marks or brackets.
_GOES_ON = (".", ":", ";", ",", "。", "．", "：", "；", "，", "、", "।", "۔", "؛", "،")
_CLOSING = "'\"”’»›)]）」』 "

_JOB = r"(?:[Ww]riter|[Rr]eporter|[Cc]orrespondent|[Ee]ditor|[Cc]olumnist|[Cc]ontributor)s?"
# A sign-off of its own, or of two names at least: "Von Kindern" is a headline's beginning.
_BYLINE = re.compile(
    rf"(?:[Bb]y|BY|[Ww]ritten by|[Tt]ext by|[Rr]eporting by)\W+((?:{CAPITAL_NAME}|and|AND|de|van|von|of|[,&|]| )+)"
    rf"(?:(?:staff )?{_JOB})?\W*"
    rf"|(?:Von|Par|Por) {CAPITAL_NAME}(?: (?:{CAPITAL_NAME}|de|van|von|und|et|y)){{1,6}}"
    rf"|{CAPITAL_NAME}(?: {CAPITAL_NAME}){{1,3}}, (?:{CAPITAL_NAME} ){{0,3}}(?:staff )?{_JOB}"
)
MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DATE = re.compile(
    r"\W*(?:(?:first |last )?(?:published|updated|posted|modified|created)(?: on| at)?:?\W*)?"
    r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,? +)?"
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)?\.? +(?:of +)?{MONTH},? *\d{{4}}|{MONTH} +\d{{1,2}}(?:st|nd|rd|th)?,? *\d{{4}}"
    r"|\d{4}-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./]\d{2,4})"
    r"(?:[\s,|•·–-]*(?:at +)?\d{1,2}[:.]\d\d(?::\d\d)?(?: *[ap]\.?m\.?)?(?: *\(?[a-z]{2,5}\)?)?)?\W*",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Front:
    """The blocks without the front matter, and what it said: a headline, a byline (None where it did not)."""

    blocks: list[Block]
    headline: str | None = None
    byline: str | None = None


def strip_front(blocks: Sequence[Block], titles: Sequence[str], *, marked: bool = True) -> Front:
    """Take the front matter off. ``titles`` are the forms of the title that the page states, best first;
    ``marked``: the page has headings at all, so that its headline would be one."""
    repeated = _repeated_headline(blocks, titles)
    if repeated is not None:
        rest = [*(b for b in blocks[:repeated] if not _is_label(b)), *blocks[repeated + 1 :]]
        body, byline = _strip_labels(rest)
        return Front(body, headline=blocks[repeated].text, byline=byline)
    body, byline = _strip_labels(list(blocks))
    if titles and marked:
        return Front(body, byline=byline)
    headline = next((i for i, b in enumerate(body[:_TOP]) if _may_be_headline(b)), None)
    first_sentence = next((i for i, b in enumerate(body) if is_prose(b.text)), None)
    if headline is None or first_sentence is None or headline > first_sentence:
        return Front(body, byline=byline)
    rest, byline_below = _strip_labels(body[:headline] + body[headline + 1 :])
    return Front(rest, headline=body[headline].text, byline=byline or byline_below)


def read_above(lines: Sequence[str]) -> Front:
    """What the lines say that stand above an article and are none of it: its headline is the longest of those that
    may be one, the byline the first."""
    near = lines[-_TOP:]
    likely = [
        line
        for line in near
        if _may_be_headline(Block(line)) and not (is_byline(line) or is_date(line) or is_furniture(line))
    ]
    byline = next((line for line in near if is_byline(line)), None)
    return Front([], headline=max(likely, key=word_count, default=None), byline=byline)


def without_site(title: str) -> str:
    """``Headline | Site`` without the site; the title itself where that would leave too little."""
    shorter = _SITE_SUFFIX.sub("", title)
    return shorter if word_count(shorter) >= _SHORTEST_HEADLINE_WORDS else title


def is_byline(text: str) -> bool:
    return (
        len(text) <= _LONGEST_LABEL
        and word_count(text) <= _LONGEST_LABEL_WORDS
        and bool(_BYLINE.fullmatch(text))
    )


def is_date(text: str) -> bool:
    return len(text) <= _LONGEST_LABEL and bool(_DATE.fullmatch(text))


def _repeated_headline(blocks: Sequence[Block], titles: Sequence[str]) -> int | None:
    wanted = [words for title in titles for words in _forms(title) if words]
    for i, block in enumerate(blocks[:_TOP]):
        words = folded_words(block.text)
        if len(words) <= _LONGEST_HEADLINE_WORDS and any(_same(words, other) for other in wanted):
            return i
    return None


def _forms(title: str) -> set[tuple[str, ...]]:
    """Its words, with the site's name and without it, before or behind."""
    without_prefix = folded_words(_SITE_PREFIX.sub("", title))
    forms = {folded_words(title), folded_words(without_site(title))}
    return forms | {without_prefix} if len(without_prefix) >= _SHORTEST_HEADLINE_WORDS else forms


def _same(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    if a == b:
        return True
    matcher = SequenceMatcher(None, a, b, autojunk=False)
    return len(a) > 3 and matcher.real_quick_ratio() >= _NEAR and matcher.ratio() >= _NEAR


def _is_label(block: Block) -> bool:
    """A fragment above the headline: a section, a slogan, a banner."""
    return not is_prose(block.text) and word_count(block.text) <= _LONGEST_LABEL_WORDS


def _strip_labels(blocks: list[Block]) -> tuple[list[Block], str | None]:
    """Without bylines, dates and furniture before the first sentence; and the byline."""
    kept: list[Block] = []
    byline = None
    for i, block in enumerate(blocks):
        if is_prose(block.text) and not is_furniture(block.text):
            return kept + blocks[i:], byline
        if is_byline(block.text):
            byline = byline or block.text
        elif not (is_date(block.text) or is_furniture(block.text)):
            kept.append(block)
    return kept, byline


def _may_be_headline(block: Block) -> bool:
    words = word_count(block.text)
    return 2 <= words <= _LONGEST_HEADLINE_WORDS and not block.text.rstrip(_CLOSING).endswith(_GOES_ON)
