"""Is what was found an article? A list of links, a login or a notice also gives some text.

The thresholds pass every one of the 893 article pages of the evaluation sets but those named in the test that
counts them; where a page itself says that it is an article, only the least is asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from services.cleaner.prose import is_prose, word_count
from services.cleaner.rejections import NotAnArticle

# A flash ("The minister has resigned, the agency reports, citing her office.") has about a dozen words.
_FEWEST_WORDS = 12
_LOGIN_WORDS = 150
_LEAST_PROSE_SHARE = 0.2


def require_article(paragraphs: Sequence[str], *, says_article: bool, password_fields: int, url: str) -> None:
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
    prose = sum(len(paragraph) for paragraph in paragraphs if is_prose(paragraph))
    if prose < _LEAST_PROSE_SHARE * sum(map(len, paragraphs)):
        raise NotAnArticle(
            "It is a list of links or labels. Submit the articles' own URLs, or the site's feed."
        )


def _is_home(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and parts.path in ("", "/") and not parts.query
