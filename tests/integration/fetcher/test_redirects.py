"""Redirects: every hop needs its host's leave, and they end."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.fetcher.loopback_site import LoopbackHost, Reply
from tests.integration.fetcher.rig import Rig, rig_on


async def test_a_redirect_to_another_host_needs_that_hosts_leave(rig: Rig, site: LoopbackHost) -> None:
    async with LoopbackHost() as other:
        other.pages["/open"] = Reply(200, b"there")
        site.pages["/1"] = Reply(301, b"", (("Location", other.url("/open")),))
        site.pages["/2"] = Reply(302, b"", (("Location", other.url("/private/x")),))
        await rig.submit(site.url("/1"), site.url("/2"))
        await rig.crawl_all()
        (page,) = rig.broker.pages()
        assert (page.url, page.final_url) == (site.url("/1"), other.url("/open"))
        assert (await rig.visit(fate="rejected")).code == "robots-disallowed"
        assert other.paths() == ["/open"]


async def test_a_redirect_to_a_host_that_is_not_free_waits_for_its_turn(rig: Rig, site: LoopbackHost) -> None:
    async with LoopbackHost() as other:
        other.default = Reply(seconds=0.2)
        site.pages["/1"] = Reply(301, b"", (("Location", other.url("/end")),))
        lease = await rig.frontier.lease(other.host)
        assert lease is not None
        await rig.submit(site.url("/1"))
        await rig.crawl_until(lambda: site.paths() == ["/1"])
        for _ in range(5):
            await rig.crawl.step(rig.sender)
        waiting = await rig.visit()
        assert (waiting.state, waiting.host, waiting.next_url) == ("queued", other.host, other.url("/end"))
        assert other.asked == []
        await rig.frontier.release(lease, wait=0)
        await rig.crawl_all()
        assert [page.final_url for page in rig.broker.pages()] == [other.url("/end")]


@pytest.mark.parametrize(
    ("path", "code"), [("/loop", "redirect-loop"), ("/n0", "too-many-redirects"), ("/self", "redirect-loop")]
)
async def test_redirects_end(rig: Rig, site: LoopbackHost, path: str, code: str) -> None:
    site.pages |= {
        "/loop": Reply(302, b"", (("Location", "/pool"),)),
        "/pool": Reply(302, b"", (("Location", "/loop"),)),
        "/self": Reply(302, b"", (("Location", "/self"),)),
    }
    site.pages |= {f"/n{n}": Reply(302, b"", (("Location", f"/n{n + 1}"),)) for n in range(20)}
    await rig.submit(site.url(path))
    await rig.crawl_all()
    assert (await rig.visit()).code == code
    assert len(site.paths()) <= 11


async def test_a_redirect_to_an_internal_address_is_rejected_before_it_is_asked(
    engine: Any, site: LoopbackHost
) -> None:
    site.pages["/1"] = Reply(302, b"", (("Location", "http://169.254.169.254/latest/meta-data"),))
    async with rig_on(engine, allow=("127.0.0.0/8",)) as rig:
        await rig.submit(site.url("/1"))
        await rig.crawl_all()
        assert (await rig.visit()).code == "address-blocked"
