"""The address is checked where the connection is made; a name is asked for once; TLS still sees the name."""

from __future__ import annotations

import asyncio
import errno
import socket
import ssl
from ipaddress import ip_address

import httpcore
import httpx
import pytest
import trustme

from services.fetcher.http import (
    Code,
    FetchLimits,
    FetchRequest,
    NameNotFound,
    NameServerSilent,
    Page,
    Refused,
    SystemResolver,
    Unreachable,
    WitnessProbe,
)
from services.fetcher.http import network as network_module
from services.fetcher.http.addresses import Address
from shared.clock import ManualClock
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


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def _server_tls(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context


def _client_tls(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


async def test_tls_names_and_verifies_the_host_although_the_address_is_connected_to(
    serve: Serve, fetcher_for: MakeFetcher, authority: trustme.CA
) -> None:
    tls = _server_tls(authority.issue_cert("news.example"))
    named: list[str | None] = []
    tls.sni_callback = lambda socket, name, context: named.append(name)
    site = await serve(http(), tls=tls)
    fetcher = fetcher_for(resolver=FixedResolver(["127.0.0.1"]), ssl_context=_client_tls(authority))
    outcome = await fetcher.get(FetchRequest(f"https://news.example:{site.port}/"))
    assert isinstance(outcome, Page)
    assert outcome.peer == "127.0.0.1"
    assert named == ["news.example"]


async def test_a_certificate_for_another_name_is_refused_for_good(
    serve: Serve, fetcher_for: MakeFetcher, authority: trustme.CA
) -> None:
    site = await serve(http(), tls=_server_tls(authority.issue_cert("other.example")))
    fetcher = fetcher_for(resolver=FixedResolver(["127.0.0.1"]), ssl_context=_client_tls(authority))
    outcome = await fetcher.get(FetchRequest(f"https://news.example:{site.port}/"))
    assert isinstance(outcome, Unreachable)
    assert (outcome.code, outcome.retryable) == (Code.TLS_CERTIFICATE, False)
    assert site.requests == []


async def test_a_certificate_of_an_unknown_authority_is_refused(
    serve: Serve, fetcher_for: MakeFetcher, authority: trustme.CA
) -> None:
    site = await serve(http(), tls=_server_tls(authority.issue_cert("news.example")))
    outcome = await fetcher_for(resolver=FixedResolver(["127.0.0.1"])).get(
        FetchRequest(f"https://news.example:{site.port}/")
    )
    assert isinstance(outcome, Unreachable)
    assert outcome.code == Code.TLS_CERTIFICATE


async def test_a_port_that_speaks_no_tls_is_a_tls_failure(serve: Serve, fetcher_for: MakeFetcher) -> None:
    async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        raise AssertionError("a TLS greeting has no HTTP head")

    site = await serve(plain)
    outcome = await fetcher_for(limits=FetchLimits(deadline=2, connect=0.5)).get(
        FetchRequest(f"https://127.0.0.1:{site.port}/")
    )
    assert isinstance(outcome, Unreachable)
    assert outcome.code in (Code.TLS_FAILED, Code.CONNECT_TIMEOUT)


async def test_a_name_that_does_not_exist_is_not_retried(fetcher_for: MakeFetcher) -> None:
    resolver = FixedResolver(NameNotFound("nowhere.example: Name or service not known"))
    outcome = await fetcher_for(resolver=resolver).get(FetchRequest("http://nowhere.example/"))
    assert isinstance(outcome, Unreachable)
    assert (outcome.code, outcome.retryable) == (Code.NAME_UNKNOWN, False)


class NamedResolver(FixedResolver):
    """Answers by name; silent about every other."""

    def __init__(self, **known: str) -> None:
        super().__init__([])
        self._known = {name.replace("_", "."): address for name, address in known.items()}

    async def resolve(self, host: str, port: int) -> list[Address]:
        self.asked.append(host)
        if host not in self._known:
            raise NameServerSilent(f"{host}: Temporary failure in name resolution")
        return [ip_address(self._known[host])]


async def test_a_dead_resolver_is_our_network_and_costs_the_host_nothing(fetcher_for: MakeFetcher) -> None:
    resolver = NamedResolver()
    outcome = await fetcher_for(resolver=resolver).get(FetchRequest("http://news.example/"))
    assert isinstance(outcome, Unreachable)
    assert (outcome.code, outcome.network_away) == (Code.NETWORK_AWAY, True)
    assert resolver.asked == ["news.example", "example.com"]


async def test_dead_name_servers_of_one_host_are_its_own_affair(
    serve: Serve, fetcher_for: MakeFetcher
) -> None:
    """glibc says EAI_AGAIN for both; a visit given back for ever would never have a fate."""
    site = await serve(http())
    resolver = NamedResolver(works_example="127.0.0.1")
    fetcher = fetcher_for(resolver=resolver)
    assert isinstance(await fetcher.get(FetchRequest(site.url(host="works.example"))), Page)
    outcome = await fetcher.get(FetchRequest("http://broken.example/"))
    assert isinstance(outcome, Unreachable)
    assert (outcome.code, outcome.network_away) == (Code.NAME_SERVER_SILENT, False)
    assert resolver.asked[-1] == "works.example"


async def test_the_witness_is_asked_once_for_a_burst_of_failures(fetcher_for: MakeFetcher) -> None:
    resolver, clock = NamedResolver(), ManualClock()
    fetcher = fetcher_for(resolver=resolver, probe=WitnessProbe(resolver, clock))
    await asyncio.gather(*(fetcher.get(FetchRequest(f"http://n{number}.example/")) for number in range(20)))
    assert resolver.asked.count("example.com") == 1
    clock.advance(6)
    await fetcher.get(FetchRequest("http://later.example/"))
    assert resolver.asked.count("example.com") == 2


@pytest.mark.parametrize(("has_route", "code"), [(False, Code.NETWORK_AWAY), (True, Code.CONNECT_FAILED)])
async def test_no_route_is_our_network_only_if_there_is_none_at_all(
    fetcher_for: MakeFetcher, monkeypatch: pytest.MonkeyPatch, has_route: bool, code: Code
) -> None:
    """An IPv6-only host is unreachable from an IPv4-only machine, and that is no outage of ours."""

    async def unreachable(*given: object, **more: object) -> httpcore.AsyncNetworkStream:
        try:
            raise OSError(errno.ENETUNREACH, "Network is unreachable")
        except OSError as failure:
            raise httpcore.ConnectError("all attempts failed") from failure

    monkeypatch.setattr(httpcore.AnyIOBackend, "connect_tcp", unreachable)
    monkeypatch.setattr(network_module, "_has_route", lambda family, target: has_route)
    outcome = await fetcher_for(resolver=FixedResolver(["2606:4700::1"])).get(
        FetchRequest("http://six.example/")
    )
    assert isinstance(outcome, Unreachable)
    assert outcome.code == code


async def test_a_resolver_without_an_answer_in_time_is_silent(fetcher_for: MakeFetcher) -> None:
    class Slow(FixedResolver):
        async def resolve(self, host: str, port: int) -> list[Address]:
            await asyncio.sleep(30 if host == "slow.example" else 0)
            return await super().resolve(host, port)

    fetcher = fetcher_for(resolver=Slow(["127.0.0.1"]), limits=FetchLimits(deadline=3, connect=0.1))
    outcome = await fetcher.get(FetchRequest("http://slow.example/"))
    assert isinstance(outcome, Unreachable)
    assert outcome.code == Code.NAME_SERVER_SILENT


async def test_the_system_resolver_answers_with_addresses_and_refuses_what_is_no_name() -> None:
    resolver = SystemResolver()
    try:
        assert ip_address("127.0.0.1") in await resolver.resolve("localhost", 80)
        for name in ("a" * 70 + ".example", "a..example", "x" * 300):
            with pytest.raises(NameNotFound):
                await resolver.resolve(name, 80)
    finally:
        await resolver.aclose()


@pytest.mark.parametrize(
    ("error", "raised"),
    [
        (socket.EAI_AGAIN, NameServerSilent),
        (socket.EAI_NONAME, NameNotFound),
        (socket.EAI_NODATA, NameNotFound),
    ],
)
async def test_the_system_resolver_tells_silence_from_absence(
    monkeypatch: pytest.MonkeyPatch, error: int, raised: type[Exception]
) -> None:
    def fail(*given: object, **more: object) -> None:
        raise socket.gaierror(error, "said the library")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    resolver = SystemResolver()
    try:
        with pytest.raises(raised):
            await resolver.resolve("news.example", 80)
    finally:
        await resolver.aclose()
