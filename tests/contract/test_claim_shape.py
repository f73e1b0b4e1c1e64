"""A claim has the shape that consumers were promised (``tests/data/claim-shape.json``), no field more or less."""

from __future__ import annotations

import json
from pathlib import Path

from shared.contracts import codec
from shared.contracts.events import ClaimChanged

SHAPE = (Path(__file__).resolve().parents[1] / "data" / "claim-shape.json").read_text(encoding="utf-8")


def test_the_promised_claim_is_written_exactly_as_promised() -> None:
    written = codec.value_of(ClaimChanged.model_validate_json(SHAPE))
    assert json.loads(written) == json.loads(SHAPE)


def test_a_whole_number_is_written_as_one() -> None:
    written = codec.value_of(ClaimChanged.model_validate_json(SHAPE))
    assert b'"low":1000,' in written
    assert b"1000.0" not in written


def test_the_same_claim_has_the_same_bytes_after_any_number_of_readings() -> None:
    once = codec.value_of(ClaimChanged.model_validate_json(SHAPE))
    assert codec.value_of(ClaimChanged.model_validate_json(once)) == once
    assert b"\n" not in once
    assert b'": ' not in once
