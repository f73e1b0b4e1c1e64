"""Pages of a made-up site, as the memory sees them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from services.cleaner.memory.seen import Seen, seen
from shared.contracts.ids import article_id
from shared.contracts.site_memory import SiteMemory

SITE = "gull.example"
# An appeal in words that no lexicon has.
APPEAL = "Every page of this gazette is printed on paper that you, dear neighbour, have paid for in coin or in cake."
_TOPICS = (
    "harbour",
    "orchestra",
    "bridge",
    "bakery",
    "library",
    "lighthouse",
    "vineyard",
    "stadium",
    "glacier",
)


def story(number: int, paragraphs: int = 6) -> list[str]:
    """A story like no other: every sentence has its number in words of its own."""
    topic = _TOPICS[number % len(_TOPICS)]
    return [
        f"The {topic} of district {number} was the talk of part {part} of the town council on its {number + part}th"
        f" evening, when its keeper said that the roof {number * 31 + part} metres long would be mended."
        for part in range(paragraphs)
    ]


def title(number: int) -> str:
    return f"{_TOPICS[number % len(_TOPICS)].title()} roof{number}"


def page(
    number: int,
    paragraphs: Sequence[str],
    *,
    beside: Sequence[str] = (),
    headings: Sequence[int] = (),
    headline: str | None = None,
    url: str | None = None,
) -> Seen:
    text = "\n\n".join((*paragraphs, "#", *beside))
    return seen(
        site=SITE,
        article_id=article_id(url or f"https://{SITE}/{number}"),
        page_sha256=hashlib.sha256(text.encode()).hexdigest(),
        title=title(number) if headline is None else headline,
        paragraphs=list(paragraphs),
        headings=headings,
        beside=beside,
    )


def starts(memory: SiteMemory) -> list[str]:
    """The beginnings of what went."""
    return [block.starts for block in memory.removed]
