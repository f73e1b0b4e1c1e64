"""What a page files its article under: words and short phrases, each once, in the order in which they are stated."""

from __future__ import annotations

import re
from collections.abc import Sequence

from services.cleaner.metadata.values import clean_value

# Of the pages measured that state any, half have six, and one in a hundred more than 40. What names more is a dump for
# search engines: none of its words says what the article is about.
_MOST = 50
_LONGEST = 80  # characters
_LONGEST_WORDS = 8
_BETWEEN = re.compile(r"\s*[,;|]\s*")
# What systems of editing and of advertising put there for themselves: "type:article", "channel_news", ids, addresses.
_FOR_MACHINES = re.compile(
    r"[\w.\-]+[:=]\S|(?:category|section|channel|type|author)s?:|https?:|www\.|[\d\W_]+$|[0-9a-f\-]{16,}$|[<{@]|.*_",
    re.I,
)


def read_tags(values: Sequence[object]) -> tuple[str, ...]:
    """The tags that one origin states: one text with all of them, a text each, or objects with names. None where they
    are too many to mean anything."""
    if len(values) > 2 * _MOST:
        return ()
    stated = [_text_of(value) for value in values]
    parts = _BETWEEN.split(stated[0]) if len(stated) == 1 else stated
    tags: dict[str, str] = {}
    for part in parts:
        tag = part.strip(" #\"'“”.")
        if (
            tag
            and len(tag) <= _LONGEST
            and len(tag.split()) <= _LONGEST_WORDS
            and not _FOR_MACHINES.match(tag)
        ):
            tags.setdefault(tag.casefold(), tag)
    return tuple(tags.values()) if len(tags) <= _MOST else ()


def _text_of(value: object) -> str:
    named = value.get("name") if isinstance(value, dict) else value
    return clean_value(named) or ""
