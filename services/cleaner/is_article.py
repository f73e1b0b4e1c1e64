"""Is what was found an article? A list of links, a login or a notice also gives some text.

The thresholds pass all 102 news pages of the scrapinghub set and all but five of the 791 of wx, of which two give no
text at all. Where a page itself says that it is an article, only the least is asked.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from urllib.parse import urlsplit

from services.cleaner.prose import is_prose, word_count
from services.cleaner.rejections import NotAnArticle

# A flash ("The minister has resigned, the agency reports, citing her office.") has about a dozen words.
_FEWEST_WORDS = 12
_LOGIN_WORDS = 150
# Paragraphs that are nothing but a link: two in five on the lists, some on articles that end in "related" links.
_LINKED_SHARE = 0.4
_FEWEST_LINKED = 4


def require_article(
    paragraphs: Sequence[str], *, says_article: bool, password_fields: int, links: Set[str], url: str
) -> None:
    """Raise ``NotAnArticle`` with what the page seems to be instead."""
    words = sum(map(word_count, paragraphs))
    if words < _FEWEST_WORDS:
        if password_fields:
            raise NotAnArticle("It is a login page. Only what is readable without an account is read.")
        raise NotAnArticle(f"Its text has {words} words, less than the shortest article.")
    if says_article:
        return
    if password_fields and words < _LOGIN_WORDS:
        raise NotAnArticle("It is a login page. Only what is readable without an account is read.")
    if _is_home(url):
        raise NotAnArticle("It is a site's home page. Submit the articles' own URLs, or the site's feed.")
    linked = sum(paragraph in links for paragraph in paragraphs)
    bare = not any(map(is_prose, paragraphs))
    if linked >= max(_FEWEST_LINKED, _LINKED_SHARE * len(paragraphs)) or (
        bare and len(paragraphs) > _FEWEST_LINKED
    ):
        raise NotAnArticle(
            "It is a list of links or labels. Submit the articles' own URLs, or the site's feed."
        )


def _is_home(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and parts.path in ("", "/") and not parts.query
