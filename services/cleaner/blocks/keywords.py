"""What names say: the words in class, id, role and itemprop, and the tags, as groups of one bit each.

Publishers name the parts of a page by habit ("article-body", "related", "share-bar"), in English nearly everywhere.
A group is one such habit; the nearest ancestor of each group is a measure of a block. A name is cut into its words
first ("articleBody", "article-body" and "article_body" are two words each): words recur from page to page, so that
what a word says is looked up, not searched for.
"""

from __future__ import annotations

import re
from functools import lru_cache

# Substrings of a word, so that plurals and words run together count: "articlebody" says both.
_WORDS: dict[str, str] = {
    "article": r"article|story|hentry|news",
    "content": r"content|text|copy|prose|markdown|wysiwyg|body|rte",
    "post": r"post|entry|blog",
    "main": r"main|primary|center",
    "comment": r"comment|disqus|discuss|respond|repl[iy]|livefyre|viafoura|forum",
    "share": r"shar(?:e|ing)|social|addthis|facebook|twitter|whatsapp|pinterest|linkedin|follow",
    "related": r"relat|recommend|more|also|similar|suggest|outbrain|taboola|trend|popular|latest|recent|teaser"
    r"|recirc|onward|prev|next|read(?!ab)",
    "promo": r"promo|sponsor|advert|^ads?$|banner|paywall|subscri|donat|^cta|affiliate|shop|product|offer|commerc"
    r"|member|market|native|upsell|inline",
    "newsletter": r"newsletter|signup|mailing|mailchimp|optin|email|^forms?$|hubspot|hbspt",
    "navigation": r"^nav|nav$|navi|menu|crumb|pagi|^tabs?$|^toc$|jump|skip|toolbar|topbar|dropdown|accordion",
    "footer": r"foot(?!note)|colophon|copyright|legal|disclaim|bottom",
    "header": r"header|masthead|hero|brand|logo|^top",
    "sidebar": r"sidebar|^side|aside|^rail|rail$|secondary|^right|widget|complement|sticky",
    "author": r"author|byline|^bio|contrib|vcard|profile|about|writer|avatar|person|staff|team",
    "meta": r"meta|date|time|publish|info|detail|kicker|eyebrow|stats?$|views",
    "tag": r"^tags?|categor|topic|keyword|label|^cats?$|taxonom|terms?$",
    "caption": r"caption|credit|figure|image|photo|galler|slide|carousel|media|video|audio|player|picture|thumb"
    r"|swiper|^img",
    "title": r"title|headline|heading|^head$|^h[1-6]$",
    "lead": r"lead|lede|standfirst|summary|^dek$|^sub$|subt|subh|intro|excerpt|abstract|deck|descri",
    "hidden": r"hidden|hide|^none$|visual|invisible|noprint|offscreen|^sr$",
    "modal": r"modal|popup|overlay|lightbox|cookie|consent|gdpr|notice|alert|toast|dialog|tooltip",
    "list": r"^list|list$|^items?$|card|grid|feed|loop|archive|collection|stream|tile",
    "quote": r"quot|tweet|embed|instagram|citation|pull|callout|highlight",
    "footnote": r"footnote|referen|reflist|source|^note|correction|endnote",
    "paragraph": r"paragraph|^para$|^wp$",
    "rating": r"count|rating|vote|poll|quiz|like|score|^stars?$|review|survey|feedback",
    "layout": r"wrap|container|layout|^row$|^col|inner|outer|elementor|section|block|module|component",
}
_TAGS: dict[str, tuple[str, ...]] = {
    "<article>": ("article",),
    "<main>": ("main",),
    "<section>": ("section",),
    "<nav>": ("nav", "menu"),
    "<aside>": ("aside",),
    "<footer>": ("footer",),
    "<header>": ("header", "hgroup"),
    "<form>": ("form", "fieldset", "dialog"),
    "<figure>": ("figure", "figcaption", "caption"),
    "<table>": ("table",),
    "<td>": ("td", "th"),
    "<list>": ("ul", "ol", "dl"),
    "<item>": ("li", "dd", "dt"),
    "<blockquote>": ("blockquote", "q"),
    "<p>": ("p",),
    "<heading>": ("h1", "h2", "h3", "h4", "h5", "h6"),
    "<div>": ("div",),
    "<pre>": ("pre", "code"),
    "<address>": ("address",),
    "<details>": ("details", "summary"),
    "<a>": ("a",),
    "<custom>": (),
}
# "body" is two words in one name: article-body, story-text, entry-content, post-copy.
GROUPS: tuple[str, ...] = (*_WORDS, *_TAGS, "body")
_NUMBER = {name: i for i, name in enumerate(GROUPS)}
_TAG_GROUP = {tag: _NUMBER[group] for group, tags in _TAGS.items() for tag in tags}
_PATTERN = re.compile("|".join(f"(?P<{name}>{words})" for name, words in _WORDS.items()))
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]{2,}(?![a-z])")
_SHORTEST = 2
_HIDDEN, _BODY = _NUMBER["hidden"], _NUMBER["body"]
_WHOLES = frozenset(_NUMBER[name] for name in ("article", "post", "main"))
_CONTENT = _NUMBER["content"]
# A class attribute of a kilobyte is a style sheet (utility classes): what it says of the part stands at its start.
_LONGEST_NAMES = 240


def groups_of(tag: str, names: str, *, hidden: bool = False) -> tuple[int, ...]:
    """The numbers of the groups in :data:`GROUPS` that an element belongs to. ``names`` are its class, id, role and
    itemprop in one string."""
    return _groups(tag, names[:_LONGEST_NAMES], hidden)


@lru_cache(maxsize=20_000)
def _groups(tag: str, names: str, hidden: bool) -> tuple[int, ...]:
    found = _named(names)
    tagged = _TAG_GROUP.get(tag)
    if tagged is None and "-" in tag:
        tagged = _NUMBER["<custom>"]
    if tagged is not None:
        found = (*found, tagged)
    return (*found, _HIDDEN) if hidden else found


def _named(names: str) -> tuple[int, ...]:
    found: set[int] = set()
    for name in names.split():
        said: set[int] = set()
        for word in _WORD.findall(name):
            if len(word) >= _SHORTEST:
                said.update(groups_of_word(word.lower()))
        if _CONTENT in said and said & _WHOLES:
            found.add(_BODY)
        found |= said
    return tuple(sorted(found))


@lru_cache(maxsize=50_000)
def groups_of_word(word: str) -> tuple[int, ...]:
    return tuple({_NUMBER[match.lastgroup] for match in _PATTERN.finditer(word) if match.lastgroup})
