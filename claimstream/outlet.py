"""Where the claims of a run go: to the terminal as they come, and to a file as JSON Lines."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import IO

from claimstream.claim_lines import claim_line
from shared.contracts.enums import Fate
from shared.contracts.events import ClaimChanged, UrlOutcome
from shared.contracts.record import Outgoing
from shared.errors import UsageError


class ClaimsOut:
    """Taps on `claims` and `outcomes`. A revision that the file holds already is not written again."""

    def __init__(self, path: Path | None, *, as_json: bool) -> None:
        self.last: str | None = None
        self.count = 0
        self._as_json = as_json
        self._seen: set[tuple[str, int, int]] = set()
        self._file: IO[str] | None = None
        if path is not None:
            try:
                self._seen = set(_revisions(path))
                self._file = path.open("a", encoding="utf-8")
            except OSError as error:
                raise UsageError(
                    f"cannot write {path}: {error.strerror}",
                    code="file-unwritable",
                    hint="Name another --out file.",
                ) from None

    async def claim(self, record: Outgoing) -> None:
        if record.value is None:
            return
        claim = ClaimChanged.model_validate_json(record.value)
        revision = (claim.claim_id, claim.epoch, claim.revision)
        if revision in self._seen:
            return
        self._seen.add(revision)
        self.last = claim.claim_id
        self.count += 1
        line = record.value.decode()
        if self._file is not None:
            self._file.write(line + "\n")
            self._file.flush()
        print(line if self._as_json else claim_line(claim), flush=True)

    async def outcome(self, record: Outgoing) -> None:
        outcome = UrlOutcome.model_validate_json(record.value or b"")
        if outcome.fate in (Fate.REJECTED, Fate.DEAD):
            print(
                f"! {outcome.fate.value:9} {outcome.url}  [{outcome.code}] {outcome.hint or ''}",
                file=sys.stderr,
            )

    def close(self) -> None:
        if self._file is not None:
            self._file.close()


def _revisions(path: Path) -> list[tuple[str, int, int]]:
    """What the file holds; raises UsageError for a file that is not one of ours, before anything is added to it."""
    if not path.exists():
        return []
    found = []
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            try:
                claim = json.loads(line)
                found.append((claim["claim_id"], claim["epoch"], claim["revision"]))
            except (ValueError, KeyError, TypeError):
                raise UsageError(
                    f"{path}: line {number} is no claim", code="not-our-file", hint="Name another --out file."
                ) from None
    return found
