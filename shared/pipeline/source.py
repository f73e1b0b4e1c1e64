"""A source: due rows of a database in, records out, then the rows are marked.

It leases with a fencing token, produces, awaits the acknowledgement, marks. A crash between the last two repeats
a record with the same ids. The runner calls :meth:`Source.step` for ever; a :class:`~shared.errors.DependencyAway`
that it raises backs off without limit and costs nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol, runtime_checkable

from shared.contracts.record import Outgoing


class Place(NamedTuple):
    """Where an acknowledged record stands in its topic."""

    partition: int
    offset: int


class Sender(Protocol):
    """Produces records; returns when every one is acknowledged."""

    async def send(self, records: Sequence[Outgoing]) -> None:
        """Raises :class:`~shared.errors.BrokerAway` (send again later: a repeat has the same ids) or
        :class:`~shared.errors.RecordTooLarge` before anything was sent."""

    async def send_transaction(self, records: Sequence[Outgoing]) -> Sequence[Place | None] | None:
        """All or none, for readers of committed records; a second sender with the same id fences the first.

        The place of each record, None for one whose broker did not say; None where the transport keeps no offsets."""


class Source(Protocol):
    """``service`` and ``name`` as for a stage."""

    service: str
    name: str

    async def step(self, sender: Sender) -> float:
        """Do what is due now. Returns the seconds until it is worth asking again (0: at once)."""


@runtime_checkable
class Draining(Protocol):
    """A source whose steps leave work running beside them (the crawl: a page may take longer than a step)."""

    async def drain(self) -> None:
        """Called once after the last step, while the sender still works: end what is running."""
