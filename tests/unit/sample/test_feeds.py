"""What the sample site's feeds promise to a poller."""

import feedparser
import httpx
import pytest

from claimstream.sample import SampleSite

FORMATS = [("courier", "rss20"), ("ledger", "atom10"), ("dispatch", "rss20")]
ENTRIES = 4  # courier: four articles; ledger: three and a duplicate; dispatch: three and an offer


async def parsed(client: httpx.AsyncClient, url: str) -> feedparser.FeedParserDict:
    answer = await client.get(url)
    return feedparser.parse(answer.content, response_headers=dict(answer.headers))


@pytest.mark.parametrize(("outlet", "version"), FORMATS)
async def test_a_feed_is_well_formed_and_lists_urls_that_the_running_site_answers(
    site: SampleSite, client: httpx.AsyncClient, outlet: str, version: str
) -> None:
    feed = await parsed(client, site.feed_urls[outlet])
    assert (feed.bozo, feed.version, len(feed.entries)) == (False, version, ENTRIES)
    for entry in feed.entries:
        assert entry.link.startswith(site.base_urls[outlet] + "/")
        assert entry.id
        assert entry.updated
        assert (await client.get(entry.link)).status_code == 200


async def test_the_broken_feed_is_html_under_status_200(site: SampleSite, client: httpx.AsyncClient) -> None:
    answer = await client.get(site.feed_urls["broken"])
    feed = feedparser.parse(answer.content, response_headers=dict(answer.headers))
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert feed.bozo
    assert (feed.version, feed.entries) == ("", [])


async def test_an_edited_article_moves_its_entrys_updated_time_and_no_other(
    site: SampleSite, client: httpx.AsyncClient
) -> None:
    before = {entry.id: entry.updated for entry in (await parsed(client, site.feed_urls["courier"])).entries}
    site.advance()
    after = {entry.id: entry.updated for entry in (await parsed(client, site.feed_urls["courier"])).entries}
    assert before.keys() == after.keys()
    changed = [key for key in before if before[key] != after[key]]
    assert len(changed) == 1
    assert changed[0].endswith("school-meals-budget")


async def test_copies_stand_at_their_own_urls_with_their_own_text(client: httpx.AsyncClient) -> None:
    async with SampleSite(copies=3) as site:
        entries = [
            entry
            for outlet in site.base_urls
            for entry in (await parsed(client, site.feed_urls[outlet])).entries
        ]
        pages = {entry.link: (await client.get(entry.link)).text for entry in entries}
        copy = pages[site.url("courier", "/news/school-meals-budget-2")]
    articles_and_duplicates, offers = 11, 1
    assert len(entries) == len(pages) == 3 * articles_and_duplicates + offers
    assert "“No child in Tarnholm 2 will have to learn" in copy
    duplicates = 3
    assert len(set(pages.values())) == len(pages) - duplicates
