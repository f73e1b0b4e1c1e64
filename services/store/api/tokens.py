"""Who may ask: bearer tokens (RFC 6750)."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence

from services.store.api.refusals import TokenMissing, TokenUnknown


class Tokens:
    """The tokens that count. Kept and compared as digests, each of the same length and all of them every time, so
    that the time of an answer says nothing about any."""

    def __init__(self, accepted: Sequence[str]) -> None:
        self._digests = tuple(_digest(token.encode()) for token in accepted)

    def __bool__(self) -> bool:
        return bool(self._digests)

    def caller(self, authorization: bytes | None) -> str:
        """A name for who sent this header, which says nothing of the token. Raises TokenMissing, TokenUnknown."""
        scheme, _, given = (authorization or b"").strip().partition(b" ")
        if scheme.lower() != b"bearer" or not given.strip():
            raise TokenMissing("no bearer token was sent")
        digest = _digest(given.strip())
        known = [hmac.compare_digest(digest, one) for one in self._digests]
        if not any(known):
            raise TokenUnknown("this token is not known here")
        return f"token {known.index(True) + 1}"


def _digest(token: bytes) -> bytes:
    return hashlib.sha256(token).digest()
