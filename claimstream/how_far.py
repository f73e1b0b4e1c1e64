"""How far a run in one process is, and whether it can still go on."""

from __future__ import annotations

from dataclasses import dataclass, field

from services.fetcher.frontier.resume import Queue


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the run is; all counts are of the whole database. ``offline``: nothing is fetched, only files read."""

    visits: int
    open: int
    fates: dict[str, int]
    feeds_waiting: int
    busy: bool
    queue: Queue = field(default_factory=Queue)
    offline: bool = False

    @property
    def under_way(self) -> int:
        """Open visits that were sent on."""
        return self.open - self.queue.queued

    @property
    def done(self) -> bool:
        """Whether all that this run can end has its end."""
        left = self.under_way if self.offline else self.open
        return not self.busy and left == 0 and self.feeds_waiting == 0

    @property
    def stalled(self) -> bool:
        """Open visits, and nothing that could still end them."""
        return not self.busy and self.under_way > 0 and self.queue.queued == 0 and self.feeds_waiting == 0
