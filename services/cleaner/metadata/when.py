"""When an article was published and changed, by each markup that says so, the best first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from services.cleaner.metadata.dates import date_in_url, day_of, parse_date
from services.cleaner.metadata.json_ld import ArticleNode
from services.cleaner.metadata.markup import Markup
from shared.contracts.parts import Dated

_PUBLISHED_META = (
    "article:published_time",
    "og:article:published_time",
    "datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "citation_publication_date",
    "citation_date",
    "dcterms.issued",
    "dc.date.issued",
    "dcterms.created",
    "dcterms.date",
    "dc.date",
    "publication_date",
    "publish-date",
    "publishdate",
    "pubdate",
    "cxenseparse:recs:publishtime",
    "date",
)
_MODIFIED_META = (
    "article:modified_time",
    "og:updated_time",
    "datemodified",
    "dcterms.modified",
    "last-modified",
)
_PUBLISHED_WORDS = ("datepublished", "pubdate", "published", "publish", "entry-date", "post-date", "posted")


def published(
    markup: Markup, article: ArticleNode | None, url: str, feed: str | None, observed: datetime | None
) -> list[Dated]:
    """One of each origin: JSON-LD, meta tags, the feed, time elements, the URL. Where the first two contradict each
    other, it counts what one of the others says too, and if none does, nothing."""
    timed = [value for words, value in markup.times if any(word in words for word in _PUBLISHED_WORDS)]
    in_json = _date(article.values("datePublished") if article else (), "json-ld", observed)
    in_meta = _meta_date(markup, _PUBLISHED_META, observed)
    others = [
        _date([feed], "feed", observed),
        _agreed(timed or [value for _, value in markup.times], observed),
        date_in_url(url, observed),
    ]
    told = [dated for dated in others if dated]
    if in_json and in_meta and _are_apart(in_json, in_meta):
        backed = [dated for dated in (in_json, in_meta) if any(same_day(dated, other) for other in told)]
        return [*backed, in_meta if backed[0] is in_json else in_json] if len(backed) == 1 else []
    return [dated for dated in (in_json, in_meta, *told) if dated]


def modified(
    markup: Markup, article: ArticleNode | None, first: Dated | None, observed: datetime | None
) -> Dated | None:
    """``first``: when it was published. What lies before that is when something else was changed: a draft, a
    template."""
    found = _date(article.values("dateModified") if article else (), "json-ld", observed) or _meta_date(
        markup, _MODIFIED_META, observed
    )
    return found if found and (first is None or not _is_before(found, first)) else None


def same_day(one: Dated, other: Dated) -> bool:
    """As far as both are precise, each by its own clock."""
    return not _is_before(one, other) and not _is_before(other, one)


def _are_apart(one: Dated, other: Dated) -> bool:
    """By more than a day: one is what two clocks differ by."""
    days = day_of(one), day_of(other)
    if min(map(len, days)) < len("2026-03-04"):
        return not same_day(one, other)
    return abs(date.fromisoformat(days[0]) - date.fromisoformat(days[1])) > timedelta(days=1)


def _is_before(one: Dated, other: Dated) -> bool:
    days = day_of(one), day_of(other)
    precise = min(map(len, days))
    return days[0][:precise] < days[1][:precise]


def _meta_date(markup: Markup, names: Iterable[str], observed: datetime | None) -> Dated | None:
    for name in names:
        if found := _date(markup.meta.get(name, ()), "meta", observed):
            return found
    return None


def _date(values: Iterable[object], origin: str, observed: datetime | None) -> Dated | None:
    texts = (value for value in values if isinstance(value, str))
    return next((found for text in texts if (found := parse_date(text, origin, observed))), None)


def _agreed(values: Sequence[str], observed: datetime | None) -> Dated | None:
    """Of time elements without a hint of which is the article's, only an undisputed day counts."""
    found = [dated for value in values if (dated := parse_date(value, "time", observed))]
    return found[0] if found and len({day_of(dated) for dated in found}) == 1 else None
