"""Everything an outlet has to serve at one moment: path by path, rendered and encoded."""

from dataclasses import replace
from datetime import UTC, datetime

from claimstream.sample.exchange import Document
from claimstream.sample.feed import Entry, render_feed
from claimstream.sample.outlet import Outlet
from claimstream.sample.page import article_page, front_page, subscribe_page

BROKEN_FEED_PATH = "/feeds/sport.xml"
SUBSCRIBE_PATH = "/subscribe"
SITE_MADE = datetime(2025, 11, 1, 12, 0, tzinfo=UTC)  # what is no article has not changed since


def fill(
    outlet: Outlet, base_url: str, version: int, copies: int, edited_at: datetime | None = None
) -> dict[str, Document]:
    """The outlet's documents by path, at this version of the site, with each article `copies` times.

    `edited_at` is when the articles that are not in their first version were edited; None: as their files say.
    """
    entries: list[Entry] = []
    shelf: dict[str, Document] = {}

    def put(path: str, text: str, modified: datetime, kind: str = "text/html") -> None:
        content_type = f"{kind}; charset={outlet.charset}"
        shelf[path] = Document(text.encode(outlet.charset), content_type, modified, outlet.gzip)

    newest_first = [
        article if edited_at is None or article.version == 1 else replace(article, updated=edited_at)
        for article in outlet.current(version)
    ]
    newest_first.sort(key=lambda article: article.updated, reverse=True)
    for number in range(copies):
        articles = [article.copy(number) for article in newest_first]
        for article in articles:
            page = article_page(outlet, base_url, article, articles)
            paths = [outlet.path(article.slug)]
            if article.duplicate is not None:
                paths.append(f"/{article.duplicate}")
            for path in paths:
                put(path, page, article.updated)
                entries.append(
                    Entry(
                        url=base_url + path,
                        identity=f"tag:{outlet.key}.example,2025:{path}",
                        title=article.title,
                        authors=article.authors,
                        summary=article.lead,
                        published=article.published,
                        updated=article.updated,
                    )
                )
    updated = max(entry.updated for entry in entries)
    put("/", front_page(outlet, base_url, newest_first), updated)
    if outlet.key == "dispatch":
        put(SUBSCRIBE_PATH, subscribe_page(outlet, base_url, newest_first), SITE_MADE)
        entries.append(_offer(outlet, base_url))
    if outlet.key == "courier":
        put(BROKEN_FEED_PATH, outlet.template("sport.html").template, SITE_MADE)
    put(outlet.feed_path, render_feed(outlet, base_url, entries), updated, f"application/{outlet.feed}+xml")
    put("/robots.txt", outlet.robots.lstrip(), SITE_MADE, "text/plain")
    return shelf


def _offer(outlet: Outlet, base_url: str) -> Entry:
    return Entry(
        url=base_url + SUBSCRIBE_PATH,
        identity=f"tag:{outlet.key}.example,2025:{SUBSCRIBE_PATH}",
        title="Read on for €1 a week",
        authors=(),
        summary="All articles, on all your devices.",
        published=SITE_MADE,
        updated=SITE_MADE,
    )
