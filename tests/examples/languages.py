"""How each example is made ready and called, as its README says."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.examples.runtimes import GO, NODE, Runtime

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
VECTORS = ROOT / "tests" / "data" / "vectors" / "offsets.json"
INSTALL_SECONDS = 280  # packages from their registries, on a machine that has other things to do


@dataclass(frozen=True)
class Language:
    """``folder`` of examples/; ``needs`` a runtime; ``install`` makes it ready in a copy of the folder."""

    name: str
    folder: str
    consume: tuple[str, ...]
    submit: tuple[str, ...]
    needs: Runtime | None = None
    install: tuple[str, ...] = ()
    test_spans: tuple[str, ...] = ()


AIOKAFKA = Language(
    "aiokafka",
    "python",
    (sys.executable, "aiokafka_consume.py"),
    (sys.executable, "aiokafka_submit.py"),
)
CONFLUENT = Language(
    "confluent",
    "python",
    (sys.executable, "confluent_consume.py"),
    (sys.executable, "confluent_submit.py"),
)
IN_NODE = Language(
    "node",
    "node",
    ("node", "consume.mjs"),
    ("node", "submit.mjs"),
    needs=NODE,
    install=("npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"),
    test_spans=("node", "--test", "--test-reporter=tap"),
)
IN_GO = Language(
    "go",
    "go",
    ("./bin/consume",),
    ("./bin/submit",),
    needs=GO,
    install=("go", "build", "-mod=readonly", "-o", "bin/", "./..."),
    test_spans=("go", "test", "-count=1", "-v", "."),
)
LANGUAGES = (AIOKAFKA, CONFLUENT, IN_NODE, IN_GO)


def made_ready(language: Language, place: Path) -> Path:
    """A copy of the example in ``place`` with what it needs installed; what a checkout holds beside it is left."""
    folder = place / language.folder
    if not folder.exists():
        left = shutil.ignore_patterns("node_modules", "bin", "__pycache__", "*.db")
        shutil.copytree(EXAMPLES / language.folder, folder, ignore=left)
        if language.install:
            _run(language.install, folder)
    return folder


def _run(command: tuple[str, ...], folder: Path) -> None:
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=INSTALL_SECONDS, check=False
    )
    assert done.returncode == 0, f"{' '.join(command)} failed:\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}"


def spans_tested(language: Language, folder: Path) -> str:
    """What the language's own test of the shared vectors says."""
    environ = os.environ | {"CLAIMSTREAM_VECTORS": str(VECTORS)}
    done = subprocess.run(
        language.test_spans, cwd=folder, env=environ, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
