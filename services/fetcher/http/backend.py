"""Where connections are made, and so where addresses are checked.

The threat is DNS rebinding: a name that answers with a public address to whoever checks it, and with
127.0.0.1 to whoever connects a moment later. So the name is resolved once, the answer is checked, and the
connection goes to the checked *address*; nothing below asks for the name again. The name stays what TLS and
the Host header carry: httpcore takes both from the URL, not from here.
"""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv6Address

import anyio
import httpcore

from services.fetcher.http.addresses import Address, AddressRule, embedded_ipv4, parse_literal
from services.fetcher.http.faults import AddressClosed, ConnectFailed, NameSilent, NameUnknown
from services.fetcher.http.network import NetworkProbe
from services.fetcher.http.resolver import NO_ROUTE, NameNotFound, NameServerSilent, Resolver

# A news site behind a content network has two to eight addresses; the fifth will not do what four did not.
MAX_ADDRESSES_TRIED = 4


class CheckedBackend(httpcore.AsyncNetworkBackend):
    """httpcore's network backend over anyio, with the address rule between name and connection."""

    def __init__(self, rule: AddressRule, resolver: Resolver, probe: NetworkProbe) -> None:
        self._rule = rule
        self._resolver = resolver
        self._probe = probe
        self._anyio = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to an open address of ``host``; ``timeout`` seconds for names and all addresses together.

        Raises the errors of `faults.py`, or httpcore.ConnectTimeout.
        """
        addresses = self._open_only(host, await self._resolve(host, port, timeout))
        failures: list[OSError | httpcore.ConnectError | httpcore.ConnectTimeout] = []
        share = None if timeout is None else timeout / min(len(addresses), MAX_ADDRESSES_TRIED)
        for address in addresses[:MAX_ADDRESSES_TRIED]:
            try:
                return await self._anyio.connect_tcp(str(address), port, share, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as failure:
                failures.append(failure)
        if all(isinstance(failure, httpcore.ConnectTimeout) for failure in failures):
            raise httpcore.ConnectTimeout(f"{host} port {port}: no answer from {_spelled(addresses)}")
        ours = (
            all(_errno(failure) in NO_ROUTE for failure in failures) and await self._probe.routes_are_away()
        )
        raise ConnectFailed(f"{host} port {port}: {failures[-1]}", ours=ours) from failures[-1]

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        raise httpcore.UnsupportedProtocol("A page is never fetched from a socket in the file system.")

    async def sleep(self, seconds: float) -> None:
        await anyio.sleep(seconds)

    async def _resolve(self, host: str, port: int, timeout: float | None) -> list[Address]:
        literal = parse_literal(host)
        if literal is not None:
            return [literal]
        try:
            with anyio.fail_after(timeout):
                addresses = await self._resolver.resolve(host, port)
        except NameNotFound as failure:
            raise NameUnknown(str(failure)) from failure
        except (NameServerSilent, TimeoutError) as failure:
            ours = await self._probe.resolver_is_away(host)
            raise NameSilent(str(failure) or f"{host}: no answer in time", ours=ours) from failure
        self._probe.resolved(host)
        return addresses

    def _open_only(self, host: str, addresses: list[Address]) -> list[Address]:
        """What of ``addresses`` may be connected to, each as the address that the packets end at."""
        reasons = {address: self._rule.reason_closed(address) for address in addresses}
        usable = [_unmapped(address) for address, reason in reasons.items() if reason is None]
        if not usable:
            closed = ", ".join(f"{address} ({reason})" for address, reason in reasons.items())
            raise AddressClosed(f"{host} leads to {closed}")
        return list(dict.fromkeys(usable))


def _unmapped(address: Address) -> Address:
    """``::ffff:192.0.9.1`` is connected to as 192.0.9.1: what was judged is what is reached.

    NAT64 and 6to4 addresses stay: where they are in use, the IPv4 address cannot be reached directly.
    """
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return embedded_ipv4(address) or address
    return address


def _spelled(addresses: list[Address]) -> str:
    return ", ".join(str(address) for address in addresses[:MAX_ADDRESSES_TRIED])


def _errno(failure: BaseException) -> int | None:
    """The errno at the bottom of an error that anyio and httpcore wrapped (anyio may group several)."""
    cause: BaseException | None = failure
    while cause is not None:
        if isinstance(cause, BaseExceptionGroup):
            cause = cause.exceptions[-1]
        if isinstance(cause, OSError) and cause.errno is not None:
            return cause.errno
        cause = cause.__cause__ or cause.__context__
    return None
