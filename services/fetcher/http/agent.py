"""Who we say we are.

A site that minds us must be able to say so to a person: without a contact the fetcher does not start to
crawl (DESIGN.md, promise 5).
"""

from __future__ import annotations

import re

from shared.errors import ContactMissing

PRODUCT = "claimstream"
"""The product token: what a robots.txt names us by (RFC 9309 2.2.1)."""
BEHAVIOUR = "1"
"""Version of our manners, not of the release: sites keep rules about agents for years."""

# RFC 2606: nobody can have an address there, so one of these was copied from somebody's documentation.
_PLACEHOLDER = re.compile(r"(@|://|\.)example\.(com|net|org)(?![\w.-])", re.IGNORECASE)
_CONTACT = re.compile(r"(mailto:)?[^\s@<>();]+@[^\s@<>();]+\.[^\s@<>();]+|https?://[^\s<>();]+", re.ASCII)


def user_agent(contact: str) -> str:
    """The User-Agent header for ``contact``, a mail address or a page about the crawl.

    Raises ContactMissing for anything else, since a made-up one is none.
    """
    contact = contact.strip()
    if not contact:
        raise ContactMissing("The fetcher has no contact.")
    if not (contact.isascii() and contact.isprintable() and _CONTACT.fullmatch(contact)):
        raise ContactMissing(f"{contact[:100]!r} is neither a mail address nor an http(s) URL.")
    if _PLACEHOLDER.search(contact):
        raise ContactMissing(f"{contact[:100]!r} is a placeholder: it reaches nobody.")
    return f"{PRODUCT}/{BEHAVIOUR} (+{contact})"
