"""Names: absent, silent, or our own network away."""

from __future__ import annotations

import asyncio
import errno
import socket
from ipaddress import ip_address

import httpcore
import pytest

from services.fetcher.http import (
    Code,
    FetchLimits,
    FetchRequest,
    NameNotFound,
    NameServerSilent,
    Page,
    SystemResolver,
    Unreachable,
    WitnessProbe,
)
from services.fetcher.http import network as network_module
from services.fetcher.http.addresses import Address
from shared.clock import ManualClock
from tests.unit.fetcher.http.site import FixedResolver, MakeFetcher, Serve, http


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
