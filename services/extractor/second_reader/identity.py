"""Under which name an extraction is stored that a second reader changed."""

from __future__ import annotations

import hashlib

from services.extractor.second_reader.prompt import DIGEST
from shared.contracts.parts import ExtractorIdentity

ABOVE = 4  # of the four that a release has without a second reader (identity.py)


def read_again(by: ExtractorIdentity, model: str) -> ExtractorIdentity:
    """The identity of the first reader with that of the second: the model as its endpoint calls it.

    Only what differs because of it is stored under this name. It ranks above the same release's without: an extraction
    that went out without, because the endpoint was away, is bettered by a redrive and never replaces one that has it.
    """
    digest = hashlib.sha256(f"{by.model} {model} {DIGEST}".encode()).hexdigest()
    return ExtractorIdentity(
        name=by.name,
        version=f"{by.version}+reader.{model}",
        sequence=by.sequence + ABOVE,
        model=f"sha256:{digest}",
    )
