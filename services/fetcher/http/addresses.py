"""Which addresses a page may be fetched from.

The threat: whoever submits a URL, owns a site or edits a feed chooses where we connect. Without this rule
they read through us what only we can reach: a cloud's metadata service with its credentials, a database's
port, an intranet. Checking the URL is not enough: a name may resolve to any address, and to another one at
the next question (DNS rebinding), so the rule is asked about the very address that is connected to
(`backend.py`), for every hop.

The table is our own and not ``ipaddress.is_global``: that one's answers differ between Python releases, and
it does not know the addresses at which clouds hide inside the public space.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from shared.errors import SettingsInvalid

_ALLOW_HINT = "CLAIMSTREAM_FETCHER_ALLOW_NETWORKS takes networks in CIDR form, such as 10.1.0.0/16,fd00::/8."

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# The first match names the reason, so the narrower network stands first.
# IANA special-purpose registries (RFC 6890) and what clouds added to them.
_CLOSED_V4: tuple[tuple[IPv4Network, str], ...] = tuple(
    (IPv4Network(network), reason)
    for network, reason in (
        ("169.254.169.254/32", "metadata"),  # AWS, Azure, Google, OpenStack, DigitalOcean
        ("169.254.170.2/32", "metadata"),  # AWS ECS task credentials
        ("168.63.129.16/32", "metadata"),  # Azure's wire server: it looks like a public address
        ("100.100.100.200/32", "metadata"),  # Alibaba Cloud
        ("192.0.0.192/32", "metadata"),  # Oracle Cloud
        ("0.0.0.0/8", "unspecified"),  # 0.0.0.0 connects to the machine itself on Linux
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "carrier-grade-nat"),  # RFC 6598
        ("127.0.0.0/8", "loopback"),
        ("169.254.0.0/16", "link-local"),
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "reserved"),  # RFC 6890, protocol assignments
        ("192.0.2.0/24", "documentation"),
        ("192.88.99.0/24", "reserved"),  # RFC 7526, former 6to4 relays
        ("192.168.0.0/16", "private"),
        ("198.18.0.0/15", "benchmarking"),  # RFC 2544
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved"),  # with 255.255.255.255, broadcast
    )
)
_CLOSED_V6: tuple[tuple[IPv6Network, str], ...] = tuple(
    (IPv6Network(network), reason)
    for network, reason in (
        ("fd00:ec2::254/128", "metadata"),  # AWS
        ("fd20:ce::254/128", "metadata"),  # Google
        ("::/128", "unspecified"),
        ("::1/128", "loopback"),
        ("64:ff9b:1::/48", "private"),  # RFC 8215, NAT64 inside one network
        ("2001::/23", "reserved"),  # RFC 2928, with Teredo, which embeds an IPv4 address of somebody's choice
        ("2001:db8::/32", "documentation"),
        ("3fff::/20", "documentation"),  # RFC 9637
        ("fc00::/7", "private"),
        ("fe80::/10", "link-local"),
        ("fec0::/10", "private"),  # RFC 3879, former site-local
        ("ff00::/8", "multicast"),
    )
)
_GLOBAL_UNICAST = IPv6Network("2000::/3")  # everything else of IPv6 has not been given out (RFC 4291)
_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052: the last 32 bits are the IPv4 address that is reached
_IPV4_COMPATIBLE = IPv6Network("::/96")  # RFC 4291 2.5.5.1, deprecated, still understood by some stacks


def embedded_ipv4(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that a connection to ``address`` really ends at, or None.

    IPv4-mapped, IPv4-compatible, 6to4 (RFC 3056) and NAT64 addresses are other spellings of an IPv4
    address: ``::ffff:127.0.0.1`` is loopback, and a rule for IPv6 alone would let it through.
    """
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address in _NAT64 or (address in _IPV4_COMPATIBLE and int(address) > 1):
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return None


@dataclass(frozen=True)
class AddressRule:
    """Says of an address why it is closed to us.

    ``allowed`` opens networks that are closed otherwise: loopback in tests, the intranet of an
    operator who crawls it. It is asked first and about both spellings of an embedded address.
    """

    allowed: tuple[Network, ...] = ()

    @classmethod
    def allowing(cls, networks: Iterable[str]) -> AddressRule:
        """The rule with these networks open, in CIDR form. Raises SettingsInvalid for what is no network."""
        try:
            return cls(allowed=tuple(ip_network(network) for network in networks))
        except ValueError as failure:
            raise SettingsInvalid(f"The allow-list of networks: {failure}.", hint=_ALLOW_HINT) from failure

    def reason_closed(self, address: Address) -> str | None:
        """Why ``address`` may not be connected to, as a word for the log, or None where it may."""
        embedded = embedded_ipv4(address) if isinstance(address, IPv6Address) else None
        if self._is_allowed(address) or (embedded is not None and self._is_allowed(embedded)):
            return None
        if embedded is not None:
            return _reason_v4(embedded)
        return _reason_v4(address) if isinstance(address, IPv4Address) else _reason_v6(address)

    def _is_allowed(self, address: Address) -> bool:
        return any(address.version == network.version and address in network for network in self.allowed)


def _reason_v4(address: IPv4Address) -> str | None:
    return next((reason for network, reason in _CLOSED_V4 if address in network), None)


def _reason_v6(address: IPv6Address) -> str | None:
    reason = next((reason for network, reason in _CLOSED_V6 if address in network), None)
    if reason is None and address not in _GLOBAL_UNICAST:
        return "reserved"
    return reason


def parse_literal(host: str) -> Address | None:
    """The address that ``host`` spells (brackets allowed), or None where it is a name.

    ``0x7f.1`` and ``2130706433`` are names here; the system's resolver reads them as 127.0.0.1, and the
    rule sees what it answers.
    """
    try:
        return ip_address(host.strip("[]"))
    except ValueError:
        return None
