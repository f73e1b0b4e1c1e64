"""The records of tests/data/examples/claims.toml, each made of the committed example of a claim."""

from __future__ import annotations

import json
import tomllib
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shared.contracts.record import Outgoing
from shared.contracts.topics import CLAIMS
from tests.contract.committed import example

CASES = Path(__file__).parents[1] / "data" / "examples" / "claims.toml"


@dataclass(frozen=True)
class Case:
    """A record, whether its transaction is aborted, and the line that a consumer prints for it, if any."""

    record: Outgoing
    aborted: bool
    line: dict[str, Any] | None


def cases() -> list[Case]:
    return [_case(entry) for entry in tomllib.loads(CASES.read_text())["record"]]


def claim_id(letter: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"urn:example:{letter}"))


def _case(entry: dict[str, Any]) -> Case:
    identity = claim_id(entry["claim"])
    document = example("claim")
    place_by = str(document["placed_by"]).encode()
    if entry.get("erased"):
        record = Outgoing(CLAIMS, identity.encode(), None, (), place_by)
        return Case(record, False, {"claim_id": identity, "change": "erased"})
    value = document["value"] | {"claim_id": identity}
    value |= {name: entry[name] for name in ("epoch", "revision", "change")}
    if entry.get("later"):
        value |= {"kind": "something-of-tomorrow", "a_field_of_tomorrow": {"any": ["thing"]}}
    headers = document["headers"] | {"ce_id": f"{identity}:{entry['epoch']}:{entry['revision']}"}
    headers["ce_cause"] = entry.get("cause", headers["ce_cause"])
    record = Outgoing(
        CLAIMS,
        identity.encode(),
        json.dumps(value, ensure_ascii=False).encode(),
        tuple((name, text.encode()) for name, text in headers.items()),
        place_by,
    )
    line = {
        "claim_id": identity,
        "revision": [entry["epoch"], entry["revision"]],
        "change": entry.get("said"),
        "text": value["content"]["text"],
        "slices": None,
    }
    return Case(record, entry.get("aborted", False), line if "said" in entry else None)
