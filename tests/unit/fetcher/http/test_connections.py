"""The address is checked where the connection is made; a name is asked for once; TLS still sees the name."""

from __future__ import annotations

import socket
from ipaddress import ip_address

import httpcore
import httpx
import pytest

from services.fetcher.http import (
    Code,
    FetchRequest,
    Page,
    Refused,
    Unreachable,
)
from tests.unit.fetcher.http.site import FixedResolver, MakeFetcher, Serve, http


async def test_a_name_that_leads_to_this_machine_is_refused(serve: Serve, fetcher_for: MakeFetcher) -> None:
    site = await serve(http())
    outcome = await fetcher_for(allow=(), resolver=FixedResolver(["127.0.0.1", "::1"])).get(
        FetchRequest(site.url(host="innocent.example"))
    )
    assert isinstance(outcome, Refused)
    assert outcome.code == Code.ADDRESS_BLOCKED
    assert outcome.detail == "innocent.example leads to 127.0.0.1 (loopback), ::1 (loopback)"
    assert site.requests == []


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "0x7f.0.0.1",
        "2130706433",
        "127.1",
        "0",
    ],
)
async def test_every_spelling_of_this_machine_is_refused(
    serve: Serve, fetcher_for: MakeFetcher, host: str
) -> None:
    site = await serve(http())
    outcome = await fetcher_for(allow=()).get(FetchRequest(site.url(host=host)))
    assert isinstance(outcome, Refused)
    assert outcome.code == Code.ADDRESS_BLOCKED
    assert site.requests == []


async def test_a_resolver_that_answers_public_first_and_loopback_then_gains_nothing(
    serve: Serve, fetcher_for: MakeFetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DNS rebinding: the checker gets a public address, whoever asks again gets 127.0.0.1."""
    connected_to: list[str] = []

    async def refuse(backend: object, host: str, *rest: object) -> httpcore.AsyncNetworkStream:
        connected_to.append(host)
        raise httpcore.ConnectError("no packet leaves the test")

    monkeypatch.setattr(httpcore.AnyIOBackend, "connect_tcp", refuse)
    site = await serve(http(b"secret"))
    resolver = FixedResolver(["198.41.0.4"], ["127.0.0.1"])
    fetcher = fetcher_for(allow=(), resolver=resolver)
    first = await fetcher.get(FetchRequest(site.url(host="rebind.example")))
    assert isinstance(first, Unreachable)
    assert resolver.asked == ["rebind.example"]  # once: what was checked is what was connected to
    assert connected_to == ["198.41.0.4"]
    second = await fetcher.get(FetchRequest(site.url(host="rebind.example")))
    assert isinstance(second, Refused)
    assert second.code == Code.ADDRESS_BLOCKED
    assert connected_to == ["198.41.0.4"]


async def test_plain_httpx_with_a_check_before_it_is_fooled_by_the_same_resolver(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Why the backend exists: checking the name first and fetching by name then reaches 127.0.0.1."""
    site = await serve(http(b"secret"))
    answers = ["198.41.0.4", "127.0.0.1"]

    def rebinding(host: str, port: int, *rest: object, **more: object) -> list[tuple[object, ...]]:
        address = answers.pop(0) if len(answers) > 1 else answers[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    checked = ip_address(str(socket.getaddrinfo("rebind.example", site.port)[0][4][0]))
    assert checked.is_global
    async with httpx.AsyncClient(trust_env=False) as client:
        response = await client.get(site.url(host="rebind.example"))
    assert response.content == b"secret"


async def test_of_several_addresses_only_the_open_ones_are_tried(
    serve: Serve, fetcher_for: MakeFetcher
) -> None:
    site = await serve(http())
    resolver = FixedResolver(["10.0.0.1", "::1", "127.0.0.1"])
    outcome = await fetcher_for(resolver=resolver).get(FetchRequest(site.url(host="news.example")))
    assert isinstance(outcome, Page)
    assert outcome.peer == "127.0.0.1"


async def test_the_next_address_is_tried_where_one_refuses(serve: Serve, fetcher_for: MakeFetcher) -> None:
    site = await serve(http())  # listens on 127.0.0.1 alone
    resolver = FixedResolver(["127.0.0.2", "::ffff:127.0.0.1"])
    outcome = await fetcher_for(resolver=resolver).get(FetchRequest(site.url(host="news.example")))
    assert isinstance(outcome, Page)
    assert outcome.peer == "127.0.0.1"


async def test_the_host_header_is_the_name_and_not_the_address(
    serve: Serve, fetcher_for: MakeFetcher
) -> None:
    site = await serve(http())
    await fetcher_for(resolver=FixedResolver(["127.0.0.1"])).get(FetchRequest(site.url(host="news.example")))
    assert site.header("host") == f"news.example:{site.port}"
