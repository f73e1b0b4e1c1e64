"""Why a connection was not made. Raised below httpcore, read above httpx.

httpcore.ConnectError
├── AddressClosed     the name leads only to addresses that we do not connect to
├── NameUnknown       the name does not exist or has no address
├── NameSilent        no name server answers for it; ``ours`` if for no other name either
└── ConnectFailed     every address refused or is out of reach; ``ours`` if we have no route at all
"""

from __future__ import annotations

import httpcore


class AddressClosed(httpcore.ConnectError):
    """All addresses of the name are closed to us; the message names them and why."""


class NameUnknown(httpcore.ConnectError):
    """The name does not exist."""


class NameSilent(httpcore.ConnectError):
    """Nobody answers for the name."""

    def __init__(self, message: str, *, ours: bool) -> None:
        super().__init__(message)
        self.ours = ours


class ConnectFailed(httpcore.ConnectError):
    """None of the open addresses took the connection."""

    def __init__(self, message: str, *, ours: bool) -> None:
        super().__init__(message)
        self.ours = ours
