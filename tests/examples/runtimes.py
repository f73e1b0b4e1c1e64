"""The runtimes that the examples need beside Python, and whether this machine has them."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True)
class Runtime:
    """``least`` is the oldest version that the example's own files name."""

    name: str
    ask: tuple[str, ...]
    least: tuple[int, ...]

    def problem(self) -> str | None:
        """Why it cannot be used here; None if it can."""
        return _problem(self)


NODE = Runtime("node", ("node", "--version"), (20, 19, 4))
GO = Runtime("go", ("go", "version"), (1, 26))


@cache
def _problem(runtime: Runtime) -> str | None:
    least = ".".join(map(str, runtime.least))
    if shutil.which(runtime.name) is None:
        return f"there is no {runtime.name} on PATH; {least} or later is needed"
    said = subprocess.run(runtime.ask, capture_output=True, text=True, check=False).stdout
    found = re.search(r"(\d+(?:\.\d+)+)", said)
    if found is None or tuple(map(int, found[1].split("."))) < runtime.least:
        return f"{runtime.name} says {said.strip()!r}; {least} or later is needed"
    return None
