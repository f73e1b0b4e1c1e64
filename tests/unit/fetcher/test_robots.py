"""robots.txt: which answer means what, and what a hostile file cannot do."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.fetcher.http import (
    Code,
    FetchOutcome,
    FetchRequest,
    HttpError,
    Kind,
    Page,
    Redirect,
    Refused,
    Unreachable,
)
from services.fetcher.robots import MAX_CRAWL_DELAY, RobotsAnswer, RobotsRules, fetch_robots, robots_url

SITE = "https://news.example"


def rules(text: str) -> RobotsRules:
    return RobotsRules(200, text.encode())


def test_our_own_group_counts_before_everybodys() -> None:
    file = rules(
        "User-agent: *\nDisallow: /\n\nUser-agent: ClaimStream\nDisallow: /private\nAllow: /private/open\n"
    )
    assert file.allowed(f"{SITE}/news/1")
    assert not file.allowed(f"{SITE}/private/1")
    assert file.allowed(f"{SITE}/private/open/1")


@pytest.mark.parametrize("agent", ["claimstream/1.0", "CLAIMSTREAM", "claimstream # us", "claimstream (bot)"])
def test_our_token_is_found_whatever_follows_it(agent: str) -> None:
    assert not rules(f"User-agent: {agent}\nDisallow: /").allowed(f"{SITE}/a")


@pytest.mark.parametrize(
    "agent", ["c", "claim", "claimstreamer", "claim-stream", "stream", "Googlebot", "GPTBot"]
)
def test_rules_for_somebody_else_are_not_ours(agent: str) -> None:
    assert rules(f"User-agent: {agent}\nDisallow: /\n").allowed(f"{SITE}/a")


def test_one_group_may_name_several_agents() -> None:
    file = rules(
        "User-agent: Otherbot\nUser-agent: claimstream\nUser-agent: Thirdbot\nDisallow: /a\nCrawl-delay: 7"
    )
    assert not file.allowed(f"{SITE}/a")
    assert file.crawl_delay() == 7.0


def test_wildcards_ends_and_escapes_follow_the_rfc() -> None:
    file = rules(
        "User-agent: *\nDisallow: /*.pdf$\nDisallow: /caf%C3%A9\nDisallow: /x?print=*\nAllow: /x?print=no\n"
    )
    assert not file.allowed(f"{SITE}/a/b.pdf")
    assert file.allowed(f"{SITE}/a/b.pdf?x")
    assert not file.allowed(f"{SITE}/café/1")
    assert not file.allowed(f"{SITE}/x?print=yes")
    assert file.allowed(f"{SITE}/x?print=no")
    assert file.allowed(f"{SITE}/robots.txt")


@pytest.mark.parametrize(
    ("text", "delay"),
    [
        ("Crawl-delay: 10", 10.0),
        ("Crawl-delay: 0.5", 0.5),
        ("Request-rate: 1/30", 30.0),
        ("Crawl-delay: 10\nRequest-rate: 1/30", 30.0),
        ("Crawl-delay: 99999999", MAX_CRAWL_DELAY),
        ("Request-rate: 1/" + "9" * 4000, MAX_CRAWL_DELAY),
        ("Request-rate: " + "9" * 4000 + "/1", 0.0),
        ("Crawl-delay: soon", None),
        ("Crawl-delay: nan", None),
        ("Crawl-delay: -1", None),
        ("Disallow:", None),
    ],
)
def test_the_longer_delay_counts_and_is_bounded(text: str, delay: float | None) -> None:
    assert rules(f"User-agent: *\n{text}\n").crawl_delay() == delay


@pytest.mark.parametrize(
    ("status", "allowed"),
    [
        (404, True),
        (401, True),
        (403, True),
        (410, True),
        (310, True),
        (429, False),
        (500, False),
        (503, False),
        (None, False),
    ],
)
def test_a_file_that_cannot_be_had_allows_everything_or_for_now_nothing(
    status: int | None, allowed: bool
) -> None:
    file = RobotsRules(status, b"User-agent: *\nDisallow: /a")
    assert file.allowed(f"{SITE}/a") == allowed
    assert file.crawl_delay() is None
    assert RobotsAnswer(status, b"", "").ttl == (86_400 if allowed else 600)


@pytest.mark.parametrize(
    "body",
    [b"", b"\xff\xfe\x00\x01", b"<html><body>Not found</body></html>", b"\x00" * 1000, b"\xef\xbb\xbf"],
)
def test_a_file_without_rules_allows_everything(body: bytes) -> None:
    assert RobotsRules(200, body).allowed(f"{SITE}/a")


def test_a_byte_order_mark_does_not_hide_the_first_line() -> None:
    assert not RobotsRules(200, b"\xef\xbb\xbfUser-agent: *\nDisallow: /").allowed(f"{SITE}/a")


@given(
    st.binary(max_size=400),
    st.sampled_from([b"", b"User-agent: *\n", b"User-agent: claimstream\nDisallow: "]),
)
def test_no_bytes_raise(body: bytes, head: bytes) -> None:
    file = RobotsRules(200, head + body)
    file.allowed(f"{SITE}/a?b#c")
    file.allowed("https://[broken")
    file.crawl_delay()


def test_thousands_of_agents_above_thousands_of_rules_cost_no_product() -> None:
    """Protego alone keeps each rule for each agent: half a billion of them fit into 500 KiB."""
    body = b"".join(b"User-agent: x%d\n" % n for n in range(14_000)) + b"Disallow: /ab\n" * 18_000
    assert 480_000 < len(body) < 512_000
    started = time.process_time()
    assert RobotsRules(200, body).allowed(f"{SITE}/ab")
    assert time.process_time() - started < 5


def test_scheme_host_and_port_decide_which_file_governs() -> None:
    assert robots_url("http://news.example:8080/a/b?c#d") == "http://news.example:8080/robots.txt"


def _scripted(*outcomes: FetchOutcome) -> tuple[Callable[[FetchRequest], Awaitable[FetchOutcome]], list[str]]:
    asked: list[str] = []
    left = list(outcomes)

    async def get(request: FetchRequest) -> FetchOutcome:
        assert request.kind is Kind.ROBOTS
        asked.append(request.url)
        return left.pop(0) if len(left) > 1 else left[0]

    return get, asked


def _page(body: bytes, *, truncated: bool = False) -> Page:
    return Page("u", 200, {}, body, "text/plain", None, None, "192.0.9.1", 0.1, len(body), truncated)


async def test_redirects_are_followed_to_the_file() -> None:
    target = "https://www.news.example/robots.txt"
    get, asked = _scripted(Redirect("u", 301, target, "p"), _page(b"User-agent: *\nDisallow: /"))
    answer = await fetch_robots(get, f"{SITE}/a")
    assert (answer.status, answer.body) == (200, b"User-agent: *\nDisallow: /")
    assert asked == [f"{SITE}/robots.txt", target]


async def test_after_five_redirects_there_is_no_file() -> None:
    get, asked = _scripted(Redirect("u", 302, f"{SITE}/robots.txt?again", "p"))
    answer = await fetch_robots(get, f"{SITE}/a")
    assert len(asked) == 6
    assert RobotsRules(answer.status, answer.body).allowed(f"{SITE}/a")


async def test_a_cut_file_ends_with_a_whole_rule() -> None:
    get, _ = _scripted(_page(b"User-agent: *\nDisallow: /private\nDisallow: /", truncated=True))
    answer = await fetch_robots(get, f"{SITE}/a")
    assert answer.body == b"User-agent: *\nDisallow: /private"
    assert RobotsRules(answer.status, answer.body).allowed(f"{SITE}/a")


@pytest.mark.parametrize(
    ("outcome", "allowed"),
    [
        (HttpError("u", 404, Code.HTTP_NOT_FOUND, None, "p"), True),
        (HttpError("u", 503, Code.HTTP_UNAVAILABLE, 60.0, "p"), False),
        (Unreachable("u", Code.CONNECT_TIMEOUT, ""), False),
        (Refused("u", Code.ADDRESS_BLOCKED, ""), False),
    ],
)
async def test_no_file_and_no_answer_are_told_apart(outcome: FetchOutcome, allowed: bool) -> None:
    get, _ = _scripted(outcome)
    answer = await fetch_robots(get, f"{SITE}/a")
    assert RobotsRules(answer.status, answer.body).allowed(f"{SITE}/a") == allowed
    assert answer.code == outcome.code
    assert not answer.network_away


async def test_our_own_outage_says_nothing_about_the_host() -> None:
    get, _ = _scripted(Unreachable("u", Code.NETWORK_AWAY, ""))
    assert (await fetch_robots(get, f"{SITE}/a")).network_away
