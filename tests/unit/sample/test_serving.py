"""What the sample site promises to a crawler, and to a test that watches one."""

import asyncio
import os
import signal
import subprocess
import sys
from asyncio import StreamWriter

import httpx
import pytest

from claimstream.sample import Request, SampleSite, respond

EDITED = "/news/school-meals-budget"
LEFT_ALONE = "/news/ferry-inquiry-opens"


@pytest.mark.parametrize(
    ("outlet", "path"),
    [("courier", LEFT_ALONE), ("courier", "/feed.xml"), ("ledger", "/atom.xml"), ("dispatch", "/rss")],
)
async def test_a_client_with_the_current_copy_gets_304_without_a_body(
    site: SampleSite, client: httpx.AsyncClient, outlet: str, path: str
) -> None:
    whole = await client.get(site.url(outlet, path))
    conditions = [
        {"If-None-Match": whole.headers["etag"]},
        {"If-None-Match": '"another", ' + whole.headers["etag"]},
        {"If-Modified-Since": whole.headers["last-modified"]},
    ]
    for condition in conditions:
        answer = await client.get(site.url(outlet, path), headers=condition)
        assert (answer.status_code, answer.content) == (304, b"")
        assert answer.headers["etag"] == whole.headers["etag"]


@pytest.mark.parametrize(
    "condition",
    [
        {"If-None-Match": '"another"', "If-Modified-Since": "Fri, 01 Jan 2027 00:00:00 GMT"},
        {"If-Modified-Since": "Sat, 01 Jan 2000 00:00:00 GMT"},
        {"If-Modified-Since": "yesterday"},
    ],
)
async def test_a_condition_that_does_not_hold_gets_the_whole_page(
    site: SampleSite, client: httpx.AsyncClient, condition: dict[str, str]
) -> None:
    answer = await client.get(site.url("courier", LEFT_ALONE), headers=condition)
    assert answer.status_code == 200
    assert b"Lady Maren" in answer.content


async def test_an_edited_article_gets_a_new_etag_and_the_others_keep_theirs(
    site: SampleSite, client: httpx.AsyncClient
) -> None:
    tags = {
        path: (await client.get(site.url("courier", path))).headers["etag"] for path in (EDITED, LEFT_ALONE)
    }
    site.advance()
    edited = await client.get(site.url("courier", EDITED), headers={"If-None-Match": tags[EDITED]})
    left_alone = await client.get(
        site.url("courier", LEFT_ALONE), headers={"If-None-Match": tags[LEFT_ALONE]}
    )
    assert edited.status_code == 200
    assert "will ever again have to learn" in edited.text
    assert left_alone.status_code == 304


async def test_each_outlet_has_a_host_and_a_robots_txt_of_its_own(
    site: SampleSite, client: httpx.AsyncClient
) -> None:
    robots = {key: (await client.get(url + "/robots.txt")).text for key, url in site.base_urls.items()}
    assert len({httpx.URL(url).netloc for url in site.base_urls.values()}) == 3
    assert "Disallow: /drafts/" in robots["courier"]
    assert "Crawl-delay: 0\n" in robots["ledger"]
    assert len(set(robots.values())) == 3


async def test_the_dispatch_serves_windows_1252_and_says_so(
    site: SampleSite, client: httpx.AsyncClient
) -> None:
    answer = await client.get(site.url("dispatch", "/articles/vineyard-frost"))
    assert answer.headers["content-type"] == "text/html; charset=windows-1252"
    assert b"\x93I have walked every row" in answer.content
    assert "“I have walked every row" in answer.text


