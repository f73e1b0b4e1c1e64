"""Revisions as records: on `claims`, and on the routes that hold them or that they leave. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from services.store.ledger.articles import LedgerClaim
from services.store.ledger.routes import Route, routing
from shared.contracts import codec
from shared.contracts.record import Outgoing

LAST = ("ce_last", b"true")


@dataclass(frozen=True)
class Dispatch:
    """``written``: the claims with the routes that hold them now, in the order of their revisions. ``values``: the
    bytes of each (claim id, epoch, revision), with its ``changed_at``. ``records``: what is to be sent, in order."""

    written: tuple[LedgerClaim, ...]
    values: dict[tuple[str, int, int], tuple[str, bytes]]
    records: tuple[Outgoing, ...]


def dispatch(
    claims: Sequence[LedgerClaim],
    written: Sequence[LedgerClaim],
    routes: Sequence[Route],
    visit_id: str | None,
) -> Dispatch:
    """``claims`` as they were, ``written`` as they became. The value on a route is the value on `claims`, byte for
    byte. The last record to each topic says so."""
    held = {claim.last.claim_id: claim.routes for claim in claims}
    settled: list[LedgerClaim] = []
    values: dict[tuple[str, int, int], tuple[str, bytes]] = {}
    records: list[Outgoing] = []
    for claim in written:
        last = claim.last
        ways = routing(routes, last, held.get(last.claim_id, ()))
        held[last.claim_id] = ways.remembered
        settled.append(replace(claim, routes=ways.remembered))
        value = codec.value_of(last)
        values[last.claim_id, last.epoch, last.revision] = (last.changed_at, value)
        records.append(codec.claims(last, visit_id=visit_id, value=value))
        records += [codec.claims(last, topic=r.topic, visit_id=visit_id, value=value) for r in ways.now]
        records += [
            codec.claims(last, topic=r.topic, cause=codec.CAUSE_LEFT_ROUTE, visit_id=visit_id, value=value)
            for r in ways.left
        ]
    final = {record.topic: index for index, record in enumerate(records)}
    for index in final.values():
        records[index] = replace(records[index], headers=[*records[index].headers, LAST])
    return Dispatch(tuple(settled), values, tuple(records))
