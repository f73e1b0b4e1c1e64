"""What goes in during a chaos run: articles in editions, announced on all three ways in.

Each article holds one quotation that names its edition. A third of them is submitted to `urls`, a third to
`urls.bulk`, a third stands in a feed.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from sqlalchemy import select, update

from claimstream.sample import Request, SampleSite, respond
from services.fetcher.frontier.tables import feeds
from services.store import models
from shared.contracts import codec, ids, topics
from shared.contracts.canary import is_canary_article
from shared.contracts.events import UrlSubmitted
from shared.contracts.ids import article_id
from shared.contracts.record import Outgoing
from shared.database import read, write
from shared.errors import BrokerAway, DatabaseAway
from tests.e2e.site import Article, ScenarioSite
from tests.e2e.world import World

FEED_PATH = "/editions.xml"
FEED_HOME = "courier"
AGAIN_SECONDS = 0.5
# Nobody says anything in it: an article has the one claim of its quotation.
FILLER = (
    "The river has carried less water than in other years since the spring, and the gates of the dams stand open at "
    "night. The boats of the valley lie in the harbour below the bridge, three in a row, and the ferry runs twice a "
    "day instead of five times.",
    "The dams were built when the mills along the river needed water in the summer. Most of the mills are flats now, "
    "and the water goes to the fields between the villages. The road over the largest of the dams is the shortest way "
    "from the station to the market.",
)
WAYS = ("urls", "bulk", "feed")


class Press:
    """``size`` articles over all outlets of the site."""

    def __init__(self, site: SampleSite, size: int) -> None:
        self._pages = ScenarioSite(site, FILLER)
        self._site = site
        outlets = sorted(site.base_urls)
        self.paths = [f"{outlets[number % len(outlets)]}:/dam-{number}" for number in range(size)]
        self.edition = 0
        self.submitted = 0
        self._updated = datetime.now(UTC)
        site.add(FEED_HOME, FEED_PATH, self._feed)

    @property
    def feed_url(self) -> str:
        return self._site.url(FEED_HOME, FEED_PATH)

    def way(self, number: int) -> str:
        return WAYS[(number // len(self._site.base_urls)) % len(WAYS)]

    async def publish(self, world: World) -> None:
        """The next edition of every article: on the site first, then announced, however long that takes."""
        self.edition += 1
        for number, path in enumerate(self.paths):
            self._pages.publish(path, self._article(number))
        # Feeds know no finer time than a second; the edit has to be behind everything read so far.
        self._updated = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=1)
        await self._announce(world)
        await self._hurry_feed(world)

    async def check_newest_is_current(self, world: World) -> None:
        """The ledger's current text of each article is its last edition."""
        article, version = models.article.c, models.article_version.c
        current = (version.article_id == article.article_id) & (version.version == article.current_version)
        async with read(world.ledger) as connection:
            rows = await connection.execute(
                select(article.article_id, version.text).join_from(
                    models.article, models.article_version, current
                )
            )
            texts = {row.article_id: row.text for row in rows if not is_canary_article(row.article_id)}
        wanted = {article_id(self._pages.url(path)): number for number, path in enumerate(self.paths)}
        assert texts.keys() == wanted.keys()
        behind = [self.paths[n] for identity, n in wanted.items() if self._quote(n) not in texts[identity]]
        assert behind == [], f"not at edition {self.edition}"

    def _article(self, number: int) -> Article:
        return Article(f"Dam Number {number} to Be Closed", [self._quote(number)])

    def _quote(self, number: int) -> str:
        return (
            f"“Dam number {number} will have to be closed to all boats for {10 + self.edition} weeks,”"
            " said Lena Fisk."
        )

    async def _announce(self, world: World) -> None:
        records = [
            self._submission(number, path)
            for number, path in enumerate(self.paths)
            if self.way(number) != "feed"
        ]
        while True:
            try:
                await world.produce(*records)
            except BrokerAway:
                await asyncio.sleep(AGAIN_SECONDS)  # the same ids: what arrived already counts once
            else:
                self.submitted += len(records)
                return

    def _submission(self, number: int, path: str) -> Outgoing:
        one = codec.urls(
            UrlSubmitted(url=self._pages.url(path), ref=f"{number}/{self.edition}", force=True),
            id=ids.event_id("chaos", number, self.edition),
            source="/chaos",
            time=self._updated.isoformat(),
        )
        topic = topics.URLS_BULK if self.way(number) == "bulk" else topics.URLS
        return Outgoing(topic, one.key, one.value, one.headers)

    async def _hurry_feed(self, world: World) -> None:
        """The feed is due now; a poll that was killed does not hold it for its ten minutes."""
        while True:
            try:
                async with write(world.frontier) as connection:
                    await connection.execute(update(feeds).values(next_at=0, lease_until=0))
            except DatabaseAway:
                await asyncio.sleep(AGAIN_SECONDS)
            else:
                return

    async def _feed(self, _request: Request, writer: asyncio.StreamWriter) -> None:
        """Empty before the first edition: nobody is sent to a page that is not there yet."""
        stamp = self._updated.isoformat()
        entries = "".join(
            f"<entry><id>{path}</id><title>Dam</title><updated>{stamp}</updated>"
            f'<link href="{self._pages.url(path)}"/></entry>'
            for number, path in enumerate(self.paths)
            if self.edition and self.way(number) == "feed"
        )
        body = (
            '<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom">'
            f"<title>Editions</title><id>{self.feed_url}</id><updated>{stamp}</updated>{entries}</feed>"
        )
        await respond(writer, 200, {"Content-Type": "application/atom+xml"}, body.encode())