async def test_the_ledger_compresses_only_for_clients_that_accept_it(
    site: SampleSite, client: httpx.AsyncClient
) -> None:
    url = site.url("ledger", "/2025/11/dairy-recall")
    packed = await client.get(url, headers={"Accept-Encoding": "gzip"})
    plain = await client.get(url, headers={"Accept-Encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.content == plain.content


async def test_what_the_site_does_not_have_is_404_and_what_it_does_not_do_405(
    site: SampleSite, client: httpx.AsyncClient
) -> None:
    assert (await client.get(site.url("courier", "/nowhere"))).status_code == 404
    assert (await client.post(site.url("courier", EDITED), content=b"x")).status_code == 405
    head = await client.head(site.url("courier", EDITED))
    assert (head.status_code, head.content) == (200, b"")
    assert int(head.headers["content-length"]) > 1000


async def test_what_is_no_request_gets_400(site: SampleSite) -> None:
    address = httpx.URL(site.base_urls["courier"])
    reader, writer = await asyncio.open_connection(address.host, address.port)
    writer.write(b"hello\r\n\r\n")
    assert (await reader.read()).startswith(b"HTTP/1.1 400 ")
    writer.close()
    await writer.wait_closed()


async def test_requests_are_recorded_in_order_with_their_times(
    site: SampleSite, client: httpx.AsyncClient
) -> None:
    await client.get(site.url("courier", EDITED), headers={"User-Agent": "test/1"})
    await client.get(site.url("ledger", "/atom.xml?page=2"))
    first, second = site.requests
    assert (first.outlet, first.method, first.path, first.status) == ("courier", "GET", EDITED, 200)
    assert first.host == httpx.URL(site.base_urls["courier"]).netloc.decode()
    assert first.headers["user-agent"] == "test/1"
    assert second.path == "/atom.xml?page=2"
    assert first.end is not None
    assert first.start <= first.end <= second.start


async def test_two_requests_to_one_host_at_a_time_are_seen_as_an_overlap(client: httpx.AsyncClient) -> None:
    async with SampleSite(delay=0.05) as site:
        await asyncio.gather(client.get(site.url("courier", "/")), client.get(site.url("ledger", "/")))
        await client.get(site.url("courier", "/"))
        assert site.overlaps() == []
        await asyncio.gather(
            client.get(site.url("courier", "/")), client.get(site.url("courier", "/feed.xml"))
        )
        assert [{first.outlet, second.outlet} for first, second in site.overlaps()] == [{"courier"}]


async def test_a_test_can_answer_a_path_itself_and_give_it_back(
    site: SampleSite, client: httpx.AsyncClient
) -> None:
    async def moved(request: Request, writer: StreamWriter) -> None:
        await respond(writer, 302, {"Location": request.path})

    site.add("courier", "/robots.txt", moved)
    answer = await client.get(site.url("courier", "/robots.txt"))
    assert (answer.status_code, answer.headers["location"]) == (302, "/robots.txt")
    site.remove("courier", "/robots.txt")
    assert (await client.get(site.url("courier", "/robots.txt"))).status_code == 200


async def test_a_request_that_the_client_gave_up_is_over_when_it_hangs_up(site: SampleSite) -> None:
    cancelled = asyncio.Event()

    async def trickle(request: Request, writer: StreamWriter) -> None:
        try:
            await respond(writer, 200, {"Content-Length": "1000"}, b"x")
            await asyncio.Event().wait()
        finally:
            cancelled.set()

    site.add("courier", "/trickle", trickle)
    async with httpx.AsyncClient(trust_env=False, timeout=0.1) as impatient:
        with pytest.raises(httpx.ReadTimeout):
            await impatient.get(site.url("courier", "/trickle"))
        await impatient.get(site.url("courier", EDITED))
    await asyncio.wait_for(cancelled.wait(), 5)
    assert [record.path for record in site.requests] == ["/trickle", EDITED]
    assert site.overlaps() == []


async def test_the_site_stops_while_an_answer_is_under_way(client: httpx.AsyncClient) -> None:
    asked = asyncio.Event()

    async def never(request: Request, writer: StreamWriter) -> None:
        asked.set()
        await asyncio.Event().wait()

    async with SampleSite() as site:
        site.add("courier", "/never", never)
        waiting = asyncio.create_task(client.get(site.url("courier", "/never")))
        await asyncio.wait_for(asked.wait(), 5)
    with pytest.raises(httpx.RemoteProtocolError):
        await waiting


async def test_a_port_in_use_is_an_error_and_leaves_nothing_open(site: SampleSite) -> None:
    taken = httpx.URL(site.base_urls["courier"]).port
    assert taken is not None
    with pytest.raises(OSError, match="in use"):
        async with SampleSite(port=taken):
            pass


def test_the_command_prints_the_feeds_and_ends_with_ctrl_c() -> None:
    command = [sys.executable, "-m", "claimstream.sample"]
    environment = {**os.environ, "PYTHONWARNINGS": "error"}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
    ) as serving:
        assert serving.stdout is not None
        assert serving.stderr is not None
        lines = [serving.stdout.readline().decode().split() for _ in range(4)]
        serving.send_signal(signal.SIGINT)
        assert (serving.wait(10), serving.stderr.read()) == (0, b"")
    assert [name for name, _ in lines] == ["courier", "ledger", "dispatch", "broken"]
    assert all(url.startswith("http://127.0.0.") for _, url in lines)
