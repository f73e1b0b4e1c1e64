"""The answers to submissions, as an operator sees them: by fate, with their claims, and how long they took."""

from __future__ import annotations

from services.fetcher import metrics
from services.fetcher.frontier.tables import visits
from shared.contracts.enums import Fate
from tests.integration.fetcher.loopback_site import LoopbackHost, Reply
from tests.integration.fetcher.rig import Rig, fate_of
from tests.integration.pipeline.harness import counted


async def test_an_answer_is_counted_with_its_claims_and_the_time_since_its_url_came_in(
    rig: Rig, site: LoopbackHost
) -> None:
    site.default = Reply()
    stored, rejected = (
        counted(metrics.fates, "stored", ""),
        counted(metrics.fates, "rejected", "not-an-article"),
    )
    seconds = metrics.visit_seconds.labels("stored")
    took, articles = seconds._sum.get(), metrics.article_claims._sum.get()

    await rig.submit({"url": site.url("/a")}, {"url": site.url("/b")})
    await rig.crawl_all()
    rig.now.seconds += 40
    first, second = [row.visit_id for row in await rig.rows(visits)]
    await rig.say(fate_of(first, Fate.STORED, article_id="a", version="v", claims=3))
    await rig.say(fate_of(second, Fate.REJECTED, code="not-an-article"))
    while await rig.outcomes.step(rig.broker) == 0.0:
        pass

    assert counted(metrics.fates, "stored", "") == stored + 1
    assert counted(metrics.fates, "rejected", "not-an-article") == rejected + 1
    assert 40 <= seconds._sum.get() - took < 60
    assert metrics.article_claims._sum.get() == articles + 3


async def test_a_second_answer_counts_as_an_answer_and_not_as_another_article(
    rig: Rig, site: LoopbackHost
) -> None:
    site.default = Reply()
    await rig.submit({"url": site.url("/a"), "ref": "1"})
    await rig.crawl_all()
    await rig.say(fate_of((await rig.visit()).visit_id, Fate.STORED, article_id="a", version="v", claims=2))
    await rig.outcomes.step(rig.broker)
    stored, articles = counted(metrics.fates, "stored", ""), metrics.article_claims._sum.get()

    await rig.submit({"url": site.url("/a"), "ref": "2"})
    await rig.outcomes.step(rig.broker)
    assert [one.revision for one in rig.broker.outcomes()] == [1, 2]
    assert counted(metrics.fates, "stored", "") == stored + 1
    assert metrics.article_claims._sum.get() == articles
