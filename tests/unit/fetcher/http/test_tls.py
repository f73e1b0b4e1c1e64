"""TLS: the name is verified although an address is connected to."""

from __future__ import annotations

import asyncio
import ssl

import pytest
import trustme

from services.fetcher.http import (
    Code,
    FetchLimits,
    FetchRequest,
    Page,
    Unreachable,
)
from tests.unit.fetcher.http.site import FixedResolver, MakeFetcher, Serve, http


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
