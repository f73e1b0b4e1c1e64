"""One hop: what is asked, what comes back, and what is never asked."""

from __future__ import annotations

import pytest

from services.fetcher.http import (
    Code,
    Fetcher,
    FetchLimits,
    FetchRequest,
    HttpError,
    Kind,
    NotModified,
    Page,
    Redirect,
    Refused,
    Unreachable,
)
from services.fetcher.http.agent import user_agent
from shared.errors import ContactMissing
from tests.unit.fetcher.http.site import CONTACT, PAGE, FixedResolver, Get, MakeFetcher, Serve, http


async def test_a_page_comes_with_its_bytes_validators_and_the_address_that_sent_it(
    serve: Serve, get: Get
) -> None:
    site = await serve(
        http(PAGE, etag='W/"7"', last_modified="Mon, 01 Jun 2026 10:00:00 GMT", set_cookie="a=b")
    )
    outcome = await get(site.url("/a?b=c"))
    assert isinstance(outcome, Page)
    assert (outcome.status, outcome.body, outcome.peer, outcome.raw_bytes) == (
        200,
        PAGE,
        "127.0.0.1",
        len(PAGE),
    )
    assert (outcome.etag, outcome.last_modified) == ('W/"7"', "Mon, 01 Jun 2026 10:00:00 GMT")
    assert outcome.content_type == "text/html; charset=utf-8"
    assert "set-cookie" not in outcome.headers
    assert outcome.url == site.url("/a?b=c")
    assert site.requests[0].startswith(b"GET /a?b=c HTTP/1.1\r\n")


async def test_the_request_says_who_we_are_and_what_we_can_read(serve: Serve, get: Get) -> None:
    site = await serve(http())
    await get(site.url())
    assert site.header("user-agent") == f"claimstream/1 (+{CONTACT})"
    assert site.header("host") == f"127.0.0.1:{site.port}"
    assert site.header("accept-encoding") == "gzip, deflate, zstd"
    assert (site.header("accept") or "").startswith("text/html")
    assert site.header("if-none-match") is None


@pytest.mark.parametrize(
    "contact",
    [
        "",
        "  ",
        "me",
        "me at example.org",
        "a@b.example\r\nX: y",
        "http://",
        "é@ü.example",
        "news-desk@example.org",
        "mailto:you@Example.com",
        "https://www.example.net/crawler",
        "https://example.org",
    ],
)
def test_without_a_contact_a_site_can_use_no_fetcher_is_made(contact: str) -> None:
    with pytest.raises(ContactMissing) as missing:
        Fetcher(contact)
    assert missing.value.code == "contact-missing"
    assert "CLAIMSTREAM" in missing.value.hint


@pytest.mark.parametrize(
    "contact", ["desk@example.org.uk", "a@myexample.org", "https://news.test/example.org", "a@example.co"]
)
def test_an_address_that_only_looks_like_a_placeholder_is_taken(contact: str) -> None:
    assert contact in user_agent(contact)


async def test_a_conditional_request_sends_the_validators_back_byte_for_byte(
    serve: Serve, fetcher_for: MakeFetcher
) -> None:
    etag = '"caf\xe9"'
    site = await serve(http(b"", "304 Not Modified", content_length="", content_type="", etag=etag))
    outcome = await fetcher_for().get(FetchRequest(site.url(), etag=etag, last_modified="yesterday"))
    assert isinstance(outcome, NotModified)
    assert outcome.etag == etag
    assert b'If-None-Match: "caf\xe9"\r\n' in site.requests[0]
    assert site.header("if-modified-since") == "yesterday"


async def test_a_304_that_nobody_asked_for_is_an_error(serve: Serve, get: Get) -> None:
    site = await serve(http(b"", "304 Not Modified"))
    outcome = await get(site.url())
    assert isinstance(outcome, HttpError)
    assert outcome.code == Code.HTTP_UNEXPECTED


async def test_a_validator_that_is_no_header_value_makes_no_second_request(
    serve: Serve, fetcher_for: MakeFetcher
) -> None:
    site = await serve(http())
    outcome = await fetcher_for().get(FetchRequest(site.url(), etag='"a"\r\nHost: evil.example\r\n\r\n'))
    assert isinstance(outcome, Refused)
    assert outcome.code == Code.URL_INVALID
    assert site.requests == []


async def test_no_cookie_goes_back_to_the_host_that_set_it(serve: Serve, get: Get) -> None:
    site = await serve(http(set_cookie="who=you; Path=/"))
    await get(site.url())
    await get(site.url())
    assert len(site.requests) == 2
    assert site.header("cookie") is None


async def test_a_proxy_from_the_environment_is_passed_by(
    serve: Serve, fetcher_for: MakeFetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy, site = await serve(http(b"from the proxy")), await serve(http(b"from the site"))
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, proxy.url())
    outcome = await fetcher_for().get(FetchRequest(site.url()))
    assert isinstance(outcome, Page)
    assert outcome.body == b"from the site"
    assert proxy.requests == []


@pytest.mark.parametrize(
    ("status", "code", "retryable", "gone"),
    [
        ("404 Not Found", Code.HTTP_NOT_FOUND, False, True),
        ("410 Gone", Code.HTTP_GONE, False, True),
        ("403 Forbidden", Code.HTTP_FORBIDDEN, False, False),
        ("451 Unavailable For Legal Reasons", Code.HTTP_FORBIDDEN, False, False),
        ("418 Teapot", Code.HTTP_CLIENT_ERROR, False, False),
        ("429 Too Many Requests", Code.HTTP_TOO_MANY_REQUESTS, True, False),
        ("500 Oops", Code.HTTP_SERVER_ERROR, True, False),
        ("503 Busy", Code.HTTP_UNAVAILABLE, True, False),
        ("206 Partial Content", Code.HTTP_UNEXPECTED, False, False),
        ("300 Multiple Choices", Code.HTTP_UNEXPECTED, False, False),
        ("999 Denied", Code.HTTP_UNEXPECTED, True, False),
    ],
)
async def test_another_status_is_an_error_with_a_code(
    serve: Serve, get: Get, status: str, code: Code, retryable: bool, gone: bool
) -> None:
    site = await serve(http(status=status, retry_after="120"))
    outcome = await get(site.url())
    assert isinstance(outcome, HttpError)
    assert (outcome.code, outcome.retryable, outcome.is_gone) == (code, retryable, gone)
    assert outcome.retry_after == 120.0
    assert outcome.hint


