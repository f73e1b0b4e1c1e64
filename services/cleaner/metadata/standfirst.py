"""The sentence or two under a headline that say what the article is about.

Descriptions are written for search engines, and half of them are the text's first lines, cut. So one counts where the
page shows it between headline and text, and where it is neither the headline nor the beginning of the text; or where an
element that stands there is called a standfirst.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from services.cleaner.blocks.classifier import Judged
from services.cleaner.furniture import is_furniture
from services.cleaner.headline import is_byline, is_date
from services.cleaner.metadata.above import Above, called, without_humps
from services.cleaner.metadata.evidence import Answer
from services.cleaner.prose import folded_words

_UNDER_HEADLINE = 5  # blocks between it and an element that is only called so: date, byline, picture
_FEWEST_WORDS, _MOST_WORDS = 4, 80
_BEGINNING = 3  # paragraphs of the text that a description may be cut from
_CALLED_SO = re.compile(
    r"(?:^|[\W_])(?:stand-?first|dek|sub-?dek|sub-?deck|sub-?head(?:line|er|ing)?|sub-?title|strap-?line|chapeau"
    r"|(?:article|story|post|entry)[-_]{0,2}(?:summary|excerpt|description|abstract)|alternative-?headline)(?=$|[\W_])",
    re.I,
)
# When the page was changed: "Updated: 4 March, 1:35 a.m."
_STAMPED = re.compile(r"\d:\d\d\b|\b(?:updated|published|posted)\W*(?:on\b|:|\d)", re.I)
_SHORT_WORDS = 20


def standfirst(
    above: Above, beginning: Sequence[str], described: Iterable[tuple[str, str]]
) -> Answer[str] | None:
    """``beginning``: the text's paragraphs; ``described``: (description, origin), the best first. None where the page
    shows none, or two different ones."""
    texts = [folded_words(paragraph) for paragraph in beginning[:_BEGINNING]]
    origins: dict[tuple[str, ...], str] = {}
    for description, origin in described:
        origins.setdefault(folded_words(description), origin)
    found: dict[tuple[str, ...], Answer[str]] = {}
    under = _UNDER_HEADLINE
    for block in above.blocks:
        under += 1
        words = folded_words(block.text)
        if words in above.headlines:
            under = 0
            continue
        called_so = under <= _UNDER_HEADLINE and _is_called_so(block)
        if (called_so or words in origins) and _may_be(block.text, words, texts):
            found[words] = Answer(block.text, origins.get(words, "html"))
    return next(iter(found.values())) if len(found) == 1 else None


def _may_be(text: str, words: tuple[str, ...], beginning: Sequence[tuple[str, ...]]) -> bool:
    return (
        _FEWEST_WORDS <= len(words) <= _MOST_WORDS
        and not text.endswith(("…", "...", "[…]"))
        and not (is_byline(text) or is_date(text) or is_furniture(text))
        and not (len(words) < _SHORT_WORDS and _STAMPED.search(text))
        and not any(_is_cut_of(paragraph, words) for paragraph in beginning)
    )


def _is_cut_of(text: tuple[str, ...], words: tuple[str, ...]) -> bool:
    """Whether a paragraph begins so, the last word perhaps cut too."""
    last = len(words) - 1
    return len(text) > last and text[:last] == words[:last] and text[last].startswith(words[last])


def _is_called_so(block: Judged) -> bool:
    names = called(block, ("class", "itemprop"), 2)
    return any(_CALLED_SO.search(without_humps(name)) for name in names)
