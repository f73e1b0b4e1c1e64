"""Words that several commands say to a person."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from shared.contracts.canonical import UrlRefused, canonical_url
from shared.errors import UsageError

SHOWN = 80  # characters of a URL in a message
SURROGATE = re.compile("[\ud800-\udfff]")  # how Python spells bytes of an argument that are no UTF-8


def here() -> str:
    """How this command was called, for the lines that say what to type next."""
    called = Path(sys.argv[0])
    if called.name == "__main__.py":
        return "python -m claimstream"
    if called.name != "claimstream":
        return "claimstream"
    try:
        return str(called.relative_to(Path.cwd())) if called.is_absolute() else str(called)
    except ValueError:
        return "claimstream"


def utf8(what: str, text: str) -> str:
    """``text`` as it is. Raises UsageError where it holds what no record and no database takes; ``what`` names it."""
    if SURROGATE.search(text):
        raise UsageError(
            f"{what} {ascii(text)[1:-1]} is not UTF-8",
            hint="Type it anew in a terminal with a UTF-8 locale. File names may be of any bytes.",
        )
    return text


def readable(name: str) -> str:
    """A file's name as a text that everybody can read; bytes that are no UTF-8 become U+FFFD."""
    return SURROGATE.sub("\ufffd", name)


def accepted(url: str) -> str:
    """The canonical form of a URL that a person gave. Raises UsageError with the refusal's code, naming the URL.

    A password does not reach the terminal.
    """
    try:
        return canonical_url(url)
    except UrlRefused as refused:
        shown = "a URL" if refused.code == "url-credentials" else ascii(url[:SHOWN])[1:-1]
        if len(url) > SHOWN:
            shown += "…"
        raise UsageError(f"{shown}: {refused.message}", code=refused.code, hint=refused.hint) from None
