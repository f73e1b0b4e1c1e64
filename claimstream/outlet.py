"""Where the claims of a run go: to the terminal as they come, and to a file as JSON Lines."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO

from claimstream.claim_lines import claim_line
from shared.contracts.enums import Change, Fate
from shared.contracts.events import ClaimChanged, UrlOutcome
from shared.contracts.record import Outgoing
from shared.errors import UsageError

_OURS = b'{"kind":'  # how a claim's line begins


class ClaimsOut:
    """Taps on `claims` and `outcomes`. A revision that the file holds already is not written again.

    ``paths`` of the files that were read, by visit: an outcome names what the person named. ``before`` is called
    before a line is printed, to remove what is redrawn there.
    """

    def __init__(
        self,
        path: Path | None,
        *,
        as_json: bool,
        paths: Mapping[str, str],
        before: Callable[[], None] = lambda: None,
    ) -> None:
        self._paths = paths
        self._before = before
        self.last: str | None = None
        self.count = 0
        self._as_json = as_json
        self._seen: set[tuple[str, int, int]] = set()
        self._file: IO[str] | None = None
        if path is not None:
            try:
                self._seen = _revisions(path)
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
        if claim.change is not Change.WITHDRAWN:  # it is what a reader is told to have proved
            self.last = claim.claim_id
        self.count += 1
        line = record.value.decode()
        if self._file is not None:
            self._file.write(line + "\n")
            self._file.flush()
        self._before()
        print(line if self._as_json else claim_line(claim), flush=True)

    async def outcome(self, record: Outgoing) -> None:
        outcome = UrlOutcome.model_validate_json(record.value or b"")
        if outcome.fate in (Fate.REJECTED, Fate.DEAD):
            self._before()
            what = self._paths.get(outcome.visit_id, outcome.url)
            print(
                f"! {outcome.fate.value:9} {what}  [{outcome.code}] {outcome.hint or ''}",
                file=sys.stderr,
                flush=True,
            )

        elif outcome.fate is Fate.STORED and outcome.claims == 0:
            self._before()
            what = self._paths.get(outcome.visit_id, outcome.url)
            print(f"· no claims {what}", file=sys.stderr, flush=True)

    def close(self) -> None:
        if self._file is not None:
            self._file.close()


def _revisions(path: Path) -> set[tuple[str, int, int]]:
    """What the file holds; raises UsageError for a file that is not one of ours, before anything is added to it.

    A last line without an end was cut by a kill or a full disk: it is removed, and its claim comes again.
    """
    if not path.exists():
        return set()
    found = set()
    whole, size = 0, path.stat().st_size
    line = b"\n"
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            try:
                claim = json.loads(line)
                found.add((claim["claim_id"], claim["epoch"], claim["revision"]))
            except (ValueError, KeyError, TypeError):
                if not line.endswith(b"\n") and (found or line.startswith(_OURS)):
                    break
                raise UsageError(
                    f"{path}: line {number} is no claim", code="not-our-file", hint="Name another --out file."
                ) from None
            whole += len(line)
    if not line.endswith(b"\n"):
        with path.open("r+b") as file:
            cut = file.truncate(whole) < size
            file.seek(whole)
            file.write(b"" if cut else b"\n")
    return found
