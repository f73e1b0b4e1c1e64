"""What the memory of a site said of an article: with it, its page gives the same text again."""

from __future__ import annotations

from shared.contracts.parts import Count, Frozen


class RememberedBlock(Frozen):
    """A paragraph that stood on other articles' pages of the site before. ``fingerprint``: 16 hexadecimal digits, the
    same for the same words. ``articles``: in how many distinct other articles it stood, ``beside``: on how many pages
    outside of the article. ``why`` it was decided so: a word, open. ``starts``: its first words."""

    fingerprint: str
    articles: Count = 0
    beside: Count = 0
    why: str = ""
    starts: str = ""


class SiteMemory(Frozen):
    """``articles``: how many of the site's other articles were remembered when it was asked. ``removed`` paragraphs
    are not in the text, ``kept`` ones are, although they were seen before."""

    articles: Count = 0
    removed: tuple[RememberedBlock, ...] = ()
    kept: tuple[RememberedBlock, ...] = ()