async def test_a_redirect_is_returned_and_not_followed(serve: Serve, get: Get) -> None:
    site = await serve(http(b"", "301 Moved", location="/other#top"))
    outcome = await get(site.url("/here"))
    assert isinstance(outcome, Redirect)
    assert outcome.target == site.url("/other")
    assert outcome.permanent
    assert len(site.requests) == 1


async def test_a_redirect_to_an_internal_address_ends_at_the_next_hop(serve: Serve, get: Get) -> None:
    site = await serve(http(b"", "302 Found", location="http://169.254.169.254/latest/meta-data/"))
    first = await get(site.url())
    assert isinstance(first, Redirect)
    second = await get(first.target)
    assert isinstance(second, Refused)
    assert second.code == Code.ADDRESS_BLOCKED
    assert "metadata" in second.detail


@pytest.mark.parametrize(
    ("location", "code"),
    [
        ("file:///etc/passwd", Code.BAD_REDIRECT),
        ("javascript:alert(1)", Code.BAD_REDIRECT),
        ("http://user:secret@127.0.0.1/", Code.BAD_REDIRECT),
        ("http://[::1/", Code.BAD_REDIRECT),
        ("https://", Code.BAD_REDIRECT),
        ("/" + "a" * 3000, Code.BAD_REDIRECT),
        ("", Code.BAD_REDIRECT),
        ("/", Code.REDIRECT_LOOP),
        ("#", Code.REDIRECT_LOOP),
    ],
)
async def test_a_redirect_to_nowhere_has_a_code(serve: Serve, get: Get, location: str, code: Code) -> None:
    site = await serve(http(b"", "302 Found", location=location))
    outcome = await get(site.url("/"))
    assert isinstance(outcome, Refused)
    assert outcome.code == code


@pytest.mark.parametrize(
    "content_type", ["image/svg+xml", "video/mp4", "application/pdf", "application/json", "font/woff2"]
)
async def test_what_is_no_text_is_refused_before_its_body(serve: Serve, get: Get, content_type: str) -> None:
    site = await serve(http(b"", content_type=content_type, content_length="4000000"))
    outcome = await get(site.url())  # the body never comes: waiting for it would be a read timeout
    assert isinstance(outcome, Refused)
    assert outcome.code == Code.NOT_TEXT


@pytest.mark.parametrize(
    "content_type", ["", "text/plain", "application/xhtml+xml", "TEXT/HTML;charset=x", "application/xml"]
)
async def test_text_of_any_kind_is_read(serve: Serve, get: Get, content_type: str) -> None:
    assert isinstance(await get((await serve(http(content_type=content_type))).url()), Page)


async def test_a_feed_may_be_json(serve: Serve, fetcher_for: MakeFetcher) -> None:
    site = await serve(http(b"{}", content_type="application/feed+json"))
    assert isinstance(await fetcher_for().get(FetchRequest(site.url(), Kind.FEED)), Page)
    assert "atom" in (site.header("accept") or "")


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("ftp://news.example/a", Code.SCHEME),
        ("file:///etc/passwd", Code.SCHEME),
        ("gopher://127.0.0.1:25/x", Code.SCHEME),
        ("/relative", Code.SCHEME),
        ("http://", Code.URL_INVALID),
        ("http://[::1", Code.URL_INVALID),
        ("http://a\x00b/", Code.URL_INVALID),
        ("http://news.example:99999/", Code.URL_INVALID),
        ("http://news.example:0/", Code.URL_INVALID),
        ("http://news.example/" + "a" * 100_000, Code.URL_INVALID),
    ],
)
async def test_a_url_that_cannot_be_asked_for_is_refused_without_a_connection(
    fetcher_for: MakeFetcher, url: str, code: Code
) -> None:
    resolver = FixedResolver(["127.0.0.1"])
    outcome = await fetcher_for(resolver=resolver).get(FetchRequest(url))
    assert isinstance(outcome, Refused)
    assert outcome.code == code
    assert resolver.asked == []


async def test_a_host_that_refuses_connections_is_unreachable_and_worth_a_retry(
    serve: Serve, get: Get
) -> None:
    outcome = await get("http://127.0.0.1:9/")  # discard: nobody listens
    assert isinstance(outcome, Unreachable)
    assert (outcome.code, outcome.retryable, outcome.network_away) == (Code.CONNECT_FAILED, True, False)


async def test_limits_apply_to_each_kind_of_document(serve: Serve, fetcher_for: MakeFetcher) -> None:
    site = await serve(http(b"User-agent: *\nDisallow: /private"))
    fetcher = fetcher_for(limits=FetchLimits(deadline=5, page_bytes=20, robots_bytes=25))
    refused = await fetcher.get(FetchRequest(site.url()))
    assert isinstance(refused, Refused)
    cut = await fetcher.get(FetchRequest(site.url("/robots.txt"), Kind.ROBOTS))
    assert isinstance(cut, Page)
    assert cut.truncated
    assert cut.body == b"User-agent: *\nDisallow: /"
