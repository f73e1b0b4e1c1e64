"""How far an outbox is sent, said through the broker: nobody but its service may read its database, and yet the account
must know whether a fate that is missing may still lie there.

A mark is a committed offset of a group of the source's own (``<prefix>.store.relay``), on partition 0 of `fates`; the
offset is a time in milliseconds: all that was written into the outbox before it has been sent. No topic and no record
is needed for it, nobody reads the group, and a mark that nobody renews grows old by itself, like a group's lag.
"""

from __future__ import annotations

from typing import Protocol, runtime_checkable

# A sixth of what the account waits until it misses a fate is five minutes; this is far below.
MARK_SECONDS = 10.0


@runtime_checkable
class Marking(Protocol):
    """A sender whose broker can keep marks. That of one process has no need to."""

    async def mark(self, service: str, name: str, through_ms: int) -> None:
        """Raises :class:`~shared.errors.BrokerAway`."""
