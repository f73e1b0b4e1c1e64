"""From which URL an article's identity comes, and to which site it belongs.

A page may name another address for itself by rel=canonical. It is believed only within its own registrable domain
and never for a bare root: else any page could name another outlet's article and withdraw that outlet's claims, and
a site whose template names its home page everywhere would be one single article.
"""

from __future__ import annotations

import ipaddress
from functools import lru_cache
from urllib.parse import SplitResult, urljoin, urlsplit

from publicsuffixlist import PublicSuffixList

from shared.contracts.canonical import UrlRefused, canonical_url

# Bundled with the library, private suffixes included: two blogs on one hosting domain are two sites.
_SUFFIXES = PublicSuffixList(accept_unknown=True)


def article_url(final_url: str, rel_canonical: str | None) -> tuple[str, str | None]:
    """(URL of the article's identity, hint), both in canonical form: a redirect may lead to another spelling. The
    hint is a rel=canonical that does not count; one that nobody would fetch (another scheme, credentials, no URL at
    all) is no hint either."""
    own, final = _own(final_url)
    if not rel_canonical or not rel_canonical.strip():
        return own, None
    try:
        target = canonical_url(urljoin(final_url, rel_canonical.strip()))
    except (UrlRefused, ValueError):
        return own, None
    named = urlsplit(target)
    if target == own:
        return own, None
    if final is None or _owner(final) != _owner(named) or _is_root(named):
        return own, target
    return target, None


def site_of(url: str) -> str:
    """The registrable domain (``bbc.co.uk``); the host where there is none (an IP address, an intranet name), with
    its port unless that is the scheme's own; empty for what is on no host (``urn:sha256:…``)."""
    _, parts = _own(url)
    return _owner(parts) if parts is not None else ""


def _own(url: str) -> tuple[str, SplitResult | None]:
    """An http or https URL in canonical form, with its parts; what lies on no host as it is."""
    try:
        own = canonical_url(url)
    except UrlRefused:
        return url, None
    return own, urlsplit(own)


def _owner(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".")
    domain = _registrable(host)
    if domain:
        return domain
    host = f"[{host}]" if ":" in host else host
    return host if parts.port is None else f"{host}:{parts.port}"


@lru_cache(maxsize=4096)
def _registrable(host: str) -> str | None:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return _SUFFIXES.privatesuffix(host)
    return None


def _is_root(parts: SplitResult) -> bool:
    return parts.path in ("", "/") and not parts.query
