"""The canary: a synthetic article that goes through every service and whose claims reach nobody.

What a canary is, is decided here alone: it lies on ``canary.invalid``, a name that is nobody's (RFC 6761, 6.4). The
fetcher makes its page without asking any host, cleaner and extractor treat it like any other, the store decides
which topics its claims would go to, sends none of them, keeps none of its rows and says its fate.

Canaries take turns on a few URLs, so that the ids of their articles are known without looking anything up, and so
that within an hour they pass nearly every partition of a topic.
"""

from __future__ import annotations

from typing import Final

from shared.contracts import registry
from shared.contracts.canonical import host_key
from shared.contracts.encode import urls
from shared.contracts.events import UrlSubmitted
from shared.contracts.ids import article_id, event_id
from shared.contracts.record import Outgoing

CANARY_HOST: Final = "canary.invalid"
SLOTS: Final = 60  # one a minute: an hour passes until a URL comes again


def canary_url(slot: int) -> str:
    """The URL of a canary; slots repeat after :data:`SLOTS`."""
    return f"https://{CANARY_HOST}/{slot % SLOTS}"


_ARTICLES: Final = frozenset(article_id(canary_url(slot)) for slot in range(SLOTS))


def is_canary_url(canonical: str) -> bool:
    """Whether a canonical URL asks for a canary."""
    return host_key(canonical) == CANARY_HOST


def is_canary_article(article: str) -> bool:
    """Whether this is the article id of a canary."""
    return article in _ARTICLES


def canary_visit_id(key: str) -> str:
    """The visit id of a canary: none that the account gives out, and the same for the same ``key``."""
    return event_id("canary", key)


def canary_request(ref: str, time: str) -> Outgoing:
    """The submission that asks for one canary now; its outcome on `outcomes` carries ``ref``. ``time``: RFC 3339."""
    return urls(
        UrlSubmitted(url=f"https://{CANARY_HOST}/", ref=ref),
        id=event_id("canary-request", ref, time),
        source=registry.source_of("cli"),
        time=time,
    )
