"""Prometheus' own programs, as Debian packages them: `apt-get install prometheus`. Without them these tests fail."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[3]
CONFIGURATION = ROOT / "deploy" / "prometheus"


def program(name: str) -> str:
    """The path of `prometheus` or `promtool`."""
    found = shutil.which(name)
    assert found, f"{name} is not on PATH; install Debian's package prometheus (its daemon is not needed)"
    return found


def promtool(*words: str) -> str:
    """What promtool says on standard output; its failure says why."""
    done = subprocess.run([program("promtool"), *words], capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, f"promtool {' '.join(words)}\n{done.stdout}\n{done.stderr}"
    return done.stdout
