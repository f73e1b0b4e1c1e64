"""What a stage tells the account of a record that it rejected or gave up, by the visit that the envelope names."""

from __future__ import annotations

from collections.abc import Sequence

from shared.clock import Clock, iso
from shared.contracts import codec
from shared.contracts.enums import Fate
from shared.contracts.envelope import Envelope
from shared.contracts.events import VisitFate
from shared.contracts.record import Outgoing, Record
from shared.pipeline.results import Dead, Reject
from shared.pipeline.stage import FateOf


def fates_of(service: str, clock: Clock) -> FateOf:
    """A ``fate`` function for the stages of ``service``. A record that names no visit has nobody to tell."""

    def fate(_record: Record, envelope: Envelope, verdict: Reject | Dead) -> Sequence[Outgoing]:
        if envelope.visit_id is None:
            return ()
        return (
            codec.fates(
                VisitFate(
                    visit_id=envelope.visit_id,
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
