"""Is what was found an article? A list of links, a login or a notice also gives some text.

Of 954 marked pages two articles are refused: one lies under its site's root, one is a list of links. (Three more have
between one and six words.) Where a page itself says that it is an article, only the least is asked.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from urllib.parse import urlsplit

from services.cleaner.prose import is_prose, word_count
from services.cleaner.rejections import IndexPage, NotAnArticle, VideoPage
from services.cleaner.walls import wall_of

# A flash ("The minister has resigned, the agency reports, citing her office.") has about a dozen words.
_FEWEST_WORDS = 12
# A video's description; a report that goes with one is longer, or says that it is an article.
_VIDEO_WORDS = 120
# Paragraphs that are nothing but a link: two in five on the lists, some on articles that end in "related" links.
_LINKED_SHARE = 0.4
_FEWEST_LINKED = 4


@dataclass(frozen=True, slots=True)
class Said:
    """What a page says of itself. ``titles``: its title and first heading; ``lines``: all of its blocks; ``links``: the
    texts of its links; ``url``: its own. All of it empty for a plain text, of which who hands it in says that it is an
    article."""

    article: bool = False
    video: bool = False
    password_fields: int = 0
    titles: Sequence[str] = ()
    lines: Sequence[str] = ()
    links: Set[str] = frozenset()
    url: str = ""


def require_article(paragraphs: Sequence[str], said: Said) -> None:
    """Raise ``NotAnArticle`` with what the page seems to be instead."""
    words = sum(map(word_count, paragraphs))
    # Where no article was found, the whole page may say why.
    lines = paragraphs if words >= _FEWEST_WORDS else said.lines
    said_in_all = words if lines is paragraphs else sum(map(word_count, lines))
    wall = wall_of(
        said.titles, lines, said_in_all, says_article=said.article, password_fields=said.password_fields
    )
    if wall is not None:
        raise wall
    if words < _FEWEST_WORDS:
        if said.video:
            raise VideoPage
        if _is_list(lines, said.links):
            raise IndexPage
        raise NotAnArticle(f"Its text has {words} words, less than the shortest article.")
    if said.article:
        return
    if said.video and words < _VIDEO_WORDS:
        raise VideoPage
    if _is_home(said.url):
        raise IndexPage("It is a site's home page. Submit the articles' own URLs, or the site's feed.")
    bare = not any(map(is_prose, paragraphs))
    if _is_list(paragraphs, said.links) or (bare and len(paragraphs) > _FEWEST_LINKED):
        raise IndexPage


def _is_list(lines: Sequence[str], links: Set[str]) -> bool:
    return sum(line in links for line in lines) >= max(_FEWEST_LINKED, _LINKED_SHARE * len(lines))


def _is_home(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and parts.path in ("", "/") and not parts.query
