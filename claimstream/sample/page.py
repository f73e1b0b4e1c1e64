"""The outlets' pages: HTML around the articles, built like that of real sites."""

import html
import json
from collections.abc import Sequence
from datetime import datetime

from claimstream.sample.article import LINK, MARK, Article, Block
from claimstream.sample.outlet import Outlet, shared_template

MOST_READ = 5  # entries of the list in the sidebar; a hundred copies must not turn each page into an index


def article_page(outlet: Outlet, base_url: str, article: Article, articles: Sequence[Article]) -> str:
    """The page of one article; its rel=canonical is the article's own URL, also on a duplicate."""
    canonical = base_url + outlet.path(article.slug)
    body = "\n".join(_block(outlet, article, block, articles) for block in article.blocks)
    return outlet.template("page.html").substitute(
        _frame(outlet, base_url, articles),
        title=_text(article.title),
        lead=html.escape(article.lead),
        authors=_text(", ".join(article.authors)),
        canonical=canonical,
        published=_iso(article.published),
        published_human=f"{article.published:%d %B %Y, %H:%M}",
        updated=_iso(article.updated),
        json_ld=_json_ld(outlet, base_url, article, canonical) if article.json_ld else "",
        town=_text(article.town),
        tag=article.town.lower().replace(" ", "-"),
        body=body,
    )


def front_page(outlet: Outlet, base_url: str, articles: Sequence[Article]) -> str:
    """The outlet's front page: headlines only."""
    return shared_template("front.html").substitute(_frame(outlet, base_url, articles))


def subscribe_page(outlet: Outlet, base_url: str, articles: Sequence[Article]) -> str:
    """A page that is no article, although the feed lists it."""
    return outlet.template("subscribe.html").substitute(_frame(outlet, base_url, articles))


def _frame(outlet: Outlet, base_url: str, articles: Sequence[Article]) -> dict[str, str]:
    return {
        "outlet": _text(outlet.title),
        "tagline": _text(outlet.tagline),
        "language": outlet.language,
        "charset": outlet.charset,
        "feed": base_url + outlet.feed_path,
        "most_read": "".join(_teaser(outlet, article) for article in articles[:MOST_READ]),
    }


def _teaser(outlet: Outlet, article: Article) -> str:
    return f'<li><a href="{outlet.path(article.slug)}">{_text(article.title)}</a></li>'


def _block(outlet: Outlet, article: Article, block: Block, articles: Sequence[Article]) -> str:
    if block.kind == "paragraph":
        return f"<p>{_inline(block.marked)}</p>"
    if block.kind == "heading":
        return f"<h3>{_inline(block.marked)}</h3>"
    caption, _, credit = block.marked.partition(" | ")
    return (
        shared_template(f"blocks/{block.kind}.html")
        .substitute(
            outlet=_text(outlet.title),
            slug=article.slug,
            caption=_text(caption),
            credit=_text(credit),
            text=_text(block.marked),
            related="".join(_teaser(outlet, other) for other in articles if other.slug in article.related),
        )
        .rstrip()
    )


def _inline(marked: str) -> str:
    return LINK.sub(r'<a href="\2">\1</a>', _text(MARK.sub(r"\3", marked)))


def _text(text: str) -> str:
    return html.escape(text, quote=False)


def _iso(moment: datetime) -> str:
    return moment.isoformat()


def _json_ld(outlet: Outlet, base_url: str, article: Article, canonical: str) -> str:
    described = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": article.title,
        "datePublished": _iso(article.published),
        "dateModified": _iso(article.updated),
        "author": [{"@type": "Person", "name": author} for author in article.authors],
        "publisher": {"@type": "NewsMediaOrganization", "name": outlet.title, "url": base_url},
        "mainEntityOfPage": canonical,
        "inLanguage": outlet.language,
        "isAccessibleForFree": True,
    }
    return f'<script type="application/ld+json">{json.dumps(described)}</script>'
