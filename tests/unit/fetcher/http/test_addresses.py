"""The address rule, address by address."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.fetcher.http.addresses import AddressRule, embedded_ipv4, parse_literal
from shared.errors import SettingsInvalid

RULE = AddressRule()

CLOSED = {
    "127.0.0.1": "loopback",
    "127.255.255.254": "loopback",
    "0.0.0.0": "unspecified",
    "0.1.2.3": "unspecified",
    "10.0.0.1": "private",
    "172.16.0.1": "private",
    "172.31.255.255": "private",
    "192.168.1.1": "private",
    "100.64.0.1": "carrier-grade-nat",
    "100.100.100.200": "metadata",
    "169.254.169.254": "metadata",
    "169.254.170.2": "metadata",
    "168.63.129.16": "metadata",
    "169.254.0.1": "link-local",
    "192.0.0.192": "metadata",
    "192.0.0.8": "reserved",
    "192.0.2.1": "documentation",
    "198.51.100.7": "documentation",
    "203.0.113.7": "documentation",
    "198.18.0.1": "benchmarking",
    "224.0.0.1": "multicast",
    "239.255.255.250": "multicast",
    "240.0.0.1": "reserved",
    "255.255.255.255": "reserved",
    "::": "unspecified",
    "::1": "loopback",
    "fe80::1": "link-local",
    "fe80::1%2": "link-local",
    "fc00::1": "private",
    "fd00:ec2::254": "metadata",
    "fd20:ce::254": "metadata",
    "fd12:3456::1": "private",
    "fec0::1": "private",
    "ff02::1": "multicast",
    "2001:db8::1": "documentation",
    "3fff::1": "documentation",
    "2001::1": "reserved",
    "64:ff9b:1::a00:1": "private",
    "100::1": "reserved",
    "4000::1": "reserved",
    # other spellings of an IPv4 address
    "::ffff:127.0.0.1": "loopback",
    "::ffff:169.254.169.254": "metadata",
    "::ffff:10.0.0.1": "private",
    "::127.0.0.1": "loopback",
    "::ffff:0:127.0.0.1": "reserved",
    "2002:7f00:1::": "loopback",
    "2002:a9fe:a9fe::1": "metadata",
    "64:ff9b::7f00:1": "loopback",
    "64:ff9b::a9fe:a9fe": "metadata",
}


@pytest.mark.parametrize(("address", "reason"), CLOSED.items())
def test_an_address_that_is_not_public_is_closed_with_its_reason(address: str, reason: str) -> None:
    assert RULE.reason_closed(ip_address(address)) == reason


@pytest.mark.parametrize(
    "address",
    [
        "8.8.8.8",
        "172.32.0.1",
        "100.128.0.1",
        "192.0.9.1",
        "2606:4700::6810:1",
        "2a00:1450::1",
        "64:ff9b::808:808",
        "::ffff:8.8.8.8",
    ],
)
def test_a_public_address_is_open(address: str) -> None:
    assert RULE.reason_closed(ip_address(address)) is None


@given(st.ip_addresses(v=4))
@example(IPv4Address("169.254.169.254"))
def test_no_ipv4_address_is_open_that_the_standard_library_calls_local(address: IPv4Address) -> None:
    if RULE.reason_closed(address) is None:
        assert address.is_global
        assert not address.is_multicast


@given(st.ip_addresses(v=6))
def test_no_ipv6_address_is_open_that_the_standard_library_calls_local(address: IPv6Address) -> None:
    if RULE.reason_closed(address) is None:
        assert (embedded_ipv4(address) or address).is_global
        assert not address.is_multicast


@given(st.ip_addresses(v=4))
def test_every_spelling_of_an_ipv4_address_is_judged_alike(address: IPv4Address) -> None:
    number = int(address)
    spellings = [(0xFFFF << 32) | number, (0x64FF9B << 96) | number, (0x2002 << 112) | (number << 80)]
    for spelling in spellings:
        assert RULE.reason_closed(IPv6Address(spelling)) == RULE.reason_closed(address)


def test_an_allowed_network_is_open_and_its_neighbours_are_not() -> None:
    rule = AddressRule.allowing(["10.1.0.0/16", "fd00::/8"])
    assert rule.reason_closed(ip_address("10.1.2.3")) is None
    assert rule.reason_closed(ip_address("::ffff:10.1.2.3")) is None
    assert rule.reason_closed(ip_address("fd12::1")) is None
    assert rule.reason_closed(ip_address("10.2.0.1")) == "private"
    assert rule.reason_closed(ip_address("::1")) == "loopback"


@pytest.mark.parametrize("network", ["10.0.0.1/8", "intranet", "10.0.0.0/33", ""])
def test_an_allow_list_with_what_is_no_network_is_an_error(network: str) -> None:
    with pytest.raises(SettingsInvalid) as invalid:
        AddressRule.allowing([network])
    assert "ALLOW_NETWORKS" in invalid.value.hint


@pytest.mark.parametrize(
    ("host", "literal"),
    [("127.0.0.1", True), ("[::1]", True), ("::1", True), ("0x7f.1", False), ("a.example", False)],
)
def test_a_literal_is_told_from_a_name(host: str, literal: bool) -> None:
    assert (parse_literal(host) is not None) == literal
