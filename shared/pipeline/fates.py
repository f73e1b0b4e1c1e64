"""What a stage tells the account of a record that it rejected or gave up, by the visit that the envelope names."""

from __future__ import annotations

import re
from collections.abc import Sequence

from shared.clock import Clock, iso
from shared.contracts import codec
from shared.contracts.enums import Fate
from shared.contracts.envelope import Envelope
from shared.contracts.events import VisitFate
from shared.contracts.record import Outgoing, Record
from shared.pipeline.results import Dead, Reject
from shared.pipeline.stage import FateOf

# Anybody can write a header: what is no visit's id would only make a fate that nobody can read, or that no topic takes.
_VISIT_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def fates_of(service: str, clock: Clock) -> FateOf:
    """A ``fate`` function for the stages of ``service``. A record that names no visit has nobody to tell."""

    def fate(_record: Record, envelope: Envelope, verdict: Reject | Dead) -> Sequence[Outgoing]:
        visit = envelope.visit_id
        if visit is None or not _VISIT_ID.fullmatch(visit):
            return ()
        return (
            codec.fates(
                VisitFate(
                    visit_id=visit,
                    fate=Fate.REJECTED if isinstance(verdict, Reject) else Fate.DEAD,
                    code=verdict.code,
                    hint=verdict.hint,
                    service=service,
                    attempt=envelope.attempt,
                    at=iso(clock.now()),
                )
            ),
        )

    return fate
