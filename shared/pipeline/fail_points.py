"""Fail points: places between producing, committing and marking where a test lets a process be killed.

``CLAIMSTREAM_FAIL_POINT=store.relay.after-produce:3`` ends the process by SIGKILL (no ``finally``, no flush, as a
power cut does) the third time that the relay has produced and not yet marked. Without the variable ``armed`` is None,
and a place costs one comparison.

A point is ``<service>.<stage or source>.<moment>``. The moments of a stage, in the order in which they come:

    before-produce   the handler has done its work in the database, nothing that it caused was produced
    after-produce    the broker has acknowledged all of it, no offset was committed
    after-commit     the offsets are committed, nothing was counted

and of a source:

    before-produce   rows were leased or read, nothing was produced
    before-commit    produced, the broker's transaction not yet committed (a transactional source alone)
    after-produce    acknowledged, the rows not yet marked (a heartbeat has none to mark)
    after-mark       marked
"""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping
from typing import NoReturn

from shared.errors import SettingsInvalid

VARIABLE = "CLAIMSTREAM_FAIL_POINT"
BEFORE_PRODUCE, BEFORE_COMMIT, AFTER_PRODUCE = "before-produce", "before-commit", "after-produce"
AFTER_COMMIT, AFTER_MARK = "after-commit", "after-mark"
STAGE_MOMENTS = (BEFORE_PRODUCE, AFTER_PRODUCE, AFTER_COMMIT)
SOURCE_MOMENTS = (BEFORE_PRODUCE, BEFORE_COMMIT, AFTER_PRODUCE, AFTER_MARK)
HINT = f"Say {VARIABLE}=store.relay.after-produce:3, or unset it: it is there for tests alone."


class FailPoint:
    """One point and how many times more it may be passed."""

    def __init__(self, name: str, times: int = 1) -> None:
        self.name = name
        self._left = times

    def reach(self, name: str) -> None:
        if name != self.name:
            return
        self._left -= 1
        if self._left <= 0:
            kill()


def kill() -> NoReturn:
    """End this process at once, as the kernel or a power cut does."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("a process outlives SIGKILL")


def parse(environ: Mapping[str, str]) -> FailPoint | None:
    """The fail point that the environment names. Raises SettingsInvalid."""
    said = environ.get(VARIABLE)
    if not said:
        return None
    name, _, times = said.partition(":")
    moment = name.rpartition(".")[2]
    if name.count(".") != 2 or moment not in (*STAGE_MOMENTS, *SOURCE_MOMENTS):
        raise SettingsInvalid(f"{VARIABLE}={said} names no fail point", hint=HINT)
    if times and not (times.isdecimal() and int(times) > 0):
        raise SettingsInvalid(f"{VARIABLE}={said}: {times!r} is no number of times", hint=HINT)
    return FailPoint(name, int(times or 1))


# Read where it is imported: a process has it from its first moment or never.
armed: FailPoint | None = None if VARIABLE not in os.environ else parse(os.environ)


def reach(name: str) -> None:
    """This point is reached; returns, unless it is the armed one and its time has come."""
    if armed is not None:
        armed.reach(name)
